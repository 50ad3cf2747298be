import { expect, it } from 'vitest';
import { plainReason, providerAbsence } from '../../../src/main/engine/models/provider-absence';

it.each([
  ['cuda', ['cpu', 'dml', 'webgpu'], 'win32', 'x64', /no CUDA.*64-bit Linux.*this is Windows \(x64\)/],
  ['dml', ['cpu', 'webgpu', 'cuda'], 'linux', 'x64', /no DirectML: it is part of Windows, and this is Linux/],
  ['coreml', ['cpu'], 'linux', 'arm64', /no CoreML: it is part of macOS, and this is Linux \(arm64\)/],
  ['webgpu', ['cpu'], 'linux', 'arm64', /no WebGPU/],
  ['cuda', ['cpu'], 'freebsd', 'x64', /this is freebsd/],
] as const)(
  '%s where the runtime offers %j on %s (%s)',
  (provider, offered, platform, architecture, said) => {
    expect(providerAbsence(provider, offered, platform, architecture)).toMatch(said);
  },
);

it('says nothing of what is offered, nor of the CPU', () => {
  expect(providerAbsence('cuda', ['cpu', 'cuda'], 'linux', 'x64')).toBe('');
  expect(providerAbsence('cpu', [], 'linux', 'x64')).toBe('');
});

it('tells what the runtime says without where in its sources it says it', () => {
  const thrown =
    '/onnxruntime_src/core/providers/webgpu/webgpu_context.cc:136 onnxruntime::webgpu::Initialize()::<lambda()> ' +
    'adapter_result.status == Success was false. Failed to get a WebGPU adapter: No supported adapters\n';
  expect(plainReason(thrown)).toBe('Failed to get a WebGPU adapter: No supported adapters.');
  expect(plainReason('CUDA driver version is insufficient.')).toBe('CUDA driver version is insufficient.');
});
