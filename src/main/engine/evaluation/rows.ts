/** What evaluation works on: one run's answer for one expression, already measured against one ground truth. */
import type { ImageBox, RunLengthMask } from '../../../common/geometry/types';

/** How one prediction compares with one ground truth. */
export interface Measurement {
  /** IoU of the boxes; 0 where there is no predicted box; null without a ground-truth box. */
  iou: number | null;
  /** Pixels, at the image's resolution; null where either mask is missing (no prediction at all: 0 and the truth's area). */
  maskIntersection: number | null;
  maskUnion: number | null;
  /** Highest IoU of any proposal with the ground truth; null for methods without proposals. */
  bestProposalIou: number | null;
  /** Whether the map's maximum (its first prompt point, or its highest cell's centre) lies in the ground-truth box; null without a map. */
  pointInside: boolean | null;
}

export interface EvaluationRow extends Measurement {
  runId: number;
  expressionId: number;
  referentId: number;
  imageId: number;
  kind: string;
  category: string;
  split: string;
  /** From the expression's attributes. */
  chance: number | null;
  /** false: the run has no prediction for this expression; all measurements then count as 0. */
  predicted: boolean;
  /** Whether the prediction has a box. */
  answered: boolean;
}

/** What an example in a report needs beside its row. */
export interface ExampleRow {
  runId: number;
  box: ImageBox | null;
  mask: RunLengthMask | null;
  iou: number | null;
}
