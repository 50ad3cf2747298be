import { z } from 'zod';
import { browseFilter } from './browse';
import { call, id, shortText } from './define';
import { ownMethodId, type MethodId } from './methods';

/** One method with one pack and settings over a set of expressions. */
export interface RunSummary {
  id: number;
  datasetId: number;
  method: MethodId;
  packId: string;
  packName: string;
  packVersion: string;
  /** SHA-256 over the hashes of the files the method uses and its settings. */
  packHash: string;
  settings: Record<string, unknown>;
  provider: string;
  versions: Record<string, string>;
  createdAt: string;
  predictions: number;
  /** Expressions on which the method failed with an error (not: found nothing). */
  failures: number;
  /** What a person wrote about the run; empty: nothing. */
  note: string;
}

/** Which expressions: a filter (in dataset order, at most `limit`), or named ones. */
export const runScope = z.strictObject({
  filter: browseFilter,
  expressionIds: z.array(id).max(1_000_000).nullable().default(null),
  limit: z.number().int().positive().nullable().default(null),
});
export type RunScope = z.output<typeof runScope>;

export const runs = {
  list: call<RunSummary[]>()(z.strictObject({ datasetId: id })),
  /**
   * Starts a job that predicts with each method. A run of the same method, pack and settings is continued:
   * expressions it has answered are skipped.
   */
  start: call<{ jobId: number; runIds: number[] }>()(
    z.strictObject({
      methods: z.array(ownMethodId).min(1),
      packId: z.string().max(200).nullable().default(null),
      scope: runScope,
    }),
  ),
  /** Gives the note that was there before. */
  setNote: call<{ before: string }>()(z.strictObject({ runId: id, note: shortText })),
  remove: call<null>()(z.strictObject({ runId: id })),
};
