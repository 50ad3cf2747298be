/**
 * onnxruntime itself: loaded when first needed, and asked where it can run models. With session.ts the only file that
 * knows it.
 */
import { availableParallelism } from 'node:os';
import type * as OnnxRuntime from 'onnxruntime-node';
import type { InferenceSession } from 'onnxruntime-node';
import {
  executionProviders,
  providerNames,
  type ExecutionProvider,
  type ProviderStatus,
} from '../../../common/contract';
import { WorkbenchError } from '../../../common/errors';
import { plainReason, providerAbsence } from './provider-absence';

export interface RuntimeChoice {
  /** Threads inside one operator; 0: as many as there are cores. */
  readonly threads: number;
  readonly provider: ExecutionProvider;
}

let loadedRuntime: Promise<typeof OnnxRuntime> | null = null;

/** Loaded when first needed: opening the window does not wait for it. */
export function runtime(): Promise<typeof OnnxRuntime> {
  loadedRuntime ??= import('onnxruntime-node').then((loaded) => {
    // Whatever goes wrong comes as an exception too; on standard error it would only stand between results.
    loaded.env.logLevel = 'fatal';
    return loaded;
  });
  return loadedRuntime;
}

export async function runtimeVersion(): Promise<string> {
  const { env } = await runtime();
  return env.versions.node ?? env.versions.common;
}

export function threadsOf(choice: RuntimeChoice): number {
  return choice.threads > 0 ? choice.threads : availableParallelism();
}

/**
 * Makes a session on the provider alone. Where that cannot run the whole graph, onnxruntime itself places the rest on
 * the CPU: then `partly` is true, so that it can be said. Rejects where there is no session either way.
 */
export async function createPlaced<Session>(
  choice: RuntimeChoice,
  create: (options: InferenceSession.SessionOptions) => Promise<Session>,
): Promise<{ session: Session; partly: boolean }> {
  const options = sessionOptions(choice);
  if (choice.provider === 'cpu') return { session: await create(options), partly: false };
  try {
    return { session: await create(withoutCpu(options)), partly: false };
  } catch {
    return { session: await create(options), partly: true };
  }
}

/** Fails instead of running operators on the CPU that the provider lacks. */
function withoutCpu(options: InferenceSession.SessionOptions): InferenceSession.SessionOptions {
  return {
    ...options,
    extra: { session: { intra_op: waiting, disable_cpu_ep_fallback: '1' } },
  };
}

/**
 * How a thread waits for the next operator's share. Asleep it would come late to each of hundreds of short operators;
 * awake for longer than this many microseconds, it would take the cores from decoding and from the rest of the machine.
 */
const waiting = { spin_duration_us: '20' };

/** Options of every session. */
export function sessionOptions(choice: RuntimeChoice): InferenceSession.SessionOptions {
  return {
    executionProviders: [choice.provider],
    intraOpNumThreads: threadsOf(choice),
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    logSeverityLevel: 4,
    extra: { session: { intra_op: waiting } },
  };
}

/** y = x·x of two by two float32, as an ONNX file. */
const trialGraph = Buffer.from(
  'CAgSADpAChEKAXgKAXgSAXkiBk1hdE11bBIBZ1oTCgF4Eg4KDAgBEggKAggCCgIIAmITCgF5Eg4KDAgBEggKAggCCgIIAkIECgAQDQ==',
  'base64',
);

/** Outcomes of trying, for as long as the process lives: a driver does not come or go meanwhile. */
const trials = new Map<ExecutionProvider, Promise<ProviderStatus>>();

/** Runs a small graph on the provider, once in a process; what comes out tells whether it can be used. */
export function tryProvider(provider: ExecutionProvider): Promise<ProviderStatus> {
  const known = trials.get(provider) ?? trial(provider);
  trials.set(provider, known);
  return known;
}

/** Every provider, with what is known of it without trying it. */
export function listProviders(): Promise<ProviderStatus[]> {
  return Promise.all(
    executionProviders.map(async (provider) => {
      const tried = trials.get(provider);
      if (tried) return tried;
      const reason = await absence(provider);
      return { provider, state: reason ? 'unavailable' : 'untried', reason };
    }),
  );
}

/** Throws `unsupported` with the reason where the provider cannot be used: nothing runs elsewhere instead. */
export async function requireProvider(provider: ExecutionProvider): Promise<void> {
  const { state, reason } = await tryProvider(provider);
  if (state !== 'available') throw providerRefused(provider, reason);
}

export function providerRefused(provider: ExecutionProvider, reason: string): WorkbenchError {
  return new WorkbenchError(
    'unsupported',
    `Models are set to run on ${providerNames[provider]}, which cannot be used: ${reason}`,
    'Choose the CPU on the Models screen, or with --provider cpu on the command line.',
  );
}

async function absence(provider: ExecutionProvider): Promise<string> {
  const { listSupportedBackends } = await runtime();
  const offered = listSupportedBackends().map(({ name }) => name);
  return providerAbsence(provider, offered, process.platform, process.arch);
}

async function trial(provider: ExecutionProvider): Promise<ProviderStatus> {
  const reason = (await absence(provider)) || (await failure(provider));
  return { provider, state: reason ? 'unavailable' : 'available', reason };
}

/** Why the small graph does not run; empty where it does. */
async function failure(provider: ExecutionProvider): Promise<string> {
  const { InferenceSession: SessionOf, Tensor, listSupportedBackends } = await runtime();
  try {
    const options = sessionOptions({ threads: 1, provider });
    const session = await SessionOf.create(trialGraph, provider === 'cpu' ? options : withoutCpu(options));
    try {
      const { y } = await session.run({ x: new Tensor('float32', [1, 2, 3, 4], [2, 2]) });
      const numbers = y?.data instanceof Float32Array ? [...y.data].join() : 'nothing';
      return numbers === '7,10,15,22' ? '' : `it computes ${numbers} instead of 7,10,15,22.`;
    } finally {
      await session.release();
    }
  } catch (error) {
    const words = plainReason(error instanceof Error ? error.message : String(error));
    const bundled = listSupportedBackends().some(({ name, bundled: own }) => name === provider && own);
    return bundled ? words : `its library, which is installed apart, could not be loaded (${words}).`;
  }
}
