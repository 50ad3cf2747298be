/**
 * Cluster bootstrap: 95% intervals by resampling images, because the expressions of one image are not independent
 * of one another (METHODS H). What is resampled are sums per image: of every draw one set of counts is made, which
 * all metrics of all runs share, so that differences of runs are paired and cost nothing more.
 */
import type { Estimate } from '../../../common/contract';

export const bootstrapSeed = 1;
const manyDraws = 10_000;
/** With so many images the ends of an interval hardly move any more. */
const manyImages = 10_000;

export function drawsFor(images: number): number {
  return images > manyImages ? manyDraws / 5 : manyDraws;
}

/** Draws for each slice of an evaluation of so many images. */
export function sliceDrawsFor(images: number): number {
  return images > manyImages ? manyDraws / 10 : manyDraws / 5;
}

/** How every interval is made, in words: printed with the numbers. */
export function intervalDescription(images: number): string {
  const words = (draws: number) => draws.toLocaleString('en-US');
  const ofSlices = `in slices ${words(sliceDrawsFor(images))}`;
  return `95% percentile interval of ${words(drawsFor(images))} resamples of images (cluster bootstrap, seed ${bootstrapSeed}; ${ofSlices})`;
}

/** Whole 32-bit random numbers from xoshiro128** (Blackman and Vigna), seeded through splitmix32. */
export class RandomNumbers {
  readonly #state = new Int32Array(4);

  constructor(seed: number) {
    let mixed = seed >>> 0;
    for (let index = 0; index < 4; index += 1) {
      mixed = (mixed + 0x9e3779b9) >>> 0;
      let value = mixed ^ (mixed >>> 16);
      value = Math.imul(value, 0x21f0aaad);
      value ^= value >>> 15;
      value = Math.imul(value, 0x735a2d97);
      this.#state[index] = value ^ (value >>> 15);
    }
  }

  /** The next numbers, as many as fit: many at a time, because there are millions. */
  fill(into: Uint32Array): void {
    const state = this.#state;
    let a = state[0] ?? 0;
    let b = state[1] ?? 0;
    let c = state[2] ?? 0;
    let d = state[3] ?? 0;
    for (let index = 0; index < into.length; index += 1) {
      const product = Math.imul(b, 5);
      into[index] = Math.imul((product << 7) | (product >>> 25), 9);
      const shifted = b << 9;
      c ^= a;
      d ^= b;
      b ^= c;
      a ^= d;
      c ^= shifted;
      d = (d << 11) | (d >>> 21);
    }
    state.set([a, b, c, d]);
  }
}

/** The value at a share of the way through sorted numbers, interpolated linearly (numpy's default). */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const position = (sorted.length - 1) * share;
  const below = Math.floor(position);
  const low = sorted[below] ?? 0;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] ?? low;
  return low + (high - low) * (position - below);
}

/**
 * For each column (a sum per image, all of the same length) its total in each draw: as many images as there are,
 * drawn with replacement. Four draws and two columns at a time: eight sums that the processor works on side by side.
 */
export function resampleSums(
  columns: readonly Float64Array[],
  images: number,
  { draws, seed = bootstrapSeed }: { draws: number; seed?: number },
): Float64Array[] {
  const random = new RandomNumbers(seed);
  const numbers = new Uint32Array(images);
  const scale = images / 0x1_0000_0000;
  const sums = columns.map(() => new Float64Array(draws));
  const counts = Array.from({ length: 4 }, () => new Float64Array(images)) as FourCounts;
  for (let draw = 0; draw < draws; draw += 4) {
    for (const times of counts) {
      times.fill(0);
      random.fill(numbers);
      for (let pick = 0; pick < images; pick += 1) {
        const picked = Math.floor((numbers[pick] ?? 0) * scale);
        times[picked] = (times[picked] ?? 0) + 1;
      }
    }
    for (let from = 0; from < images; from += tile) {
      const to = Math.min(images, from + tile);
      for (let index = 0; index < columns.length; index += 2) {
        addSums(columns, sums, index, counts, { draw, from, to });
      }
    }
  }
  return sums;
}

type FourCounts = [Float64Array, Float64Array, Float64Array, Float64Array];

/** Images at a time, so that what is read stays near the processor. */
const tile = 1_024;

/** Adds the images `from` to `to` of two columns to their sums in four draws. */
function addSums(
  columns: readonly Float64Array[],
  sums: readonly Float64Array[],
  index: number,
  [first, second, third, fourth]: FourCounts,
  { draw, from, to }: { draw: number; from: number; to: number },
): void {
  const column = columns[index];
  // Of an odd number of columns the last is added up twice, and once for nothing.
  const other = columns[index + 1] ?? column;
  if (!column || !other) return;
  // One by one: an array taken apart is slow in the innermost loop of all.
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let e = 0;
  let f = 0;
  let g = 0;
  let h = 0;
  for (let image = from; image < to; image += 1) {
    const value = column[image] ?? 0;
    const otherValue = other[image] ?? 0;
    const one = first[image] ?? 0;
    const two = second[image] ?? 0;
    const three = third[image] ?? 0;
    const four = fourth[image] ?? 0;
    a += value * one;
    b += value * two;
    c += value * three;
    d += value * four;
    e += otherValue * one;
    f += otherValue * two;
    g += otherValue * three;
    h += otherValue * four;
  }
  addAt(sums[index], draw, a, b, c, d);
  addAt(sums[index + 1], draw, e, f, g, h);
}

/** Past the end nothing is written: typed arrays have no such places. */
function addAt(into: Float64Array | undefined, at: number, a: number, b: number, c: number, d: number): void {
  if (!into) return;
  into[at] = (into[at] ?? 0) + a;
  into[at + 1] = (into[at + 1] ?? 0) + b;
  into[at + 2] = (into[at + 2] ?? 0) + c;
  into[at + 3] = (into[at + 3] ?? 0) + d;
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
