/** What an evaluation says beyond its main numbers, each part behind its own call: slices, errors, agreement, suspects. */
import { z } from 'zod';
import { call, id, shortText } from './define';
import {
  errorStages,
  errorTypes,
  localisationErrors,
  type ErrorStage,
  type ErrorType,
  type LocalisationError,
  type SuspectReason,
} from './error-types';
import {
  calibrationBins,
  evaluationOptions,
  type Estimate,
  type Evaluation,
  type EvaluationOptions,
} from './evaluation';
import type { MetricName } from './metrics';

/** What every expression can be sliced by; `attribute:<name>` is an imported attribute, `view:<id>` a saved view. */
export const sliceFields = [
  { id: 'kind', name: 'Kind of expression' },
  { id: 'category', name: 'Category' },
  { id: 'split', name: 'Split' },
  { id: 'length', name: 'Words' },
  { id: 'relation', name: 'Relation words' },
  { id: 'distractors', name: 'Other objects of the category' },
  { id: 'size', name: 'Size of the referent' },
  { id: 'position', name: 'Position in the picture' },
  { id: 'overlap', name: 'Covered by other boxes' },
  { id: 'review', name: 'Review state' },
  { id: 'label', name: 'Failure label' },
] as const;

export interface SliceField {
  /** One of sliceFields, `attribute:<name>`, or `view:<id>`. */
  id: string;
  name: string;
  /** Different values among the expressions that count. */
  values: number;
}

export interface SliceCell {
  /** Value of the first field, and of the second where there is one. */
  values: string[];
  count: number;
  images: number;
  /** Fewer units than the minimum: shown, but in no test. */
  small: boolean;
  /** Mean probability that a guess among the objects of the right category is correct; null where unknown. */
  chance: number | null;
  /** In the order of the runs; null where a run has no such number. */
  runs: { runId: number; accuracy50: Estimate; meanIou: Estimate; maskMeanIou: Estimate | null }[];
  /** Acc@0.5 of A minus B on the same draws; Holm's correction is over the slices that are not small. */
  pairs: {
    runA: number;
    runB: number;
    difference: Estimate;
    pValue: number;
    correctedPValue: number | null;
  }[];
}

export interface Deviation {
  runId: number;
  field: string;
  value: string;
  /** "Kind of expression: relation" */
  name: string;
  count: number;
  accuracy50: number;
  /** Acc@0.5 of the slice minus that of all other expressions. */
  difference: number;
  /** Two-sided, by the spread between images, corrected by Holm for all slices of the run that were looked at. */
  correctedPValue: number;
}

export interface ErrorShare<Name extends string> {
  name: Name;
  count: number;
  share: number;
  /** Acc@0.5 were all of these right. */
  accuracyIfFixed: number;
}

export interface RunErrors {
  runId: number;
  /** Expressions that counted. */
  count: number;
  accuracy50: number;
  /** Exclusive; they add up to the count. */
  types: ErrorShare<ErrorType>[];
  /** Sub-kinds of poor localisation. */
  localisation: ErrorShare<LocalisationError>[];
  /** Of everything that is wrong; they add up to it. */
  stages: ErrorShare<ErrorStage>[];
  /** From each kind of expression to each type. */
  flows: { kind: string; type: ErrorType; count: number }[];
  /** From each type that is wrong to each stage. */
  stageFlows: { type: ErrorType; stage: ErrorStage; count: number }[];
}

export interface Agreement {
  count: number;
  /** For each set of runs, the expressions that exactly these get right; those that none does have an empty set. */
  sets: { runIds: number[]; count: number }[];
  /** Share that at least one run gets right: the ceiling of choosing among them. Wilson's interval. */
  oracle: Estimate;
  pairs: {
    runA: number;
    runB: number;
    both: number;
    onlyA: number;
    onlyB: number;
    neither: number;
    /** Share that either gets right, less that of the better one: what choosing between them could add. */
    complementary: number;
    /** Cohen's kappa of being right; 0: no more agreement than by chance. */
    kappa: number;
  }[];
  /** Over the attribute `pair`: expressions that differ in one word and mean another object. null without them. */
  consistency:
    { runId: number; pairs: number; allRight: Estimate; someRight: number; noneRight: number }[] | null;
}

