/** From rows to numbers: all metrics of all runs over the same rows, with intervals from the same draws. */
import {
  maskThresholds,
  type Estimate,
  type MetricName,
  type Metrics,
  type Score,
  type Scores,
} from '../../../common/contract';
import type { Pieces } from '../jobs/pieces';
import { estimateFrom, ratioSamples, wilsonInterval } from './bootstrap';
import type { MeasureGroup } from './measures';
import { resampleGroups, type ColumnGroup } from './resample';
import { imagesOf, sumParts, type Counting, type Part, type PartSums, type Ratio } from './sums';
import { weightsOf, type EvaluationTable, type Rows, type RunColumns, type Unit } from './table';

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

function totalOf(column: Float64Array): number {
  let total = 0;
  for (const value of column) total += value;
  return total;
}

/** The totals of a part's columns in each draw, by column. */
type Drawn = ReadonlyMap<Float64Array, Float64Array>;

/** The columns of a part that are resampled, each once: runs share denominators. */
function columnsOf(runs: PartSums['runs'], slice: boolean): Float64Array[] {
  const columns = new Set<Float64Array>();
  for (const { ratios } of runs) {
    for (const { measure, numerator, denominator } of ratios) {
      if (slice && measure.inSlices !== 'interval') continue;
      columns.add(numerator);
      columns.add(denominator);
    }
  }
  return [...columns];
}

function* scoresOf(ratios: readonly Ratio[], units: RunScores['units'], drawn: Drawn): Pieces<RunScores> {
  const scores: Scores = {};
  const samples: RunScores['samples'] = {};
  for (const { measure, numerator, denominator } of ratios) {
    const whole = totalOf(denominator);
    const value = whole > 0 ? totalOf(numerator) / whole : 0;
    const wilson = measure.isRate ? wilsonInterval(value, units[measure.group]) : null;
    const [above, below] = [drawn.get(numerator), drawn.get(denominator)];
    yield;
    if (above && below) {
      const ratio = ratioSamples(above, below);
      samples[measure.name] = ratio;
      scores[measure.name] = { ...estimateFrom(value, ratio), wilson };
    } else {
      scores[measure.name] = { value, low: null, high: null, wilson };
    }
  }
  return { scores, units, samples };
}

/**
 * The numbers of every run over each part of the rows, which must have a ground-truth box. All parts share the draws
 * of the images of `all`, the rows that they are parts of.
 */
export function* scoreParts(
  table: EvaluationTable,
  all: Rows,
  parts: readonly Part[],
  counting: Counting,
): Pieces<Scored[]> {
  const summed = yield* sumParts(table, all, parts, counting);
  const groups = summed.map(({ images, runs }, place): ColumnGroup => {
    const { draws = 0, slice = false } = parts[place] ?? {};
    return { images, draws, columns: draws > 0 ? columnsOf(runs, slice) : [] };
  });
  const sums = yield* resampleGroups(groups, imagesOf(table.imageIds, all).count);
  const scored: Scored[] = [];
  for (const [place, { imageCount, runs }] of summed.entries()) {
    const columns = groups[place]?.columns ?? [];
    const drawn = new Map(
      columns.map((column, index) => [column, sums[place]?.[index] ?? new Float64Array(0)]),
    );
    const ofRuns: RunScores[] = [];
    for (const { ratios, units } of runs) {
      ofRuns.push(yield* scoresOf(ratios, units, drawn));
    }
    scored.push({ images: imageCount, runs: ofRuns });
  }
  return scored;
}

/** The numbers of every run over the rows. */
export function* scoreRuns(
  table: EvaluationTable,
  rows: Rows,
  counting: Counting,
  { draws }: { draws: number },
): Pieces<Scored> {
  const [scored] = yield* scoreParts(table, rows, [{ rows, draws, slice: false }], counting);
  return scored ?? { images: 0, runs: [] };
}

/** A number without an interval. */
export function plain(value: number): Score {
  return { value, low: null, high: null, wilson: null };
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
