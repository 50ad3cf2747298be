/** Whether a method notices that the picture does not show what the expression names. */
import type { NoReferent } from '../../../common/contract';
import { quantile, wilsonInterval } from './bootstrap';
import { areaUnderRoc } from './confidence';
import type { Rows, RunColumns } from './table';

type Answers = Pick<RunColumns, 'answered' | 'score'>;

/** A row's score; no answer is less sure than any score. */
export function scoresAt({ answered, score }: Answers, rows: Rows): number[] {
  return Array.from(rows, (row) => {
    const value = score[row] ?? Number.NaN;
    return answered[row] !== 1 || Number.isNaN(value) ? -Infinity : value;
  });
}

/** Share of the answers about present referents that the threshold keeps. */
export const keptShare = 0.95;

/**
 * `present`: rows with a referent, `absent`: without. The threshold is the score below which 5% of the scores about
 * present referents lie; an expression without a referent is detected where there is no answer, or a score below.
 * null where there is nothing of either.
 */
export function noReferentOf(
  present: { run: Answers; rows: Rows },
  absent: { run: Answers; rows: Rows },
): NoReferent | null {
  if (present.rows.length === 0 || absent.rows.length === 0) return null;
  const positives = scoresAt(present.run, present.rows);
  const negatives = scoresAt(absent.run, absent.rows);
  const answered = Float64Array.from(positives.filter((score) => score !== -Infinity)).sort();
  const threshold = answered.length > 0 ? quantile(answered, 1 - keptShare) : 0;
  const detected = negatives.filter((score) => score < threshold).length;
  const rate = detected / negatives.length;
  return {
    count: negatives.length,
    unanswered: negatives.filter((score) => score === -Infinity).length,
    threshold,
    detection: { value: rate, ...wilsonInterval(rate, negatives.length) },
    auroc: areaUnderRoc(positives, negatives),
  };
}
