/** In words, why a copy of onnxruntime has no such execution provider. */
import { providerNames, type ExecutionProvider } from '../../../common/contract';

const systemNames: Record<string, string> = { darwin: 'macOS', linux: 'Linux', win32: 'Windows' };

/** Where onnxruntime's copies for Node have each provider. */
const homes: Record<Exclude<ExecutionProvider, 'cpu'>, string> = {
  cuda: 'onnxruntime for Node has it on 64-bit Linux (x64) with an NVIDIA card',
  dml: 'it is part of Windows',
  coreml: 'it is part of macOS',
  webgpu: 'onnxruntime for Node has it on Windows, macOS and 64-bit Linux (x64)',
};

/**
 * Empty where the runtime offers the provider, which does not say yet that it works. `offered` are the names that the
 * runtime lists; platform and architecture are as Node names them.
 */
export function providerAbsence(
  provider: ExecutionProvider,
  offered: readonly string[],
  platform: string,
  architecture: string,
): string {
  if (provider === 'cpu' || offered.includes(provider)) return '';
  const here = `${systemNames[platform] ?? platform} (${architecture})`;
  return `this copy of onnxruntime has no ${providerNames[provider]}: ${homes[provider]}, and this is ${here}.`;
}

/** What onnxruntime's error says to a person: without the place in its sources and the condition that stand before. */
export function plainReason(error: string): string {
  const said = error.replace(/^.* was false\. /s, '').trim();
  return /[.!?]$/.test(said) ? said : `${said}.`;
}
