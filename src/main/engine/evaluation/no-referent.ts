/** Whether a method notices that the picture does not show what the expression names. */
import type { Estimate, NoReferent, Score } from '../../../common/contract';
import type { Pieces } from '../jobs/pieces';
import { estimateFrom, fewerDrawsFor, wilsonInterval } from './bootstrap';
import { forEachDraw } from './resample';
import { scoresAt } from './confidence';
import { imagesOf } from './sums';
import type { Rows, RunColumns } from './table';

/** Answers about expressions of one of the two groups. */
export interface GroupAnswers {
  run: Pick<RunColumns, 'answered' | 'score'>;
  rows: Rows;
  imageIds: Int32Array;
}

/** All answers in order of their scores, ascending. */
interface Merged {
  score: Float64Array;
  present: Uint8Array;
  /** Place of each answer's image among those of both groups. */
  image: Int32Array;
  images: number;
}

/** Share of the answers about present referents that the threshold keeps. */
export const keptShare = 0.95;

function merge(present: GroupAnswers, absent: GroupAnswers): Merged {
  const scores = Float64Array.from([
    ...scoresAt(present.run, present.rows),
    ...scoresAt(absent.run, absent.rows),
  ]);
  const ids = Int32Array.from([
    ...present.rows.map((row) => present.imageIds[row] ?? 0),
    ...absent.rows.map((row) => absent.imageIds[row] ?? 0),
  ]);
  const order = Int32Array.from(scores.keys()).sort((a, b) => ascending(scores[a] ?? 0, scores[b] ?? 0));
  const { index, count } = imagesOf(ids, Int32Array.from(ids.keys()));
  return {
    score: Float64Array.from(order, (position) => scores[position] ?? 0),
    present: Uint8Array.from(order, (position) => Number(position < present.rows.length)),
    image: Int32Array.from(order, (position) => index[position] ?? 0),
    images: count,
  };
}

/** Of numbers that may be infinite. */
function ascending(a: number, b: number): number {
  return a > b ? 1 : a < b ? -1 : 0;
}

/** The value at a share of the way through the scores of present referents; interpolated as `quantile` does. */
function thresholdOf({ score, present, image }: Merged, times: Uint16Array): number {
  const weight = (position: number) =>
    present[position] === 1 && score[position] !== -Infinity ? (times[image[position] ?? 0] ?? 0) : 0;
  let count = 0;
  for (let position = 0; position < score.length; position += 1) count += weight(position);
  if (count === 0) return 0;
  const place = (count - 1) * (1 - keptShare);
  const below = Math.floor(place);
  let [passed, low] = [0, Number.NaN];
  for (let position = 0; position < score.length; position += 1) {
    passed += weight(position);
    const value = score[position] ?? 0;
    if (Number.isNaN(low) && passed > below) low = value;
    if (passed > Math.min(below + 1, count - 1)) return low + (value - low) * (place - below);
  }
  return low;
}

/** Share of the answers about absent referents that are below the threshold. */
function detectionOf({ score, present, image }: Merged, times: Uint16Array, threshold: number): number {
  let [detected, count] = [0, 0];
  for (let position = 0; position < score.length; position += 1) {
    if (present[position] === 1) continue;
    const often = times[image[position] ?? 0] ?? 0;
    count += often;
    if ((score[position] ?? 0) < threshold) detected += often;
  }
  return detected / count;
}

/** Probability that a score of a present referent is above that of an absent one, ties half: the area under the ROC curve. */
function areaOf({ score, present, image }: Merged, times: Uint16Array): number {
  let [pairs, below, all] = [0, 0, 0];
  for (let position = 0; position < score.length;) {
    const value = score[position];
    let [up, down] = [0, 0];
    for (; position < score.length && score[position] === value; position += 1) {
      const often = times[image[position] ?? 0] ?? 0;
      if (present[position] === 1) up += often;
      else down += often;
    }
    pairs += up * (below + down / 2);
    below += down;
    all += up;
  }
  return pairs / (below * all);
}

/** The score below which an answer says that there is no referent. */
export function noReferentThreshold(present: GroupAnswers): number {
  const merged = merge(present, { ...present, rows: new Int32Array(0) });
  return thresholdOf(merged, new Uint16Array(merged.images).fill(1));
}

/** The numbers, and both rates with their intervals. */
export interface NoReferentScores {
  noReferent: NoReferent;
  detection: Score;
  auroc: Score;
}

/**
 * `present`: rows with a referent, `absent`: without. The threshold is the score below which 5% of the scores about
 * present referents lie; an expression without a referent is detected where there is no answer, or a score below.
 * In each draw of the images of both groups the threshold is found anew. null where there is nothing of either.
 */
export function* noReferentOf(present: GroupAnswers, absent: GroupAnswers): Pieces<NoReferentScores | null> {
  if (present.rows.length === 0 || absent.rows.length === 0) return null;
  const merged = merge(present, absent);
  const once = new Uint16Array(merged.images).fill(1);
  const threshold = thresholdOf(merged, once);
  const rate = detectionOf(merged, once, threshold);
  const auroc = areaOf(merged, once);
  const draws = fewerDrawsFor(merged.images);
  const [rates, areas] = [new Float64Array(draws), new Float64Array(draws)];
  yield { begin: 'Drawing images for no-referent rates', total: draws };
  yield* forEachDraw(merged.images, draws, (times, draw) => {
    rates[draw] = detectionOf(merged, times, thresholdOf(merged, times));
    areas[draw] = areaOf(merged, times);
  });
  const wilson = wilsonInterval(rate, absent.rows.length);
  const detection: Estimate = { value: rate, ...wilson };
  const unanswered = scoresAt(absent.run, absent.rows).filter((score) => score === -Infinity).length;
  return {
    noReferent: { count: absent.rows.length, unanswered, threshold, detection, auroc },
    detection: { ...known(rate, rates), wilson },
    auroc: { ...known(auroc, areas), wilson: null },
  };
}

/** Draws in which one of the groups is missing say nothing. */
function known(value: number, samples: Float64Array): Estimate {
  return estimateFrom(
    value,
    samples.filter((sample) => Number.isFinite(sample)),
  );
}
