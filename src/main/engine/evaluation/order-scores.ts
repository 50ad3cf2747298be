/**
 * Numbers that depend on an order, not only on sums: median IoU, AURC, and the calibration error, whose bins are
 * taken absolute. Their intervals come from the same draws of the images as all others, of which fewer are made.
 */
import { calibrationBins, type Score } from '../../../common/contract';
import type { Pieces } from '../jobs/pieces';
import { estimateFrom, fewerDrawsFor, quantile } from './bootstrap';
import { forEachDraw, resampleGroups } from './resample';
import { areaUnderRisk, areProbabilities, calibrationBinOf, HarmonicSums, type Ranking } from './confidence';
import { ascendingOrder } from './order';
import { imagesOf } from './sums';
import { rowsOfUnits, unitIds, type EvaluationTable, type Rows, type RunColumns, type Unit } from './table';

/** Mean IoUs of the units in ascending order, with the place of each unit's image; a unit is of one image. */
interface OrderedUnits {
  means: Float64Array;
  image: Int32Array;
  /** Where the search for a median starts, and how many of the units before it each image has. */
  start: number;
  before: Float64Array;
}

function orderUnits(
  table: EvaluationTable,
  run: RunColumns,
  rows: Rows,
  unit: Unit,
  { index, images }: { index: Int32Array; images: number },
): OrderedUnits {
  let means: Float64Array;
  let image: Int32Array;
  if (unit === 'expression') {
    means = Float64Array.from(rows, (row) => run.iou[row] ?? 0);
    image = index;
  } else {
    const ids = unitIds(table, unit);
    const counts = rowsOfUnits(table, rows, unit);
    const units = new Map<number, { sum: number; image: number }>();
    rows.forEach((row, position) => {
      const id = ids[row] ?? 0;
      const known = units.get(id) ?? { sum: 0, image: index[position] ?? 0 };
      known.sum += run.iou[row] ?? 0;
      units.set(id, known);
    });
    means = Float64Array.from(units, ([id, { sum }]) => sum / (counts.get(id) ?? 1));
    image = Int32Array.from(units.values(), (one) => one.image);
  }
  const order = ascendingOrder(means);
  const ordered = Int32Array.from(order, (position) => image[position] ?? 0);
  // Hardly a draw has its median below this.
  const start = Math.floor(0.45 * order.length);
  return {
    means: Float64Array.from(order, (position) => means[position] ?? 0),
    image: ordered,
    start,
    before: perImage(ordered.subarray(0, start), images),
  };
}

/** `count`: the units that the draw has; of an even number the two in the middle are averaged. */
function medianOf({ means, image, start, before }: OrderedUnits, times: Uint16Array, count: number): number {
  const upper = Math.floor(count / 2);
  const lower = count % 2 === 0 ? upper - 1 : upper;
  let passed = drawnCount(before, times);
  const isBelow = passed > lower;
  if (isBelow) passed = 0;
  let low = Number.NaN;
  for (let position = isBelow ? 0 : start; position < means.length; position += 1) {
    passed += times[image[position] ?? 0] ?? 0;
    if (passed <= lower) continue;
    const value = means[position] ?? 0;
    if (Number.isNaN(low)) low = value;
    if (passed > upper) return low + (value - low) / 2;
  }
  return low;
}

/** Entries of each image among the places. */
function perImage(image: Int32Array, images: number): Float64Array {
  const counts = new Float64Array(images);
  for (const place of image) counts[place] = (counts[place] ?? 0) + 1;
  return counts;
}

/** How many entries a draw has. */
function drawnCount(counts: Float64Array, times: Uint16Array): number {
  let sum = 0;
  for (let image = 0; image < counts.length; image += 1) sum += (counts[image] ?? 0) * (times[image] ?? 0);
  return sum;
}

/** A run, with what each draw gives. */
interface OrderedRun {
  units: OrderedUnits;
  ranking: Ranking | null;
  medians: Float64Array;
  areas: Float64Array;
}

export interface OrderScores {
  medianIou: Score;
  /** null where the run gives no scores. */
  aurc: Score | null;
  /** null where the scores are no probabilities. */
  calibrationError: Score | null;
}

