/** Where models can run, and what is said of each such place. */
import { z } from 'zod';

/** As onnxruntime names them. */
export const executionProviders = ['cpu', 'cuda', 'dml', 'coreml', 'webgpu'] as const;
export const executionProvider = z.enum(executionProviders);
export type ExecutionProvider = z.output<typeof executionProvider>;

export const providerNames: Record<ExecutionProvider, string> = {
  cpu: 'CPU',
  cuda: 'CUDA',
  dml: 'DirectML',
  coreml: 'CoreML',
  webgpu: 'WebGPU',
};

export interface ProviderStatus {
  provider: ExecutionProvider;
  /**
   * `available`: a small graph ran on it in this session. `untried`: the runtime may have it, and trying it tells.
   * `unavailable`: this machine or this copy of the runtime does not have it, or it failed when it was tried.
   */
  state: 'available' | 'untried' | 'unavailable';
  /** Why it is unavailable, as a sentence; empty otherwise. */
  reason: string;
}
