/** What an evaluation says beyond its main numbers, each part behind its own call: slices, errors, agreement, suspects. */
import { z } from 'zod';
import { call, id, shortText } from './define';
import {
  errorStages,
  errorTypes,
  type ErrorStage,
  type ErrorType,
  type LocalisationError,
  type SuspectReason,
} from './error-types';
import { evaluationOptions, type Estimate, type Evaluation, type EvaluationOptions } from './evaluation';
import type { MetricName } from './metrics';

/** What every expression can be sliced by; `attribute:<name>` is an imported attribute. */
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
  /** One of sliceFields, or `attribute:<name>`. */
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

/** The same runs on the same expressions against the corrected and against the imported ground truth. */
export interface CorrectionEffect {
  count: number;
  /** Among them, expressions whose ground truth differs. */
  corrected: number;
  runs: { runId: number; metric: MetricName; original: number; now: number; difference: Estimate }[];
}

export interface SavedEvaluation {
  id: number;
  datasetId: number;
  name: string;
  note: string;
  options: EvaluationOptions;
  revision: number;
  /** SHA-256 of the evaluation without its time. */
  resultHash: string;
  author: string;
  /** ISO 8601. */
  savedAt: string;
}

export interface OpenedEvaluation {
  saved: SavedEvaluation;
  /** As it was saved, to the last digit. */
  evaluation: Evaluation;
  /** Whether computing it today gives the same numbers; false after new answers, edited texts or removed runs. */
  reproduced: boolean;
}

const field = shortText.min(1);

export const evaluation = {
  compute: call<Evaluation>()(evaluationOptions),
  /** What the expressions of an evaluation can be sliced by. */
  fields: call<SliceField[]>()(evaluationOptions),
  slices: call<SliceCell[]>()(
    z.strictObject({
      options: evaluationOptions,
      by: field,
      /** A second field: the cells of a cross of both. */
      and: field.nullable().default(null),
      /** Slices of fewer units are marked as small. */
      minimum: z.number().int().min(1).default(20),
    }),
  ),
  /** Slices whose Acc@0.5 differs most from that of all others, found by looking at every field. */
  deviations: call<Deviation[]>()(
    z.strictObject({ options: evaluationOptions, minimum: z.number().int().min(1).default(20) }),
  ),
  errors: call<RunErrors[]>()(evaluationOptions),
  /** Expressions that a run gets wrong in one way. */
  errorExamples: call<{ ids: number[] }>()(
    z.strictObject({
      options: evaluationOptions,
      runId: id,
      type: z.enum(errorTypes).nullable().default(null),
      stage: z.enum(errorStages).nullable().default(null),
    }),
  ),
  agreement: call<Agreement>()(evaluationOptions),
  /** The most suspect first. */
  suspects: call<Suspect[]>()(
    z.strictObject({ options: evaluationOptions, limit: z.number().int().min(1).max(5_000).default(200) }),
  ),
  correctionEffect: call<CorrectionEffect>()(evaluationOptions),
  /** Keeps an evaluation with its numbers, pinned to the ground truth of this moment. */
  save: call<SavedEvaluation>()(
    z.strictObject({
      options: evaluationOptions,
      name: shortText.min(1),
      note: z.string().max(20_000).default(''),
    }),
  ),
  /** Newest first. */
  saved: call<SavedEvaluation[]>()(z.strictObject({ datasetId: id })),
  open: call<OpenedEvaluation>()(z.strictObject({ id })),
  remove: call<{ removed: boolean }>()(z.strictObject({ id })),
};
