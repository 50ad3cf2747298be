/** Means over expressions or objects, with intervals that come from resampling images. */
import type { Estimate, ProbedAccuracy } from '../../../common/contract';
import { bootstrapDraws, estimateFrom, ratioSamples } from '../evaluation/bootstrap';
import { resampleSums } from '../evaluation/resample';
import { atOnce } from '../jobs/pieces';

/** One measured value: of which image, in which group, how much. */
export interface Measured {
  image: number;
  group: string;
  value: number;
}

/** The mean over everything and over each group, in order of the groups' first appearance. */
export function meansOf(
  measured: readonly Measured[],
  images: number,
): { all: Estimate; groups: { group: string; count: number; mean: Estimate }[] } {
  const groups = [...new Set(measured.map(({ group }) => group))];
  const columns = [null, ...groups].flatMap((group) => {
    const sums = new Float64Array(images);
    const counts = new Float64Array(images);
    for (const one of measured) {
      if (group !== null && one.group !== group) continue;
      sums[one.image]! += one.value;
      counts[one.image]! += 1;
    }
    return [sums, counts];
  });
  const samples = atOnce(resampleSums(columns, images, { draws: bootstrapDraws }));
  const total = (column: number) => columns[column]!.reduce((sum, value) => sum + value, 0);
  const estimate = (column: number) => {
    const count = total(column + 1);
    const value = count > 0 ? total(column) / count : 0;
    return estimateFrom(value, ratioSamples(samples[column]!, samples[column + 1]!));
  };
  return {
    all: estimate(0),
    groups: groups.map((group, index) => ({
      group,
      count: total(2 * index + 3),
      mean: estimate(2 * index + 2),
    })),
  };
}

export function accuracyOf(measured: readonly Measured[], images: number): ProbedAccuracy {
  const { all, groups } = meansOf(measured, images);
  return {
    accuracy50: all,
    kinds: groups.map(({ group, count, mean }) => ({ kind: group, count, accuracy50: mean })),
  };
}
