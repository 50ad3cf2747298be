/**
 * Cluster bootstrap: 95% intervals by resampling images, because the expressions of one image are not independent
 * of one another (METHODS H). What is resampled are sums per image: of every draw one set of counts is made, which
 * all metrics of all runs share, so that differences of runs are paired and cost nothing more.
 */
import type { Estimate } from '../../../common/contract';
import { packColumns } from './packed-columns';
import { RandomNumbers } from './random-numbers';

export const bootstrapSeed = 1;
const manyDraws = 10_000;
/** With so many images the ends of an interval hardly move any more. */
const manyImages = 10_000;

export function drawsFor(images: number): number {
  return images > manyImages ? manyDraws / 5 : manyDraws;
}

/** Draws for each slice of an evaluation of so many images. */
export function sliceDrawsFor(images: number): number {
  return images > manyImages ? manyDraws / 20 : manyDraws / 5;
}

/**
 * Draws for numbers that are no ratios of sums: medians, areas under curves, calibration. Every draw goes through all
 * rows in their order.
 */
export function orderDrawsFor(images: number): number {
  return images > manyImages ? manyDraws / 20 : manyDraws / 5;
}

/** How every interval is made, in words: printed with the numbers. */
export function intervalDescription(images: number): string {
  const words = (draws: number) => draws.toLocaleString('en-US');
  const fewer = `in slices ${words(sliceDrawsFor(images))}, of median IoU, AURC, ECE and no-referent rates ${words(orderDrawsFor(images))}`;
  return `95% percentile interval of ${words(drawsFor(images))} resamples of images (cluster bootstrap, seed ${bootstrapSeed}; ${fewer})`;
}

/** The value at a share of the way through sorted numbers, interpolated linearly (numpy's default). */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const position = (sorted.length - 1) * share;
  const below = Math.floor(position);
  const low = sorted[below] ?? 0;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] ?? low;
  return low + (high - low) * (position - below);
}

/** Columns of sums per image that are over the same images. */
export interface ColumnGroup {
  columns: readonly Float64Array[];
  /** Places among all images, in the order of the columns' entries; null: all images. */
  images: Int32Array | null;
  /** So many of the draws, the first ones. */
  draws: number;
}

/** Each draw, as how often it has each image: the same draws as all others of so many images. */
export function forEachDraw(
  images: number,
  draws: number,
  visit: (times: Uint16Array, draw: number) => void,
): void {
  const random = new RandomNumbers(bootstrapSeed);
  // Small, because whoever visits reads it in any order.
  const times = new Uint16Array(images);
  for (let draw = 0; draw < draws; draw += 1) {
    random.draw(times);
    visit(times, draw);
  }
}

/**
 * For each group's columns their totals in each draw of the images. All groups share the draws, so that a slice is
 * resampled together with the whole. Four draws and two columns at a time: eight sums that the processor works on
 * side by side.
 */
export function resampleGroups(
  groups: readonly ColumnGroup[],
  images: number,
  seed = bootstrapSeed,
): Float64Array[][] {
  const random = new RandomNumbers(seed);
  const four = () => Array.from({ length: 4 }, () => new Float64Array(images)) as FourCounts;
  const [counts, gathered] = [four(), four()];
  const packed = groups.map(({ columns }) => packColumns(columns, images));
  const sums = groups.map(({ draws }, place) =>
    (packed[place]?.columns ?? []).map(() => new Float64Array(draws)),
  );
  const most = groups.reduce((highest, { draws }) => Math.max(highest, draws), 0);
  for (let draw = 0; draw < most; draw += 4) {
    for (const times of counts) random.draw(times);
    groups.forEach((group, place) => {
      if (draw >= group.draws) return;
      if (group.images) gather(counts, group.images, gathered);
      const entries = group.images?.length ?? images;
      const columns = packed[place]?.columns ?? [];
      addColumns(columns, sums[place] ?? [], group.images ? gathered : counts, { draw, entries });
    });
  }
  return packed.map(({ unpack }, place) => unpack(sums[place] ?? []));
}

/** The totals of columns over all images. */
export function resampleSums(
  columns: readonly Float64Array[],
  images: number,
  { draws, seed = bootstrapSeed }: { draws: number; seed?: number },
): Float64Array[] {
  return resampleGroups([{ columns, images: null, draws }], images, seed)[0] ?? [];
}

function gather(counts: FourCounts, images: Int32Array, into: FourCounts): void {
  counts.forEach((times, index) => {
    const own = into[index];
    if (!own) return;
    for (let place = 0; place < images.length; place += 1) own[place] = times[images[place] ?? 0] ?? 0;
  });
}

function addColumns(
  columns: readonly Float64Array[],
  sums: readonly Float64Array[],
  counts: FourCounts,
  { draw, entries }: { draw: number; entries: number },
): void {
  for (let from = 0; from < entries; from += tile) {
    const to = Math.min(entries, from + tile);
    for (let index = 0; index < columns.length; index += 2) {
      addSums(columns, sums, index, counts, { draw, from, to });
    }
  }
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