/** `rankings`: in the order of the table's runs. */
export function* orderScores(
  table: EvaluationTable,
  rows: Rows,
  unit: Unit,
  rankings: readonly (Ranking | null)[],
): Pieces<OrderScores[]> {
  const { index, count: images } = imagesOf(table.imageIds, rows);
  const draws = fewerDrawsFor(images);
  const harmonic = new HarmonicSums();
  const once = new Uint16Array(images).fill(1);
  const rowCounts = perImage(index, images);
  const runs: OrderedRun[] = [];
  for (const [place, run] of table.runs.entries()) {
    yield;
    runs.push({
      units: orderUnits(table, run, rows, unit, { index, images }),
      ranking: rankings[place] ?? null,
      medians: new Float64Array(draws),
      areas: new Float64Array(draws),
    });
  }
  const unitCounts = perImage(runs[0]?.units.image ?? new Int32Array(0), images);
  yield { begin: 'Drawing images for medians and areas under curves', total: draws };
  yield* forEachDraw(images, draws, (times, draw) => {
    const drawnUnits = drawnCount(unitCounts, times);
    const drawnRows = drawnCount(rowCounts, times);
    for (const { units, ranking, medians, areas } of runs) {
      medians[draw] = medianOf(units, times, drawnUnits);
      if (ranking) areas[draw] = areaUnderRisk(ranking, times, drawnRows, harmonic);
    }
  });
  const calibrations = yield* calibrationScores(
    runs.map(({ ranking }) => ranking),
    images,
    draws,
  );
  return runs.map(({ units, ranking, medians, areas }, place) => ({
    medianIou: { ...estimateFrom(quantile(units.means, 0.5), medians), wilson: null },
    aurc: ranking && {
      ...estimateFrom(areaUnderRisk(ranking, once, rows.length, harmonic), areas),
      wilson: null,
    },
    calibrationError: calibrations[place] ?? null,
  }));
}

/** The balance of every bin is a sum per image, which is resampled as all sums are; one set of draws for all runs. */
function* calibrationScores(
  rankings: readonly (Ranking | null)[],
  images: number,
  draws: number,
): Pieces<(Score | null)[]> {
  const balances = rankings.map((ranking) =>
    ranking && areProbabilities(ranking) ? balancesOf(ranking, images) : [],
  );
  const sums = yield* resampleGroups(
    balances.map((columns) => ({ columns, images: null, draws })),
    images,
  );
  return balances.map((columns, place) =>
    columns.length > 0 ? calibrationScore(columns, sums[place] ?? [], draws) : null,
  );
}

/** For each bin score minus accuracy, summed per image, and last the answers. */
function balancesOf(ranking: Ranking, images: number): Float64Array[] {
  const columns = Array.from({ length: calibrationBins + 1 }, () => new Float64Array(images));
  const answered = columns[calibrationBins];
  ranking.score.forEach((score, position) => {
    if (score === -Infinity) return;
    const image = ranking.image[position] ?? 0;
    const bin = columns[calibrationBinOf(score)];
    if (bin) bin[image] = (bin[image] ?? 0) + score - (1 - (ranking.wrong[position] ?? 0));
    if (answered) answered[image] = (answered[image] ?? 0) + 1;
  });
  return columns;
}

/** `sums`: of the columns in each draw. */
function calibrationScore(
  columns: readonly Float64Array[],
  sums: readonly Float64Array[],
  draws: number,
): Score {
  const errorOf = (at: (index: number) => number) => {
    let distance = 0;
    for (let bin = 0; bin < calibrationBins; bin += 1) distance += Math.abs(at(bin));
    return distance / at(calibrationBins);
  };
  const value = errorOf((index) =>
    (columns[index] ?? new Float64Array(0)).reduce((sum, one) => sum + one, 0),
  );
  const samples = Float64Array.from({ length: draws }, (_, draw) =>
    errorOf((index) => sums[index]?.[draw] ?? 0),
  ).filter((sample) => Number.isFinite(sample));
  return { ...estimateFrom(value, samples), wilson: null };
}