/** An expression whose ground truth may be wrong. */
export interface Suspect {
  expressionId: number;
  text: string;
  /** Higher is more suspect. */
  suspicion: number;
  reasons: SuspectReason[];
  /** The object that the methods chose, or that has the same text; null where it is none of the annotated ones. */
  otherReferentId: number | null;
}

/** What single answers are measured by, for the examples behind a mark. */
export const exampleMeasures = [
  'iou',
  'giou',
  'centreInside',
  'maskIou',
  'boundaryF',
  'bestProposalIou',
  'pointInside',
  'energyInBox',
  'energyInMask',
  'mapAuc',
  /** 1 over the place of the first right proposal by similarity, and by the detector's score; 0 where none is. */
  'similarityRank',
  'scoreRank',
] as const;
export type ExampleMeasure = (typeof exampleMeasures)[number];

const field = shortText.min(1);
const share = z.number().min(0).max(1);

/** What the expressions behind a mark of a chart have in common. */
export const exampleCondition = z.discriminatedUnion('type', [
  /** A value of a field of sliceFields or of an attribute. */
  z.strictObject({ type: z.literal('slice'), field, value: shortText }),
  /** A measurement from `from` (included) to `to` (not included, except where it is the highest there is: 1). */
  z.strictObject({
    type: z.literal('between'),
    runId: id,
    measure: z.enum(exampleMeasures),
    from: z.number(),
    to: z.number(),
  }),
  /** Whether a measurement reaches a threshold, compared as the options say. */
  z.strictObject({
    type: z.literal('reaches'),
    runId: id,
    measure: z.enum(exampleMeasures),
    threshold: z.number(),
    reached: z.boolean(),
  }),
  /** An answer that is wrong in one way; null: in any. */
  z.strictObject({
    type: z.literal('error'),
    runId: id,
    error: z.enum(errorTypes).nullable().default(null),
    localisation: z.enum(localisationErrors).nullable().default(null),
    stage: z.enum(errorStages).nullable().default(null),
  }),
  /** Answers whose score is in one of the bins of calibration, from 0. */
  z.strictObject({
    type: z.literal('score-bin'),
    runId: id,
    bin: z
      .number()
      .int()
      .min(0)
      .max(calibrationBins - 1),
  }),
  /** The share of the answers that the run is surest of. */
  z.strictObject({ type: z.literal('surest'), runId: id, share }),
  /** Expressions that these runs get right and all others of the evaluation wrong. */
  z.strictObject({ type: z.literal('right-together'), runIds: z.array(id).max(100) }),
  /** Pairs by how many of their expressions the run gets right. */
  z.strictObject({ type: z.literal('pair'), runId: id, right: z.enum(['all', 'some', 'none']) }),
  /** Expressions without a referent: those that the run notices, or not. No other condition goes with it. */
  z.strictObject({ type: z.literal('absent'), runId: id, noticed: z.boolean() }),
]);
export type ExampleCondition = z.output<typeof exampleCondition>;
export type ExampleConditionInput = z.input<typeof exampleCondition>;

/** The same expressions as two runs answered them; each array is in the same order. */
export interface RunPoints {
  expressionIds: number[];
  a: number[];
  b: number[];
}

/** A share of expressions against both ground truths. */
export interface ShareEffect {
  original: number;
  now: number;
  /** By resampling images. */
  difference: Estimate;
}

/** The same runs on the same expressions against the corrected and against the imported ground truth. */
export interface CorrectionEffect {
  count: number;
  /** Among them, expressions whose ground truth differs: the box, or by the same answer's measurements the mask. */
  corrected: number;
  runs: { runId: number; metric: MetricName; original: number; now: number; difference: Estimate }[];
  /** Of each run the types and stages of errors that either ground truth makes. */
  errors: ((
    { runId: number; of: 'type'; name: ErrorType } | { runId: number; of: 'stage'; name: ErrorStage }
  ) &
    ShareEffect)[];
  agreement: {
    /** Expressions that at least one run gets right. */
    oracle: ShareEffect;
    /** Expressions that exactly these runs get right. */
    sets: ({ runIds: number[] } & ShareEffect)[];
  };
}

export interface SavedEvaluation {
  id: number;
  datasetId: number;
  name: string;
  note: string;
  /** With `saved` its own number where all that it was computed from is kept. */
  options: EvaluationOptions;
  revision: number;
  /** SHA-256 of the evaluation's numbers, without its time. */
  resultHash: string;
  author: string;
  /** ISO 8601. */
  savedAt: string;
}

