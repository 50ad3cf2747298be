/** Which expressions a report shows as examples. */
import type { RunLengthMask } from '../../../common/geometry/types';
import type { Counted } from '../evaluation/evaluate';
import type { AnswerDetail, ExpressionAnswers } from '../evaluation/rows';
import type { AnswerView } from './evidence';
import { percent } from './words';

export const exampleGroups = ['chosen', 'worst', 'disagreed', 'best'] as const;
export type ExampleGroup = (typeof exampleGroups)[number];

/** Ids of the expressions of each group, the most telling first. */
export type ChosenExamples = Record<ExampleGroup, number[]>;

/** One expression ready to be shown. */
export interface Example {
  answers: ExpressionAnswers;
  /** Each run's box IoU, in the order of the runs. */
  ious: number[];
  /** How each run came to its answer, in the order of the runs; empty where there is no picture to draw it over. */
  views: AnswerView[];
  /** The ground truth's mask, as AnswerView's. */
  truthMask: RunLengthMask | null;
  /** The shrunken picture as JPEG; null where the file could not be read, and why. */
  picture: Uint8Array | null;
  problem: string;
}

/**
 * The `size` worst, most disagreed on and best expressions by the runs' IoUs; no image twice. Ties go by id, so that
 * the same rows give the same examples. `byHand`: those that a person chose, in that order, as far as they count.
 */
export function chooseExamples(
  { table, rows }: Pick<Counted, 'table' | 'rows'>,
  size: number,
  byHand: readonly number[] = [],
): ChosenExamples {
  const candidates = Array.from(rows, (row) => {
    const values = table.runs.map(({ iou }) => iou[row] ?? 0);
    return {
      expressionId: table.expressionIds[row] ?? 0,
      imageId: table.imageIds[row] ?? 0,
      mean: values.reduce((sum, value) => sum + value, 0) / values.length,
      spread: Math.max(...values) - Math.min(...values),
    };
  });
  type Candidate = (typeof candidates)[number];
  const shown = new Set<number>();
  const take = (
    rank: (candidate: Candidate) => number,
    wanted: (candidate: Candidate) => boolean,
  ): number[] => {
    const chosen: number[] = [];
    const ordered = candidates
      .filter(wanted)
      .sort((a, b) => rank(b) - rank(a) || a.expressionId - b.expressionId);
    for (const { expressionId, imageId } of ordered) {
      if (chosen.length === size) break;
      if (shown.has(imageId)) continue;
      shown.add(imageId);
      chosen.push(expressionId);
    }
    return chosen;
  };
  const imageOf = new Map(candidates.map(({ expressionId, imageId }) => [expressionId, imageId]));
  const chosen = [...new Set(byHand)].filter((expressionId) => imageOf.has(expressionId));
  for (const expressionId of chosen) shown.add(imageOf.get(expressionId) ?? 0);
  // With one run nothing disagrees; what everybody gets right is not among the worst.
  return {
    chosen,
    disagreed: take(
      ({ spread }) => spread,
      ({ spread }) => spread > 0,
    ),
    worst: take(
      ({ mean }) => -mean,
      ({ mean }) => mean < 0.5,
    ),
    best: take(
      ({ mean }) => mean,
      ({ mean }) => mean >= 0.5,
    ),
  };
}

/** What each group is called, and by what it was chosen. */
export const exampleTitles: Record<ExampleGroup, { title: string; note: string }> = {
  chosen: { title: 'Chosen', note: 'picked by hand' },
  worst: { title: 'Worst', note: 'lowest IoU on average over the methods' },
  disagreed: { title: 'Most disagreed on', note: 'largest gap between the best and the worst answer' },
  best: { title: 'Best', note: 'highest IoU on average over the methods' },
};

/** What an example is of: kind, category, image, and whether its ground truth was corrected. */
export function exampleFacts({ answers }: Example): string {
  const facts = [answers.kind, answers.category, answers.imageKey, answers.corrected ? 'corrected' : ''];
  return facts.filter(Boolean).join(' · ');
}

/** How good an answer is, its box IoU in percent; or why there is no box. */
export function outcomeOf(answer: AnswerDetail, iou: number): string {
  if (answer.box) return percent(iou);
  return answer.predicted ? answer.missingReason || 'no answer' : 'not answered';
}
