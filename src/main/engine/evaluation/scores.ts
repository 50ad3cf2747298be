/** From rows to numbers: all metrics of all runs over the same rows, with intervals from the same draws. */
import {
  maskThresholds,
  type Estimate,
  type MetricName,
  type Metrics,
  type Score,
  type Scores,
} from '../../../common/contract';
import { estimateFrom, quantile, ratioSamples, resampleSums, wilsonInterval } from './bootstrap';
import { measureGroups, measures, rowsOfGroup, type Measure, type MeasureGroup } from './measures';
import {
  rowsOfUnits,
  unitCount,
  unitIds,
  weightsOf,
  type Comparator,
  type EvaluationTable,
  type Rows,
  type RunColumns,
  type Unit,
} from './table';

export interface Counting {
  unit: Unit;
  comparator: Comparator;
}

/** One run's numbers over some rows. */
export interface RunScores {
  scores: Scores;
  /** Units on which each group of measures is defined. */
  units: Record<MeasureGroup, number>;
  /** The ratio in each draw, of the measures that were resampled. */
  samples: Partial<Record<MetricName, Float64Array>>;
}

export interface Scored {
  images: number;
  runs: RunScores[];
}

/** Numbers the images of the rows in order of appearance: the index of each row, and how many there are. */
export function imagesOf(imageIds: Int32Array, rows: Rows): { index: Int32Array; count: number } {
  const known = new Map<number, number>();
  const index = Int32Array.from(rows, (row) => {
    const id = imageIds[row] ?? 0;
    let found = known.get(id);
    if (found === undefined) {
      found = known.size;
      known.set(id, found);
    }
    return found;
  });
  return { index, count: known.size };
}

interface Ratio {
  measure: Measure;
  numerator: Float64Array;
  denominator: Float64Array;
}

function totalOf(column: Float64Array): number {
  let total = 0;
  for (const value of column) total += value;
  return total;
}

/** Sums per image of each measure of a run, as numerators and denominators of ratios. */
function ratiosOf(
  table: EvaluationTable,
  run: RunColumns,
  rows: Rows,
  { unit, comparator }: Counting,
  wanted: readonly Measure[],
  shared: Map<Rows, { weights: Float64Array; sums: Float64Array; index: Int32Array }>,
  images: { of: Int32Array; count: number },
): { ratios: Ratio[]; units: Record<MeasureGroup, number> } {
  const units = {} as Record<MeasureGroup, number>;
  const ratios: Ratio[] = [];
  for (const group of measureGroups) {
    const own = rowsOfGroup(run, rows, group);
    units[group] = unitCount(table, own, unit);
    if (own.length === 0) continue;
    let weighed = shared.get(own);
    if (!weighed) {
      const weights = weightsOf(table, own, unit);
      const index = own === rows ? images.of : indexOfPart(rows, images.of, own);
      const sums = new Float64Array(images.count);
      weights.forEach((weight, position) => add(sums, index[position] ?? 0, weight));
      weighed = { weights, sums, index };
      shared.set(own, weighed);
    }
    const { weights, sums, index } = weighed;
    for (const measure of wanted) {
      if (measure.group !== group) continue;
      const numerator = new Float64Array(images.count);
      const denominator = measure.per ? new Float64Array(images.count) : sums;
      for (let position = 0; position < own.length; position += 1) {
        const row = own[position] ?? 0;
        const image = index[position] ?? 0;
        const weight = weights[position] ?? 0;
        add(numerator, image, weight * measure.of(run, row, comparator));
        if (measure.per) add(denominator, image, weight * measure.per(run, row));
      }
      ratios.push({ measure, numerator, denominator });
    }
  }
  return { ratios, units };
}

function add(column: Float64Array, at: number, value: number): void {
  column[at] = (column[at] ?? 0) + value;
}

/** The image indexes of some of the rows; both in order of the rows. */
function indexOfPart(rows: Rows, index: Int32Array, part: Rows): Int32Array {
  let position = 0;
  return Int32Array.from(part, (row) => {
    while (rows[position] !== row) position += 1;
    return index[position] ?? 0;
  });
}

/**
 * The numbers of every run over the rows, which must have a ground-truth box. `slice`: only the measures that slices
 * have are resampled.
 */
