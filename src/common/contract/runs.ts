import { z } from 'zod';
import { browseFilter } from './browse';
import type { ImportProblem } from './datasets';
import { call, filePath, id, shortText } from './define';
import { ownMethodId, type MethodId } from './methods';
import { variantName } from './models';

/** One method with one pack and settings over a set of expressions. */
export interface RunSummary {
  id: number;
  datasetId: number;
  method: MethodId;
  packId: string;
  packName: string;
  packVersion: string;
  /** Variant of the pack; where it changes a file of the method, the pack's name says it too. */
  variant: string;
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

/** The share of one of `count` machines: every `count`-th image of the dataset, from `index` on. */
export const shard = z
  .strictObject({ index: z.number().int().min(0), count: z.number().int().min(1).max(100_000) })
  .refine(({ index, count }) => index < count, 'the index must be below the count');
export type Shard = z.output<typeof shard>;

/** Which expressions: a filter (in dataset order, at most `limit`), or named ones; of these, one shard. */
export const runScope = z.strictObject({
  filter: browseFilter,
  expressionIds: z.array(id).max(1_000_000).nullable().default(null),
  limit: z.number().int().positive().nullable().default(null),
  shard: shard.nullable().default(null),
});
export type RunScope = z.output<typeof runScope>;

/** What became of a file of predictions. */
export interface PredictionsImport {
  runId: number;
  /** Expressions answered by the file. */
  answered: number;
  /** Answers that could not be taken, each with its reason; the first hundred. */
  rejected: ImportProblem[];
  rejectedCount: number;
}

export const predictionFormats = ['json', 'csv', 'coco'] as const;
export type PredictionFormat = (typeof predictionFormats)[number];

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
      /** Variant of the pack; null: the one that is used unless told otherwise. */
      variant: variantName.nullable().default(null),
      scope: runScope,
    }),
  ),
  /**
   * Takes what another method answered as a run of its own, so that it is browsed, inspected and evaluated like the
   * others. The same file under the same name fills the same run. docs/formats.md has the forms of the file.
   */
  importPredictions: call<PredictionsImport>()(
    z.strictObject({ datasetId: id, path: filePath, name: z.string().trim().min(1).max(200) }),
    { work: 'import-predictions' },
  ),
  /** Writes a run's answers to a new file that `importPredictions` takes; `coco`: COCO's results. */
  exportPredictions: call<{ path: string; predictions: number }>()(
    z.strictObject({ runId: id, path: filePath, format: z.enum(predictionFormats) }),
    { work: 'export-predictions' },
  ),
  /** Gives the note that was there before. */
  setNote: call<{ before: string }>()(z.strictObject({ runId: id, note: shortText })),
  /**
   * Starts a job that takes over what other workspaces answered on the same data. Throws nothing of what is wrong with
   * them: the job fails with it, and nothing is merged.
   */
  merge: call<{ jobId: number }>()(z.strictObject({ paths: z.array(filePath).min(1).max(10_000) })),
  remove: call<null>()(z.strictObject({ runId: id })),
};
