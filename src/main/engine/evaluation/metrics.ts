/** Metrics of one run over rows: pure functions from measurements to numbers. docs/evaluation.md defines each. */
import { maskThresholds, type EvaluationOptions, type Metrics } from '../../../common/contract';
import { bootstrapMeans, type Clusters } from './bootstrap';
import type { EvaluationRow } from './rows';

export type Unit = EvaluationOptions['unit'];

/** Bins of the IoU histogram, and steps of the accuracy curve. */
export const iouBins = 20;

/** A row and how much it counts. */
export interface WeighedRow {
  row: EvaluationRow;
  weight: number;
}

/** Per expression each row counts 1; per referent the n rows of one referent count 1/n each. */
export function weigh(rows: readonly EvaluationRow[], unit: Unit): WeighedRow[] {
  if (unit === 'expression') return rows.map((row) => ({ row, weight: 1 }));
  const counts = new Map<number, number>();
  for (const { referentId } of rows) counts.set(referentId, (counts.get(referentId) ?? 0) + 1);
  return rows.map((row) => ({ row, weight: 1 / (counts.get(row.referentId) ?? 1) }));
}

export function isRight(row: EvaluationRow, threshold = 0.5): number {
  return (row.iou ?? 0) >= threshold ? 1 : 0;
}

/** IoU of the masks; 0 where both are empty; null where the method or the ground truth has none. */
export function maskIou({ maskIntersection, maskUnion }: EvaluationRow): number | null {
  if (maskIntersection === null || maskUnion === null) return null;
  return maskUnion > 0 ? maskIntersection / maskUnion : 0;
}

/** Weighted sums of measures by image, ready for the bootstrap. */
export function clustersOf(
  weighed: readonly WeighedRow[],
  measures: readonly ((row: EvaluationRow) => number)[],
): Clusters {
  const stride = measures.length + 1;
  const indexOf = new Map<number, number>();
  for (const { row } of weighed) if (!indexOf.has(row.imageId)) indexOf.set(row.imageId, indexOf.size);
  const totals = new Float64Array(indexOf.size * stride);
  for (const { row, weight } of weighed) {
    const start = (indexOf.get(row.imageId) ?? 0) * stride;
    totals[start] = (totals[start] ?? 0) + weight;
    measures.forEach((measure, index) => {
      const at = start + index + 1;
      totals[at] = (totals[at] ?? 0) + weight * measure(row);
    });
  }
  return { count: indexOf.size, measures: measures.length, totals };
}

/** Weighted mean of a measure over the rows that have it; null where none has. */
function meanOf(
  rows: readonly EvaluationRow[],
  unit: Unit,
  measure: (row: EvaluationRow) => number | null,
): number | null {
  let total = 0;
  let weights = 0;
  const having = rows.filter((row) => measure(row) !== null);
  for (const { row, weight } of weigh(having, unit)) {
    total += weight * (measure(row) ?? 0);
    weights += weight;
  }
  return having.length > 0 ? total / weights : null;
}

/** Units among the rows: expressions, or different referents. */
export function unitCount(rows: readonly EvaluationRow[], unit: Unit): number {
  return unit === 'expression' ? rows.length : new Set(rows.map((row) => row.referentId)).size;
}

const nothing = { value: 0, low: 0, high: 0 };
const boxMeasures = [
  (row: EvaluationRow) => isRight(row, 0.5),
  (row: EvaluationRow) => isRight(row, 0.75),
  (row: EvaluationRow) => row.iou ?? 0,
];
const maskMeasure = (row: EvaluationRow) => maskIou(row) ?? 0;

/** All metrics of one run's rows. Rows without a ground-truth box must have been left out. */
export function metricsOf(rows: readonly EvaluationRow[], unit: Unit): Metrics {
  const masked = rows.filter((row) => maskIou(row) !== null);
  const allMasked = masked.length === rows.length;
  const clusters = clustersOf(weigh(rows, unit), allMasked ? [...boxMeasures, maskMeasure] : boxMeasures);
  const [accuracy50 = nothing, accuracy75 = nothing, meanIou = nothing, ofMasks] = bootstrapMeans(clusters);
  // Images without masks take no part in the resampling of mask measures.
  const [maskMeanIou = null] = ofMasks
    ? [ofMasks]
    : bootstrapMeans(clustersOf(weigh(masked, unit), [maskMeasure]));
  return {
    count: unitCount(rows, unit),
    images: clusters.count,
    answered: rows.filter((row) => row.answered).length,
    accuracy50,
    accuracy75,
    meanIou,
    maskCount: unitCount(masked, unit),
    maskMeanIou,
    maskOverallIou: overallIouOf(masked, unit),
    maskPrecision:
      masked.length === 0
        ? null
        : maskThresholds.map(
            (threshold) => meanOf(masked, unit, (row) => Number(maskMeasure(row) >= threshold)) ?? 0,
          ),
    proposalRecall: meanOf(rows, unit, ({ bestProposalIou }) =>
      bestProposalIou === null ? null : Number(bestProposalIou >= 0.5),
    ),
    pointingAccuracy: meanOf(rows, unit, ({ pointInside }) =>
      pointInside === null ? null : Number(pointInside),
    ),
    chance: meanOf(rows, unit, (row) => row.chance),
  };
}

/** Sum of intersections over sum of unions; null without masks. */
function overallIouOf(masked: readonly EvaluationRow[], unit: Unit): number | null {
  let intersections = 0;
  let unions = 0;
  for (const { row, weight } of weigh(masked, unit)) {
    intersections += weight * (row.maskIntersection ?? 0);
    unions += weight * (row.maskUnion ?? 0);
  }
  if (masked.length === 0) return null;
  return unions > 0 ? intersections / unions : 0;
}

/** Weight of the rows in each of 20 bins of box IoU; the last bin includes 1. */
export function iouHistogramOf(rows: readonly EvaluationRow[], unit: Unit): number[] {
  const bins = new Array<number>(iouBins).fill(0);
  for (const { row, weight } of weigh(rows, unit)) {
    const bin = Math.min(iouBins - 1, Math.floor((row.iou ?? 0) * iouBins));
    bins[bin] = (bins[bin] ?? 0) + weight;
  }
  return bins;
}

/** Share of units with IoU ≥ t for t = 0, 0.05 … 1. */
export function accuracyCurveOf(
  rows: readonly EvaluationRow[],
  unit: Unit,
): { threshold: number; accuracy: number }[] {
  return Array.from({ length: iouBins + 1 }, (_, step) => {
    const threshold = step / iouBins;
    return { threshold, accuracy: meanOf(rows, unit, (row) => isRight(row, threshold)) ?? 0 };
  });
}
