/**
 * Cluster bootstrap: 95% intervals by resampling images, because the expressions of one image are not independent
 * of one another (METHODS H). What is resampled are sums per image, so a draw costs one pass over the images.
 */
import type { Estimate } from '../../../common/contract';

export const bootstrapDraws = 2_000;
export const bootstrapSeed = 1;

/** How every interval is made, in words: printed with the numbers. */
export const intervalDescription = `95% percentile interval of ${bootstrapDraws.toLocaleString('en-US')} resamples of images (cluster bootstrap, seed ${bootstrapSeed})`;

/** Sums of one or more measures over each image's units. */
export interface Clusters {
  /** Number of images. */
  count: number;
  /** Number of measures. */
  measures: number;
  /** `measures + 1` numbers an image: the weight of its units, then each measure's weighted sum. */
  totals: Float64Array;
}

/** Whole 32-bit random numbers from xoshiro128** (Blackman and Vigna), seeded through splitmix32. */
export function createRandom(seed: number): () => number {
  let mixed = seed >>> 0;
  const mix = () => {
    mixed = (mixed + 0x9e3779b9) >>> 0;
    let value = mixed ^ (mixed >>> 16);
    value = Math.imul(value, 0x21f0aaad);
    value ^= value >>> 15;
    value = Math.imul(value, 0x735a2d97);
    return (value ^ (value >>> 15)) >>> 0;
  };
  let [a, b, c, d] = [mix(), mix(), mix(), mix()];
  return () => {
    const product = Math.imul(b, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
    return result;
  };
}

/** The value at a share of the way through sorted numbers, interpolated linearly (numpy's default). */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const position = (sorted.length - 1) * share;
  const below = Math.floor(position);
  const low = sorted[below] ?? 0;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] ?? low;
  return low + (high - low) * (position - below);
}

/** Each measure's weighted mean over all images with its 95% interval. Without images: no estimates. */
export function bootstrapMeans(
  clusters: Clusters,
  { draws = bootstrapDraws, seed = bootstrapSeed }: { draws?: number; seed?: number } = {},
): Estimate[] {
  const { count, measures, totals } = clusters;
  if (count === 0) return [];
  const stride = measures + 1;
  const sums = new Float64Array(stride);
  const means = Array.from({ length: measures }, () => new Float64Array(draws));
  const random = createRandom(seed);
  for (let draw = 0; draw < draws; draw += 1) {
    sums.fill(0);
    for (let pick = 0; pick < count; pick += 1) {
      const start = Math.floor((random() / 0x1_0000_0000) * count) * stride;
      for (let part = 0; part < stride; part += 1)
        sums[part] = (sums[part] ?? 0) + (totals[start + part] ?? 0);
    }
    for (let measure = 0; measure < measures; measure += 1) {
      const samples = means[measure];
      if (samples) samples[draw] = (sums[measure + 1] ?? 0) / (sums[0] ?? 1);
    }
  }
  sums.fill(0);
  for (let index = 0; index < totals.length; index += 1) {
    const part = index % stride;
    sums[part] = (sums[part] ?? 0) + (totals[index] ?? 0);
  }
  return means.map((samples, measure) => {
    samples.sort();
    return {
      value: (sums[measure + 1] ?? 0) / (sums[0] ?? 1),
      low: quantile(samples, 0.025),
      high: quantile(samples, 0.975),
    };
  });
}
