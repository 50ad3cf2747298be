/** Evaluation and report: one object that the window shows, the report prints and the command line writes. */
import { z } from 'zod';
import { runIds } from './browse';
import { call, filePath, id, shortText } from './define';
import type { GeometrySource } from './corrections';
import type { ImageBox } from '../geometry/types';
import type { MethodId } from './methods';
import type { MetricName, Scores } from './metrics';

export const evaluationOptions = z.strictObject({
  runIds: runIds.min(1),
  /** null: all splits together. */
  split: shortText.nullable().default(null),
  /** `referent`, `image`: the mean over each one's expressions counts once. */
  unit: z.enum(['expression', 'referent', 'image']).default('expression'),
  /** How an IoU meets its threshold; published code differs. */
  comparator: z.enum(['>=', '>']).default('>='),
  /** `exclusive`: a box of width w is w pixels wide; `inclusive`: its last pixel belongs to it, so w + 1. */
  boxes: z.enum(['exclusive', 'inclusive']).default('exclusive'),
  /** `common`: expressions that every run has answered; `all`: a missing prediction counts as IoU 0. */
  coverage: z.enum(['common', 'all']).default('common'),
  groundTruth: z.enum(['corrected', 'original']).default('corrected'),
  /** Pins the ground truth to a revision; null: the newest. Ignored with `original`. */
  revision: z.number().int().nonnegative().nullable().default(null),
  /**
   * A saved evaluation: works on what that was computed from, as everything was then; runs, split, boxes and revision
   * are its own. null: on the workspace.
   */
  saved: id.nullable().default(null),
});
export type EvaluationOptions = z.output<typeof evaluationOptions>;

/** How a box convention is printed beside every number. */
export const boxConventions = { exclusive: 'no +1', inclusive: 'last pixel included (+1)' } as const;

export const maskThresholds = [0.5, 0.6, 0.7, 0.8, 0.9] as const;

/** A rate or mean with its 95% interval by resampling images. */
export interface Estimate {
  value: number;
  low: number;
  high: number;
}

export interface Metrics {
  /** Units counted (expressions, referents or images). */
  count: number;
  images: number;
  /** Expressions among them for which the method gave a box. */
  answered: number;
  accuracy50: Estimate;
  accuracy75: Estimate;
  meanIou: Estimate;
  /** Masks at the image's own resolution; null where the method or the ground truth has none. */
  maskCount: number;
  maskMeanIou: Estimate | null;
  /** Sum of intersections over sum of unions. */
  maskOverallIou: number | null;
  /** Share of masks with IoU ≥ each of maskThresholds. */
  maskPrecision: number[] | null;
  /** Share of expressions with a proposal of IoU ≥ 0.5 (YOLO+CLIP): the method's ceiling. */
  proposalRecall: number | null;
  /** Share of expressions whose map has its maximum inside the ground-truth box (methods with a map). */
  pointingAccuracy: number | null;
  /** Mean probability that a guess among the objects of the right category is correct; null where unknown. */
  chance: number | null;
}

export interface Slice {
  value: string;
  metrics: Metrics;
}

/** Bins of confidence, equally wide, from 0 to 1; each holds its upper end. */
export const calibrationBins = 15;

/** Per expression: whether the method's own confidence says when to trust it. */
export interface Confidence {
  /** Share of errors among the surest 5%, 10% … 100% of the answers; no answer is the least sure of all. */
  riskCoverage: { coverage: number; risk: number }[];
  /** Mean of the shares of errors among the 1, 2 … n surest answers. */
  aurc: number;
  /** Over 15 bins; null where a score is no probability. */
  calibrationError: number | null;
  /** The bins of it that hold answers: mean score, and how often such answers are right. null as it. */
  calibration: { bin: number; count: number; score: number; accuracy: number }[] | null;
}

/** Per expression: whether the method notices that the picture does not show what the expression names. */
export interface NoReferent {
  /** Expressions without a referent. */
  count: number;
  /** Of them, those that got no answer. */
  unanswered: number;
  /** 95% of the scores about present referents are at least this. */
  threshold: number;
  /** Share without an answer or with a score below the threshold; Wilson's interval. */
  detection: Estimate;
  /** How well the score tells present referents from absent ones. */
  auroc: number;
}

export interface RunEvaluation {
  runId: number;
  method: MethodId;
  packId: string;
  /** Of an imported run: what its method is called. */
  packName: string;
  packVersion: string;
  packHash: string;
  settings: Record<string, unknown>;
  provider: string;
  versions: Record<string, string>;
  overall: Metrics;
  byKind: Slice[];
  byCategory: Slice[];
  /** Counts in 20 bins of box IoU; the last includes 1. */
  iouHistogram: number[];
  /** Share of units with IoU ≥ t, for t = 0, 0.05 … 1. */
  accuracyCurve: { threshold: number; accuracy: number }[];
  /** Every metric that the run has, with its intervals. */
  scores: Scores;
  /** null where the method gives no scores. */
  confidence: Confidence | null;
  /** null where every expression has a referent. */
  noReferent: NoReferent | null;
}

