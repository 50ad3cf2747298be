import { expect, it } from 'vitest';
import { providerAbsence } from '../../../src/main/engine/models/provider-absence';

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