/** What can be otherwise since an evaluation was saved, each counted in expressions but for `objects` (images). */
export const savedChangeKinds = [
  'added',
  'removed',
  'ground-truth',
  'objects',
  'texts',
  'kinds',
  'categories',
  'splits',
  'attributes',
  'review-states',
  'failure-labels',
  /** Those that a saved view shows and did not, or the other way round. */
  'view',
  'view-removed',
  /** Those that a run answers otherwise, no longer, or only now. */
  'answers',
  'run-removed',
] as const;
export type SavedChangeKind = (typeof savedChangeKinds)[number];

export interface SavedChange {
  kind: SavedChangeKind;
  count: number;
  /** The view or the run that it is about; empty: none. */
  about: string;
}

export interface OpenedEvaluation {
  saved: SavedEvaluation;
  /** As it was saved, to the last digit. */
  evaluation: Evaluation;
  /** Whether computing it from what was kept gives the same numbers; false where this workbench computes otherwise. */
  reproduced: boolean;
  /**
   * What has changed since, none of which enters its numbers. null: it is of a workbench that kept only numbers and
   * revision, so that its other parts are of today.
   */
  changes: SavedChange[] | null;
}

const conditions = z.array(exampleCondition).max(20);

export const evaluation = {
  compute: call<Evaluation>()(evaluationOptions, { work: 'evaluation' }),
  /** What the expressions of an evaluation can be sliced by. */
  fields: call<SliceField[]>()(evaluationOptions, { work: 'analysis' }),
  slices: call<SliceCell[]>()(
    z.strictObject({
      options: evaluationOptions,
      by: field,
      /** A second field: the cells of a cross of both. */
      and: field.nullable().default(null),
      /** Slices of fewer units are marked as small. */
      minimum: z.number().int().min(1).default(20),
    }),
    { work: 'analysis' },
  ),
  /** Slices whose Acc@0.5 differs most from that of all others, found by looking at every field. */
  deviations: call<Deviation[]>()(
    z.strictObject({ options: evaluationOptions, minimum: z.number().int().min(1).default(20) }),
    { work: 'analysis' },
  ),
  errors: call<RunErrors[]>()(evaluationOptions, { work: 'analysis' }),
  /** The expressions that meet all conditions, in the order of their ids: what a mark of a chart opens. */
  examples: call<{ ids: number[] }>()(z.strictObject({ options: evaluationOptions, where: conditions }), {
    work: 'analysis',
  }),
  /** IoUs of two runs, expression by expression; `maskIou` only where both have one. */
  points: call<RunPoints>()(
    z.strictObject({
      options: evaluationOptions,
      runA: id,
      runB: id,
      measure: z.enum(['iou', 'maskIou']).default('iou'),
    }),
    { work: 'analysis' },
  ),
  agreement: call<Agreement>()(evaluationOptions, { work: 'analysis' }),
  /** The most suspect first. */
  suspects: call<Suspect[]>()(
    z.strictObject({ options: evaluationOptions, limit: z.number().int().min(1).max(5_000).default(200) }),
    { work: 'analysis' },
  ),
  /** `where`: of the expressions that meet all conditions with the corrected ground truth. */
  correctionEffect: call<CorrectionEffect>()(
    z.strictObject({ ...evaluationOptions.shape, where: conditions.default([]) }),
    { work: 'analysis' },
  ),
  /** Keeps an evaluation with its numbers and all that they are computed from, as it is at this moment. */
  save: call<SavedEvaluation>()(
    z.strictObject({
      options: evaluationOptions,
      name: shortText.min(1),
      note: z.string().max(20_000).default(''),
    }),
    { work: 'save-evaluation' },
  ),
  /** Newest first. */
  saved: call<SavedEvaluation[]>()(z.strictObject({ datasetId: id })),
  open: call<OpenedEvaluation>()(z.strictObject({ id }), { work: 'open-evaluation' }),
  /** The saved evaluation's runs on its expressions, as it was all then (`original`) and as it is today (`now`). */
  sinceSaved: call<CorrectionEffect>()(z.strictObject({ id }), { work: 'analysis' }),
  remove: call<{ removed: boolean }>()(z.strictObject({ id })),
};
