import { z } from 'zod';
import { call, id, nothing } from './define';
import type { MethodId } from './methods';

export const jobStates = [
  'queued',
  'running',
  'paused',
  'done',
  'failed',
  'cancelled',
  'interrupted',
] as const;
export type JobState = (typeof jobStates)[number];

export interface Job {
  id: number;
  kind: 'predict' | 'import' | 'install' | 'merge' | 'probe';
  title: string;
  state: JobState;
  /** Items, or bytes of a job of kind `install`. */
  done: number;
  total: number;
  failed: number;
  /** Items a second over the last seconds; null before there is one. */
  rate: number | null;
  remainingSeconds: number | null;
  /** A sentence for the person: what is going on, or how it ended. */
  message: string;
  createdAt: string;
  endedAt: string | null;
  result: Record<string, unknown> | null;
  error: { kind: string; message: string; hint: string } | null;
  /** How often in a row the process ended during the job before anything of it was kept. */
  crashes?: number;
}

/** One thing that a job could not do. */
export interface JobFailure {
  expressionId: number;
  text: string;
  imageId: number;
  method: MethodId;
  kind: string;
  /** Why, in one sentence. */
  message: string;
}

export const jobs = {
  list: call<Job[]>()(nothing),
  cancel: call<null>()(z.strictObject({ jobId: id })),
  /** Stops where it is and keeps what was done; it waits for `resume`, also over a restart. */
  pause: call<null>()(z.strictObject({ jobId: id })),
  resume: call<null>()(z.strictObject({ jobId: id })),
  /** What failed and has not been answered since; the first thousand, and how many there are. */
  failures: call<{ count: number; failures: JobFailure[] }>()(z.strictObject({ jobId: id })),
  /** Forgets ended jobs; their results stay. */
  clear: call<null>()(nothing),
};
