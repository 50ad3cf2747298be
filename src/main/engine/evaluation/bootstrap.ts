/**
 * Cluster bootstrap: 95% intervals by resampling images, because the expressions of one image are not independent
 * of one another (METHODS H). What is resampled are sums per image: of every draw one set of counts is made, which
 * all metrics of all runs share, so that differences of runs are paired and cost nothing more.
 */
import type { Estimate } from '../../../common/contract';

export const bootstrapSeed = 1;
/** Draws of every interval of all expressions, however many there are. */
export const bootstrapDraws = 10_000;
/** Beyond so many images what takes long is drawn less often: the ends of its intervals hardly move any more. */
const manyImages = 10_000;

/**
 * Draws for each slice of an evaluation of so many images, and for numbers that are no ratios of sums (medians, areas under
 * curves, calibration), of which every draw goes through all rows in their order.
 */
export function fewerDrawsFor(images: number): number {
  return images > manyImages ? bootstrapDraws / 20 : bootstrapDraws / 5;
}

/** How every interval is made, in words: printed with the numbers. */
export function intervalDescription(images: number): string {
  const words = (draws: number) => draws.toLocaleString('en-US');
  const fewer = `${words(fewerDrawsFor(images))} in slices and of median IoU, AURC, ECE and no-referent rates`;
  return `95% percentile interval of ${words(bootstrapDraws)} resamples of images (cluster bootstrap, seed ${bootstrapSeed}; ${fewer})`;
}

/** The value at a share of the way through sorted numbers, interpolated linearly (numpy's default). */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const position = (sorted.length - 1) * share;
  const below = Math.floor(position);
  const low = sorted[below] ?? 0;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] ?? low;
  return low + (high - low) * (position - below);
}

/** The ratio of two sums in each draw; draws without a denominator say nothing and are left out. */
export function ratioSamples(numerators: Float64Array, denominators: Float64Array): Float64Array {
  const ratios = numerators.map((value, draw) => value / (denominators[draw] ?? 0));
  return ratios.every((ratio) => Number.isFinite(ratio))
    ? ratios
    : ratios.filter((ratio) => Number.isFinite(ratio));
}

/** A value with the 2.5th and 97.5th percentile of its samples; without samples, both ends are the value. */
export function estimateFrom(value: number, samples: Float64Array): Estimate {
  if (samples.length === 0) return { value, low: value, high: value };
  const sorted = samples.toSorted();
  return { value, low: quantile(sorted, 0.025), high: quantile(sorted, 0.975) };
}

/** Standard deviation of samples, as of a population. */
export function spreadOf(samples: Float64Array): number {
  if (samples.length === 0) return 0;
  const mean = samples.reduce((sum, value) => sum + value, 0) / samples.length;
  return Math.sqrt(samples.reduce((sum, value) => sum + (value - mean) ** 2, 0) / samples.length);
}

/** Wilson's 95% score interval of a share of `count` independent units. */
export function wilsonInterval(share: number, count: number): { low: number; high: number } {
  const z = 1.959963984540054;
  if (count === 0) return { low: 0, high: 1 };
  const scale = 1 + z ** 2 / count;
  const centre = (share + z ** 2 / (2 * count)) / scale;
  const half = (z / scale) * Math.sqrt((share * (1 - share)) / count + z ** 2 / (4 * count ** 2));
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}
