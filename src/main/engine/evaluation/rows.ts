/** What evaluation and reports ask of a workspace. */
import type {
  CorrectionMade,
  Evaluation,
  EvaluationOptions,
  MethodId,
  RunSummary,
  SavedEvaluation,
} from '../../../common/contract';
import type { Pieces } from '../jobs/pieces';
import type { Facts } from './facts';
import type { PackedColumns } from './packed-columns';
import type { AbsentTable, EvaluationTable } from './table';
import type { ImageBox, RunLengthMask, Size } from '../../../common/geometry/types';

/** How one prediction compares with one ground truth. */
export interface Measurement {
  /** IoU of the boxes; 0 where there is no predicted box; null without a ground-truth box. */
  iou: number | null;
  /** Pixels, at the image's resolution; null where either mask is missing (no prediction at all: 0 and the truth's area). */
  maskIntersection: number | null;
  maskUnion: number | null;
  /** DAVIS's boundary F; null as the mask's pixels are. */
  boundaryF: number | null;
  /** Highest IoU of any proposal with the ground truth; null for methods without proposals, as the ranks. */
  bestProposalIou: number | null;
  /** Place (from 1) of the first proposal of IoU ≥ 0.5, most similar first, and by the detector's score; 0: none is. */
  rankBySimilarity: number | null;
  rankByScore: number | null;
  /** Whether the map's maximum (its first prompt point, or its highest cell's centre) lies in the ground-truth box; null without a map. */
  pointInside: boolean | null;
  /** Share of the map's energy in the ground-truth box; null without a map. */
  energyInBox: number | null;
  /** The same in the mask, and how well the map's values tell its pixels from the others; null without mask or map. */
  energyInMask: number | null;
  mapAuc: number | null;
  /** Best box IoU within reach of the method's last stage; null without a ground-truth box. */
  attainableIou: number | null;
}

/** Which expressions of a dataset (or one split of it), and which runs. */
export interface RowSelection {
  datasetId: number;
  split: string | null;
  runs: readonly { id: number; method: MethodId }[];
  /** Ground truth as it stood at this revision; 0 is the imported original. */
  revision: number;
  /** true: expressions as they were imported; false: with edited texts. Answers to another text do not count. */
  original: boolean;
  /** Whether boxes are read with their last pixels (box-convention.ts). */
  boxes: EvaluationOptions['boxes'];
}

/** One run's answer in an example or in the table of expressions. */
export interface AnswerDetail {
  runId: number;
  predicted: boolean;
  box: ImageBox | null;
  mask: RunLengthMask | null;
  score: number | null;
  missingReason: string;
  /** Sum over the stages; null without a prediction. */
  milliseconds: number | null;
}

/** One expression with its ground truth at a revision and the runs' answers, in the order of the asked runs. */
export interface ExpressionAnswers {
  expressionId: number;
  expressionKey: string;
  text: string;
  kind: string;
  category: string;
  split: string;
  imageId: number;
  imageKey: string;
  imageFile: string;
  imageSize: Size;
  referentKey: string;
  truth: { box: ImageBox | null; mask: RunLengthMask | null };
  /** Whether the ground truth at the revision is not the imported one. */
  corrected: boolean;
  reviewState: string;
  failureLabel: string | null;
  /** What a person noted about it; empty: nothing. */
  note: string;
  answers: AnswerDetail[];
}

/** Where rows come from; the workspace implements it. */
export interface EvaluationSource {
  dataset(datasetId: number): { id: number; name: string; contentHash: string } | null;
  splits(datasetId: number): string[];
  /** Grows with every row that this process writes: while it stays, nothing has changed. */
  changes(): number;
  /** The workspace's newest ground-truth revision. */
  revision(): number;
  /** Expressions of the selection that were there at an earlier revision, and whose ground truth was another one then. */
  truthsChangedSince(selection: RowSelection, revision: number): number;
  /** The workspace as it is at this moment. Whoever reads it calls `end`. */
  snapshot(): EvaluationSnapshot;
  /** Answers that were measured by older rules are measured anew, where the workspace may be written. */
  measureByNewRules(runIds: readonly number[]): void;
  answers(selection: RowSelection, expressionIds: readonly number[]): ExpressionAnswers[];
}

/** A moment of a workspace, read in pieces: what is written meanwhile is not in it. */
export interface EvaluationSnapshot {
  /** Expressions with a ground-truth box, and expressions without a referent, with what each run made of them. */
  tables(selection: RowSelection): Pieces<{ table: EvaluationTable; absent: AbsentTable }>;
  /** What else is known of the table's expressions, in its order. */
  facts(selection: RowSelection, table: EvaluationTable): Pieces<Facts>;
  /** Extent of each row's ground-truth mask; null without one. */
  maskBoxes(selection: RowSelection, table: EvaluationTable): Pieces<(ImageBox | null)[]>;
  /** Expressions of the selection whose text or ground truth, as it counts, differs from what was imported. */
  corrections(selection: RowSelection): number;
  /** What was changed of them, image by image. */
  correctionsMade(selection: RowSelection): CorrectionMade[];
  end(): void;
}

/** Evaluations that are kept. */
export interface SavedEvaluations {
  /** `inputs`: what it was computed from; null where nothing counts against that ground truth. */
  save(
    saved: Omit<SavedEvaluation, 'id' | 'savedAt'>,
    evaluation: Evaluation,
    inputs: Record<EvaluationOptions['groundTruth'], PackedColumns | null>,
  ): SavedEvaluation;
  /** Newest first. */
  list(datasetId: number): SavedEvaluation[];
  get(id: number): { saved: SavedEvaluation; evaluation: Evaluation } | null;
  /** What it was computed from; null where that was not kept. */
  inputs(id: number, groundTruth: EvaluationOptions['groundTruth']): ReadonlyMap<string, Uint8Array> | null;
  remove(id: number): boolean;
}

/** The part of a workspace that evaluation and reports read. */
export interface EvaluationWorkspace {
  readonly repositories: {
    readonly evaluationRows: EvaluationSource;
    readonly runs: { get(runId: number): RunSummary | null };
    readonly savedEvaluations: SavedEvaluations;
    readonly settings: { get(): { author: string } };
  };
}
