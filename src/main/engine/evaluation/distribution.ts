/** How the IoUs of a run are spread. */
import { reaches, weightsOf, type EvaluationTable, type Rows, type RunColumns } from './table';
import type { Counting } from './sums';

/** Bins of the IoU histogram, and steps of the accuracy curve. */
export const iouBins = 20;

/** Weight of the rows in each of 20 bins of box IoU; the last bin includes 1. */
export function iouHistogramOf(
  table: EvaluationTable,
  run: RunColumns,
  rows: Rows,
  { unit }: Counting,
): number[] {
  const bins = new Array<number>(iouBins).fill(0);
  weightsOf(table, rows, unit).forEach((weight, position) => {
    const iou = run.iou[rows[position] ?? 0] ?? 0;
    const bin = Math.min(iouBins - 1, Math.floor(iou * iouBins));
    bins[bin] = (bins[bin] ?? 0) + weight;
  });
  return bins;
}

/** Share of units with IoU ≥ t (or > t, as the protocol says) for t = 0, 0.05 … 1. */
export function accuracyCurveOf(
  table: EvaluationTable,
  run: RunColumns,
  rows: Rows,
  { unit, comparator }: Counting,
): { threshold: number; accuracy: number }[] {
  const weights = weightsOf(table, rows, unit);
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  return Array.from({ length: iouBins + 1 }, (_, step) => {
    const threshold = step / iouBins;
    let reached = 0;
    for (let position = 0; position < rows.length; position += 1) {
      const iou = run.iou[rows[position] ?? 0] ?? 0;
      if (reaches(iou, threshold, comparator)) reached += weights[position] ?? 0;
    }
    return { threshold, accuracy: whole > 0 ? reached / whole : 0 };
  });
}