export interface PairedDifference {
  runA: number;
  runB: number;
  /** accuracy50 of A minus B on the same images, with its 95% interval. */
  difference: Estimate;
  /** Units that only A, and only B, gets right. */
  onlyA: number;
  onlyB: number;
  /** Exact McNemar test, two-sided. */
  pValue: number;
  /** The same by Holm's correction for the number of pairs. */
  correctedPValue: number;
  /** The smallest true difference that so many images would show (95% interval) four times in five. */
  detectable: number;
  /** A minus B of other metrics, on the same draws. */
  further: { metric: MetricName; difference: Estimate }[];
}

export interface Evaluation {
  schema: 1;
  /** ISO 8601. */
  computedAt: string;
  dataset: { id: number; name: string; contentHash: string; split: string | null };
  protocol: {
    boxMatch: `IoU ${EvaluationOptions['comparator']} threshold, ${(typeof boxConventions)[EvaluationOptions['boxes']]}`;
    unit: EvaluationOptions['unit'];
    coverage: 'common' | 'all';
    groundTruth: 'corrected' | 'original';
    revision: number;
    corrections: number;
    interval: string;
  };
  workbench: { version: string; versions: Record<string, string> };
  runs: RunEvaluation[];
  pairs: PairedDifference[];
}

/**
 * `box`, `mask`: an object's geometry, its mask alone; `text`: of an expression; `object`: an expression means another
 * one, or none; `added`: an expression that was not imported.
 */
export const correctionKinds = ['box', 'mask', 'text', 'object', 'added'] as const;
export type CorrectionKind = (typeof correctionKinds)[number];

/** One difference between the ground truth that counts and the one that was imported. */
export interface CorrectionMade {
  kind: CorrectionKind;
  /** Key of the image in the dataset. */
  image: string;
  /** Key of the object that is meant now; null: none is. */
  referent: string | null;
  /** Keys of the expressions that it concerns, and how the first of them reads now. */
  expressions: string[];
  text: string;
  /** Of `text`: as it was imported; else null. */
  originalText: string | null;
  /** Pixels of the image, without any +1; null: there was or is none. */
  originalBox: ImageBox | null;
  correctedBox: ImageBox | null;
  /** Of the two boxes; null where one is missing. */
  iou: number | null;
  /** Of the two masks; null where one is missing. */
  maskIou: number | null;
  /** How the geometry came about; null for changes of anything else. */
  source: GeometrySource | null;
  /** Whose answer was accepted. */
  runId: number | null;
  /** Who said so, and when (ISO 8601); empty where that is not known. */
  author: string;
  savedAt: string;
  /** What was noted about the expressions. */
  note: string;
}

/** The report itself. */
export const reportDocuments = ['html', 'markdown', 'latex', 'csv', 'json'] as const;
/** The whole dataset with the ground truth of the report, annotations only; a new folder each. */
export const reportDatasets = ['dataset-jsonl', 'dataset-refer', 'dataset-mdetr', 'dataset-coco'] as const;
/** All that each run of the report has answered; a file for each run. */
export const reportPredictions = ['predictions-json', 'predictions-csv', 'predictions-coco'] as const;
export type ReportDocument = (typeof reportDocuments)[number];
export type ReportDataset = (typeof reportDatasets)[number];
export type ReportPredictions = (typeof reportPredictions)[number];

export const reportFormats = [...reportDocuments, ...reportDatasets, ...reportPredictions] as const;
export type ReportFormat = (typeof reportFormats)[number];

/** What a report can consist of, in its order. CSV and JSON always hold everything. */
export const reportSections = [
  'summary',
  'results',
  'slices',
  'errors',
  'agreement',
  'examples',
  'corrections',
  'protocol',
  'data',
  'models',
  'environment',
] as const;
export type ReportSection = (typeof reportSections)[number];

export const reportOptions = z.strictObject({
  evaluation: evaluationOptions,
  title: shortText.default(''),
  /** Example images: the worst, the most disagreed on and the best, so many of each. */
  examples: z.number().int().min(0).max(50).default(4),
  /** Expressions chosen by hand, shown before the others. */
  chosen: z.array(id).max(200).default([]),
  sections: z
    .array(z.enum(reportSections))
    .min(1)
    .default([...reportSections]),
});
export type ReportOptions = z.output<typeof reportOptions>;

export const reports = {
  /** The report's HTML. The window shows it in a frame of the report scheme, which has a content security policy of its own. */
  preview: call<{ html: string }>()(reportOptions, { work: 'report-preview' }),
  /** Writes into a folder what is asked for. A dataset's folder must not be there yet; files are replaced. */
  export: call<{ files: string[] }>()(
    z.strictObject({
      options: reportOptions,
      folder: filePath,
      formats: z
        .array(z.enum(reportFormats))
        .min(1)
        .default([...reportDocuments]),
    }),
    { work: 'report' },
  ),
};
