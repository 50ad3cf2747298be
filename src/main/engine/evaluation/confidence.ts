/**
 * Whether a method's own confidence says when to trust it: risk and coverage, calibration, ranking of two groups.
 * Per expression whatever the unit is: a confidence belongs to one answer.
 */
import { calibrationBins, type Confidence } from '../../../common/contract';
import { ascendingOrder } from './order';
import { imagesOf } from './sums';
import { reaches, type Comparator, type Rows, type RunColumns } from './table';

/** Points of the curve. */
const curveSteps = 20;

/** The answers of a run, the surest first; no answer comes last, as the least sure of all, and is wrong. */
export interface Ranking {
  /** -Infinity: no answer, or none with a score. */
  score: Float64Array;
  wrong: Uint8Array;
  /** Place of each answer's image among those of the rows. */
  image: Int32Array;
  /** Where each stretch of equal scores ends. */
  ends: Int32Array;
  /** Of the stretches of two and more where each starts and ends, one after the other. */
  ties: Int32Array;
}

/** null where the run gives no scores. */
export function rankingOf(
  run: RunColumns,
  rows: Rows,
  imageIds: Int32Array,
  comparator: Comparator,
): Ranking | null {
  const scores = scoresAt(run, rows);
  if (scores.every((score) => score === -Infinity)) return null;
  const order = ascendingOrder(scores.map((one) => -one));
  const { index } = imagesOf(imageIds, rows);
  const score = Float64Array.from(order, (position) => scores[position] ?? 0);
  const isEnd = (_: number, position: number) => score[position] !== score[position + 1];
  const ends = order.map((_, position) => position + 1).filter(isEnd);
  return {
    score,
    wrong: Uint8Array.from(order, (position) =>
      reaches(run.iou[rows[position] ?? 0] ?? 0, 0.5, comparator) ? 0 : 1,
    ),
    image: Int32Array.from(order, (position) => index[position] ?? 0),
    ends,
    ties: tiesOf(ends),
  };
}

function tiesOf(ends: Int32Array): Int32Array {
  const ties: number[] = [];
  ends.forEach((end, place) => {
    const start = ends[place - 1] ?? 0;
    if (end - start > 1) ties.push(start, end);
  });
  return Int32Array.from(ties);
}

/** A row's score; -Infinity: no answer is less sure than any score. */
export function scoresAt(
  { answered, score }: Pick<RunColumns, 'answered' | 'score'>,
  rows: Rows,
): Float64Array {
  return Float64Array.from(rows, (row) => {
    const value = score[row] ?? Number.NaN;
    return answered[row] !== 1 || Number.isNaN(value) ? -Infinity : value;
  });
}

/** Sums 1 + 1/2 + … + 1/n, by n. */
export class HarmonicSums {
  #sums = new Float64Array(1);

  upTo(count: number): Float64Array {
    if (this.#sums.length <= count) {
      const longer = new Float64Array(2 * count + 1);
      for (let n = 1; n < longer.length; n += 1) longer[n] = (longer[n - 1] ?? 0) + 1 / n;
      this.#sums = longer;
    }
    return this.#sums;
  }
}

/**
 * Area under the risk-coverage curve: the mean of the shares of errors among the 1, 2 … n surest answers. The order
 * within a tie is by chance, so its errors are spread evenly. `times`: how often each image counts; `count`: the
 * answers that this comes to.
 */
export function areaUnderRisk(
  { wrong, image, ties }: Ranking,
  times: Uint16Array,
  count: number,
  harmonic: HarmonicSums,
): number {
  const sums = harmonic.upTo(count);
  let area = 0;
  let before = 0;
  let wrongBefore = 0;
  let sumBefore = 0;
  let position = 0;
  for (let tie = 0; tie <= ties.length; tie += 2) {
    const start = ties[tie] ?? wrong.length;
    const end = ties[tie + 1] ?? wrong.length;
    // Each adds the sum over k = 1 … answers of (wrongBefore + share · k) / (before + k). Of a single answer the share of
    // errors is known without a division, also where the draw does not have it.
    for (; position < start; position += 1) {
      const isWrong = -(wrong[position] ?? 0);
      const answers = times[image[position] ?? 0] ?? 0;
      // Whole numbers: all of it where the answer is wrong, else 0.
      const errors = answers & isWrong;
      const sum = sums[before + answers] ?? 0;
      area += errors + (wrongBefore - (before & isWrong)) * (sum - sumBefore);
      before = (before + answers) | 0;
      wrongBefore = (wrongBefore + errors) | 0;
      sumBefore = sum;
    }
    let answers = 0;
    let errors = 0;
    for (; position < end; position += 1) {
      const often = times[image[position] ?? 0] ?? 0;
      answers += often;
      errors += often * (wrong[position] ?? 0);
    }
    if (answers === 0) continue;
    const sum = sums[before + answers] ?? 0;
    area += errors + (wrongBefore - (errors / answers) * before) * (sum - sumBefore);
    before += answers;
    wrongBefore += errors;
    sumBefore = sum;
  }
  return area / before;
}

/** Share of errors among the surest 5%, 10% … 100% of the answers. */
function curveOf({ wrong, ends }: Ranking): Confidence['riskCoverage'] {
  const whole = wrong.length;
  return Array.from({ length: curveSteps }, (_, step) => {
    const coverage = (step + 1) / curveSteps;
    let [left, errors, start] = [coverage * whole, 0, 0];
    for (const end of ends) {
      if (left <= 0) break;
      const taken = Math.min(left, end - start);
      let inTie = 0;
      for (let position = start; position < end; position += 1) inTie += wrong[position] ?? 0;
      errors += (inTie * taken) / (end - start);
      left -= taken;
      start = end;
    }
    return { coverage, risk: errors / (coverage * whole) };
  });
}

/** A bin holds its upper end, the first also 0, as in Guo and others, 2017. */
export function calibrationBinOf(score: number): number {
  return Math.max(0, Math.ceil(score * calibrationBins) - 1);
}

/** Whether the scores can be taken for probabilities: all of them lie in 0 to 1. */
export function areProbabilities({ score }: Ranking): boolean {
  const scored = score.filter((one) => one !== -Infinity);
  return scored.length > 0 && scored.every((one) => one >= 0 && one <= 1);
}

/** Answers by 15 equal bins of confidence, those without any left out; null where a score is no probability. */
function calibrationOf(ranking: Ranking): NonNullable<Confidence['calibration']> | null {
  if (!areProbabilities(ranking)) return null;
  const { score, wrong } = ranking;
  const bins = Array.from({ length: calibrationBins }, () => ({ count: 0, scores: 0, right: 0 }));
  score.forEach((one, position) => {
    const bin = one === -Infinity ? undefined : bins[calibrationBinOf(one)];
    if (!bin) return;
    bin.count += 1;
    bin.scores += one;
    bin.right += 1 - (wrong[position] ?? 0);
  });
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

export function confidenceOf(ranking: Ranking): Confidence {
  const { image, wrong } = ranking;
  const once = new Uint16Array(image.reduce((most, one) => Math.max(most, one), 0) + 1).fill(1);
  const calibration = calibrationOf(ranking);
  return {
    riskCoverage: curveOf(ranking),
    aurc: areaUnderRisk(ranking, once, wrong.length, new HarmonicSums()),
    calibrationError: calibration && calibrationErrorOf(calibration),
    calibration,
  };
}