export function scoreRuns(
  table: EvaluationTable,
  rows: Rows,
  counting: Counting,
  { draws, slice = false }: { draws: number; slice?: boolean },
): Scored {
  const { index, count } = imagesOf(table.imageIds, rows);
  const shared = new Map<Rows, { weights: Float64Array; sums: Float64Array; index: Int32Array }>();
  const images = { of: index, count };
  const perRun = table.runs.map((run) => ratiosOf(table, run, rows, counting, measures, shared, images));
  const isResampled = ({ resampled, inSlices }: Measure) => (slice ? inSlices : resampled);
  const columns = new Map<Float64Array, number>();
  for (const { ratios } of perRun) {
    for (const { measure, numerator, denominator } of ratios) {
      if (!isResampled(measure)) continue;
      for (const column of [numerator, denominator]) {
        if (!columns.has(column)) columns.set(column, columns.size);
      }
    }
  }
  const sums = draws > 0 ? resampleSums([...columns.keys()], count, { draws }) : [];
  const sampled = (column: Float64Array) => sums[columns.get(column) ?? -1];
  return {
    images: count,
    runs: perRun.map(({ ratios, units }, position) => {
      const scores: Scores = {};
      const samples: RunScores['samples'] = {};
      for (const { measure, numerator, denominator } of ratios) {
        const whole = totalOf(denominator);
        const value = whole > 0 ? totalOf(numerator) / whole : 0;
        const wilson = measure.isRate ? wilsonInterval(value, units[measure.group]) : null;
        const [above, below] = [sampled(numerator), sampled(denominator)];
        if (above && below) {
          const drawn = ratioSamples(above, below);
          samples[measure.name] = drawn;
          scores[measure.name] = { ...estimateFrom(value, drawn), wilson };
        } else {
          scores[measure.name] = { value, low: null, high: null, wilson };
        }
      }
      const run = table.runs[position];
      if (run && rows.length > 0) scores.medianIou = plain(medianIou(table, run, rows, counting.unit));
      return { scores, units, samples };
    }),
  };
}

/** A number without an interval. */
export function plain(value: number): Score {
  return { value, low: null, high: null, wilson: null };
}

/** Median over the units of each unit's mean IoU. */
function medianIou(table: EvaluationTable, run: RunColumns, rows: Rows, unit: Unit): number {
  if (unit === 'expression') return quantile(Float64Array.from(rows, (row) => run.iou[row] ?? 0).sort(), 0.5);
  const ids = unitIds(table, unit);
  const sums = new Map<number, number>();
  const counts = rowsOfUnits(table, rows, unit);
  for (const row of rows) {
    const id = ids[row] ?? 0;
    sums.set(id, (sums.get(id) ?? 0) + (run.iou[row] ?? 0));
  }
  const means = Float64Array.from(sums, ([id, sum]) => sum / (counts.get(id) ?? 1));
  return quantile(means.sort(), 0.5);
}

/** The numbers that every part of an evaluation has, overall and in slices. */
export function metricsFrom(
  table: EvaluationTable,
  run: RunColumns,
  rows: Rows,
  unit: Unit,
  scored: RunScores,
  images: number,
): Metrics {
  const { scores, units } = scored;
  const estimate = (name: MetricName): Estimate | null => {
    const score = scores[name];
    return score
      ? { value: score.value, low: score.low ?? score.value, high: score.high ?? score.value }
      : null;
  };
  const value = (name: MetricName) => scores[name]?.value ?? null;
  const nothing = { value: 0, low: 0, high: 0 };
  let answered = 0;
  for (const row of rows) answered += run.answered[row] ?? 0;
  return {
    count: units.box,
    images,
    answered,
    accuracy50: estimate('accuracy50') ?? nothing,
    accuracy75: estimate('accuracy75') ?? nothing,
    meanIou: estimate('meanIou') ?? nothing,
    maskCount: units.mask,
    maskMeanIou: estimate('maskMeanIou'),
    maskOverallIou: value('maskOverallIou'),
    maskPrecision:
      units.mask === 0
        ? null
        : maskThresholds.map(
            (threshold) => value(`maskPrecision${Math.round(threshold * 100)}` as MetricName) ?? 0,
          ),
    proposalRecall: value('proposalRecall'),
    pointingAccuracy: value('pointingAccuracy'),
    chance: meanChance(table, rows, unit),
  };
}

/** Weighted mean of the chance level over the rows that have one; null where none has. */
function meanChance(table: EvaluationTable, rows: Rows, unit: Unit): number | null {
  const having = rows.filter((row) => !Number.isNaN(table.chance[row] ?? Number.NaN));
  if (having.length === 0) return null;
  const weights = weightsOf(table, having, unit);
  let total = 0;
  having.forEach((row, position) => (total += (weights[position] ?? 0) * (table.chance[row] ?? 0)));
  return total / totalOf(weights);
}
