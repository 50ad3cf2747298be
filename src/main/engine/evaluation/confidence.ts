/**
 * Whether a method's own confidence says when to trust it: risk and coverage, calibration, ranking of two groups.
 * Per expression whatever the unit is: a confidence belongs to one answer.
 */
import { calibrationBins, type Confidence } from '../../../common/contract';
import { reaches, type Comparator, type Rows, type RunColumns } from './table';

/** Points of the curve. */
const curveSteps = 20;

/** One answer: how sure the method was (−∞: no answer), and whether it was wrong. */
export interface Sureness {
  score: number;
  wrong: number;
}

/** Answers of equal confidence, and how many of them are wrong. */
interface Tie {
  score: number;
  wrong: number;
  count: number;
}

/** The surest first; no answer comes last, as the least sure of all. */
function tiesBySureness(answers: readonly Sureness[]): Tie[] {
  const ties: Tie[] = [];
  for (const { score, wrong } of answers.toSorted((a, b) => compare(b.score, a.score))) {
    const last = ties.at(-1);
    if (last?.score === score) {
      last.wrong += wrong;
      last.count += 1;
    } else ties.push({ score, wrong, count: 1 });
  }
  return ties;
}

/** Of numbers that may be infinite. */
function compare(a: number, b: number): number {
  return a > b ? 1 : a < b ? -1 : 0;
}

/**
 * Area under the risk-coverage curve: the mean of the shares of errors among the 1, 2 … n surest answers. The order
 * within a tie is by chance, so its errors are spread evenly.
 */
function areaUnderRisk(ties: readonly Tie[]): number {
  let [wrong, count, area] = [0, 0, 0];
  for (const tie of ties) {
    for (let step = 1; step <= tie.count; step += 1) {
      area += (wrong + (tie.wrong * step) / tie.count) / (count + step);
    }
    wrong += tie.wrong;
    count += tie.count;
  }
  return area / count;
}

/** Share of errors among the surest 5%, 10% … 100% of the answers. */
function curveOf(ties: readonly Tie[]): Confidence['riskCoverage'] {
  const whole = ties.reduce((sum, { count }) => sum + count, 0);
  return Array.from({ length: curveSteps }, (_, step) => {
    const coverage = (step + 1) / curveSteps;
    let [left, wrong] = [coverage * whole, 0];
    for (const tie of ties) {
      const taken = Math.min(left, tie.count);
      wrong += (tie.wrong * taken) / tie.count;
      left -= taken;
    }
    return { coverage, risk: wrong / (coverage * whole) };
  });
}

/** A bin holds its upper end, the first also 0, as in Guo and others, 2017. */
export function calibrationBinOf(score: number): number {
  return Math.max(0, Math.ceil(score * calibrationBins) - 1);
}

/** Answers by 15 equal bins of confidence, those without any left out; null where a score is no probability. */
function calibrationOf(answers: readonly Sureness[]): NonNullable<Confidence['calibration']> | null {
  const scored = answers.filter(({ score }) => score !== -Infinity);
  if (scored.length === 0 || scored.some(({ score }) => score < 0 || score > 1)) return null;
  const bins = Array.from({ length: calibrationBins }, () => ({ count: 0, scores: 0, right: 0 }));
  for (const { score, wrong } of scored) {
    const bin = bins[calibrationBinOf(score)];
    if (!bin) continue;
    bin.count += 1;
    bin.scores += score;
    bin.right += 1 - wrong;
  }
  return bins.flatMap(({ count, scores, right }, index) => {
    if (count === 0) return [];
    return [{ bin: index, count, score: scores / count, accuracy: right / count }];
  });
}

/** Mean distance of confidence and accuracy, each bin by its number of answers. */
function calibrationErrorOf(bins: NonNullable<Confidence['calibration']>): number {
  const whole = bins.reduce((sum, { count }) => sum + count, 0);
  return (
    bins.reduce((sum, { count, score, accuracy }) => sum + count * Math.abs(score - accuracy), 0) / whole
  );
}

/** In the order of the rows. An expression without an answer is the least sure of all, and wrong. */
export function surenessOf(run: RunColumns, rows: Rows, comparator: Comparator): Sureness[] {
  return Array.from(rows, (row) => {
    const score = run.score[row] ?? Number.NaN;
    return {
      score: Number.isNaN(score) || run.answered[row] !== 1 ? -Infinity : score,
      wrong: reaches(run.iou[row] ?? 0, 0.5, comparator) ? 0 : 1,
    };
  });
}

/** null where the run gives no scores. */
export function confidenceOf(run: RunColumns, rows: Rows, comparator: Comparator): Confidence | null {
  const answers = surenessOf(run, rows, comparator);
  if (answers.every(({ score }) => score === -Infinity)) return null;
  const ties = tiesBySureness(answers);
  const calibration = calibrationOf(answers);
  return {
    riskCoverage: curveOf(ties),
    aurc: areaUnderRisk(ties),
    calibrationError: calibration && calibrationErrorOf(calibration),
    calibration,
  };
}

/** Probability that a score of the first group is above one of the second, ties half: the area under the ROC curve. */
export function areaUnderRoc(positives: readonly number[], negatives: readonly number[]): number {
  const sorted = [
    ...positives.map((score) => ({ score, positive: true })),
    ...negatives.map((score) => ({ score, positive: false })),
  ].sort((a, b) => compare(a.score, b.score));
  let [pairs, below] = [0, 0];
  for (let start = 0; start < sorted.length;) {
    let [end, up, down] = [start, 0, 0];
    for (; end < sorted.length && sorted[end]?.score === sorted[start]?.score; end += 1) {
      if (sorted[end]?.positive) up += 1;
      else down += 1;
    }
    pairs += up * (below + down / 2);
    below += down;
    start = end;
  }
  return pairs / (positives.length * negatives.length);
}
