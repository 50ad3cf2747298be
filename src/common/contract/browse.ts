/** The grid of expressions: which ones, in what order, with which results. */
import { z } from 'zod';
import type { ImageBox } from '../geometry/types';
import { reviewState, type ReviewState } from './corrections';
import { call, id, nothing, shortText } from './define';
import { answerTypes, type AnswerType } from './error-types';
import { methodIds, type MethodId } from './methods';

export const outcomes = ['right', 'wrong', 'missing'] as const;
export type Outcome = (typeof outcomes)[number];

/** As many expressions as a filter can name one by one. */
export const mostNamedExpressions = 100_000;

/**
 * A condition on one run's result; all conditions of a filter must hold. `right` is IoU ≥ 0.5 or, where no referent is
 * meant, no answer.
 */
export const resultCondition = z.strictObject({
  runId: id,
  /** `missing`: the run holds no prediction for the expression yet. */
  outcome: z.enum(outcomes).optional(),
  /** One of these. */
  errors: z.array(z.enum(answerTypes)).max(answerTypes.length).optional(),
  iouFrom: z.number().min(0).max(1).optional(),
  iouTo: z.number().min(0).max(1).optional(),
  /** Whether the end itself is left out of the range. */
  openFrom: z.boolean().optional(),
  openTo: z.boolean().optional(),
});

export const browseFilter = z.strictObject({
  datasetId: id,
  /** Words (also their beginnings) and phrases in double quotes; all must occur. Case and accents do not count. */
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
  /** Number of words; both ends belong to the range. */
  lengthFrom: z.number().int().nonnegative().nullable().default(null),
  lengthTo: z.number().int().nonnegative().nullable().default(null),
  /** Imported attributes by name: one of these values as printed. */
  attributes: z.record(shortText, z.array(shortText).max(200)).default({}),
  /** Only these, such as the ones behind a number of an evaluation. null: any. */
  expressionIds: z.array(id).max(mostNamedExpressions).nullable().default(null),
});
export type BrowseFilter = z.output<typeof browseFilter>;
export type BrowseFilterInput = z.input<typeof browseFilter>;

export const sortFields = [
  'dataset',
  'text',
  'length',
  'iou',
  'spread',
  'kind',
  'category',
  'split',
  'review',
  'label',
] as const;

export const browseSort = z.strictObject({
  by: z.enum(sortFields).default('dataset'),
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
  /** null: there is no ground truth to compare with. */
  iou: number | null;
  type: AnswerType;
}

export interface ExpressionRow {
  id: number;
  text: string;
  kind: string;
  split: string;
  imageId: number;
  /** Relative to the dataset's folder. */
  imageFile: string;
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

export interface FacetCount<Value extends string = string> {
  value: Value;
  count: number;
}

export interface RunFacet {
  runId: number;
  right: number;
  wrong: number;
  missing: number;
  /** Counts in 20 bins of IoU; the last includes 1. */
  iouHistogram: number[];
  /** Types of the wrong answers, in the order of `answerTypes`; those that occur. */
  errors: FacetCount<AnswerType>[];
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
  asImported: number;
  disagreement: number;
  /** By number of words, ascending. */
  lengths: { words: number; count: number }[];
  runs: RunFacet[];
  /** Attributes with few enough values to choose from, by name; the most frequent values first. */
  attributes: { name: string; values: FacetCount[] }[];
}

/** An imported attribute over the whole dataset: how many different values it has, and the most frequent of them. */
export interface AttributeSummary {
  name: string;
  distinct: number;
  values: FacetCount[];
}

export const tableColumns = [
  'text',
  'kind',
  'category',
  'split',
  'length',
  'review',
  'label',
  'yolo-clip',
  'blip-sam',
  'risclip',
  'imported',
] as const;
export type TableColumn = (typeof tableColumns)[number];
export const tileSizes = ['small', 'medium', 'large'] as const;
export type TileSize = (typeof tileSizes)[number];
export const colourings = ['result', 'method'] as const;
export type ColourBy = (typeof colourings)[number];

/** All that a saved view keeps. Methods stand for the runs that are chosen when the view is shown. */
export const viewState = z.strictObject({
  /** In the query language (src/common/query). */
  query: shortText,
  /** The part of the filter that cannot be written as a query. */
  examples: z
    .strictObject({ label: shortText, expressionIds: z.array(id).max(mostNamedExpressions) })
    .nullable()
    .default(null),
  sorts: z
    .array(
      z.strictObject({
        by: z.enum(sortFields),
        method: z.enum(methodIds).nullable(),
        descending: z.boolean(),
      }),
    )
    .max(4),
  layout: z.enum(['grid', 'table']),
  columns: z.array(z.enum(tableColumns)),
  tileSize: z.enum(tileSizes),
  groupByImage: z.boolean(),
  colourBy: z.enum(colourings).default('result'),
});
export type ViewState = z.output<typeof viewState>;

export interface SavedView {
  id: number;
  name: string;
  state: ViewState;
  /** Browse starts with it. */
  isDefault: boolean;
}

const viewName = z.string().trim().min(1).max(100);

export const browse = {
  /**
   * All matching expressions in order. Next and previous are then an index away. `thenBy` decides between those
   * that `sort` finds equal. `groupByImage`: the expressions of an image follow each other, images in the order of
   * their first expression; the answer then also holds each expression's image. Typed arrays, because a million plain
   * numbers would hold up the window on their way.
   */
  ids: call<{ ids: Int32Array; imageIds?: Int32Array }>()(
    z.strictObject({
      filter: browseFilter,
      sort: browseSort.default(browseSort.parse({})),
      thenBy: z.array(browseSort).max(3).default([]),
      groupByImage: z.boolean().default(false),
    }),
  ),
  /** Which image each expression of a dataset is of, by ascending id: what lies beyond the rows that were read. */
  images: call<{ ids: Int32Array; imageIds: Int32Array }>()(z.strictObject({ datasetId: id })),
  rows: call<ExpressionRow[]>()(z.strictObject({ ids: z.array(id).max(500), runIds })),
  facets: call<Facets>()(z.strictObject({ filter: browseFilter, runIds })),
  /** Attributes with few enough values to choose from, by name. */
  attributes: call<AttributeSummary[]>()(z.strictObject({ datasetId: id })),
  /** By name. */
  views: call<SavedView[]>()(nothing),
  /** A new view, or with `viewId` that one's name and state anew. A name that is taken is a conflict. */
  saveView: call<SavedView>()(z.strictObject({ viewId: id.nullable(), name: viewName, state: viewState })),
  deleteView: call<null>()(z.strictObject({ viewId: id })),
  /** null: Browse starts with everything. */
  setDefaultView: call<null>()(z.strictObject({ viewId: id.nullable() })),
};
