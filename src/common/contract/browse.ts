/** The grid of expressions: which ones, in what order, with which results. */
import { z } from 'zod';
import type { ImageBox } from '../geometry/types';
import { reviewState, type ReviewState } from './corrections';
import { call, id, shortText } from './define';
import type { MethodId } from './methods';

export const outcomes = ['right', 'wrong', 'missing'] as const;
export type Outcome = (typeof outcomes)[number];

/** A condition on one run's result; all conditions of a filter must hold. `right` is IoU ≥ 0.5. */
export const resultCondition = z.strictObject({
  runId: id,
  /** `missing`: the run holds no prediction for the expression yet. */
  outcome: z.enum(outcomes).optional(),
  iouFrom: z.number().min(0).max(1).optional(),
  iouTo: z.number().min(0).max(1).optional(),
});

export const browseFilter = z.strictObject({
  datasetId: id,
  /** Words that the expression must contain, in any order. */
  text: shortText.default(''),
  splits: z.array(shortText).max(50).default([]),
  kinds: z.array(shortText).max(200).default([]),
  categories: z.array(shortText).max(1_000).default([]),
  reviewStates: z.array(reviewState).default([]),
  failureLabels: z.array(shortText).max(50).default([]),
  corrected: z.boolean().nullable().default(null),
  results: z.array(resultCondition).max(16).default([]),
  /** Only expressions on which these runs do not agree (one right, another wrong). */
  disagreement: z.array(id).max(8).default([]),
});
export type BrowseFilter = z.output<typeof browseFilter>;
export type BrowseFilterInput = z.input<typeof browseFilter>;

export const browseSort = z.strictObject({
  by: z.enum(['dataset', 'text', 'length', 'iou', 'spread']).default('dataset'),
  /** For `iou`: whose. For `spread` (highest minus lowest IoU): ignored. */
  runId: id.nullable().default(null),
  descending: z.boolean().default(false),
});
export type BrowseSort = z.output<typeof browseSort>;

export const runIds = z.array(id).max(8);

export interface RowResult {
  runId: number;
  method: MethodId;
  box: ImageBox | null;
  iou: number;
}

export interface ExpressionRow {
  id: number;
  text: string;
  kind: string;
  split: string;
  imageId: number;
  imageWidth: number;
  imageHeight: number;
  referentId: number | null;
  category: string;
  groundTruth: ImageBox | null;
  corrected: boolean;
  reviewState: ReviewState;
  failureLabel: string | null;
  /** One entry for each asked run that has answered. */
  results: RowResult[];
}

export interface FacetCount {
  value: string;
  count: number;
}

export interface RunFacet {
  runId: number;
  right: number;
  wrong: number;
  missing: number;
  /** Counts in 20 bins of IoU; the last includes 1. */
  iouHistogram: number[];
}

/** Counts under the filter; each facet ignores its own condition, so that alternatives stay visible. */
export interface Facets {
  total: number;
  splits: FacetCount[];
  kinds: FacetCount[];
  categories: FacetCount[];
  reviewStates: FacetCount[];
  failureLabels: FacetCount[];
  corrected: number;
  disagreement: number;
  runs: RunFacet[];
}

export const browse = {
  /** All matching expressions in order. Next and previous are then an index away. */
  ids: call<{ ids: number[] }>()(
    z.strictObject({ filter: browseFilter, sort: browseSort.default(browseSort.parse({})) }),
  ),
  rows: call<ExpressionRow[]>()(z.strictObject({ ids: z.array(id).max(500), runIds })),
  facets: call<Facets>()(z.strictObject({ filter: browseFilter, runIds })),
};
