/** Resampling images: of every draw one set of counts is made, which all columns of all groups share. */
import type { Pieces } from '../jobs/pieces';
import { bootstrapSeed } from './bootstrap';
import { fromDigitSums, toFixedPoint, type FixedPoint } from './fixed-point';
import { RandomNumbers } from './random-numbers';
import { padded, SumKernel, together } from './sum-kernel';

/** Columns of sums per image that are over the same images. */
export interface ColumnGroup {
  columns: readonly Float64Array[];
  /** Places among all images, in the order of the columns' entries; null: all images. */
  images: Int32Array | null;
  /** So many of the draws, the first ones. */
  draws: number;
}

/** Each draw, as how often it has each image: the same draws as all others of so many images. A draw is a piece. */
export function* forEachDraw(
  images: number,
  draws: number,
  visit: (times: Uint16Array, draw: number) => void,
): Pieces<void> {
  const random = new RandomNumbers(bootstrapSeed);
  // Small, because whoever visits reads it in any order.
  const times = new Uint16Array(images);
  for (let draw = 0; draw < draws; draw += 1) {
    random.draw(times);
    visit(times, draw);
    yield { done: 1 };
  }
}

/** Entries of each column at a time, so that what is read stays near the processor: a multiple of eight. */
const tile = 4_096;
/** With more images two digits are enough: what they cut off of each image is lost in the mean. */
const manyImages = 10_000;

/** Kept for the next: its memory is large enough for the largest evaluation so far. Whoever resamples has one alone. */
let spare: SumKernel | null = null;

/** Digits of a column with their totals in each draw, both in the kernel's memory. */
type Summed = readonly [digit: Int16Array, sums: Float64Array];

/**
 * For each group's columns their totals in each draw of the images. All groups share the draws, so that a slice is
 * resampled together with the whole.
 */
export function* resampleGroups(
  groups: readonly ColumnGroup[],
  images: number,
  seed = bootstrapSeed,
): Pieces<Float64Array[][]> {
  const kernel = spare ?? new SumKernel();
  spare = null;
  try {
    return yield* resampleBy(kernel, groups, images, seed);
  } finally {
    spare = kernel;
  }
}

function* resampleBy(
  sumKernel: SumKernel,
  groups: readonly ColumnGroup[],
  images: number,
  seed: number,
): Pieces<Float64Array[][]> {
  const digitsOfOthers = images > manyImages ? 2 : 3;
  const stride = padded(images);
  const room = (draws: number) => together * Math.ceil(draws / together);
  const fixed: FixedPoint[][] = [];
  for (const { columns, images: own } of groups) {
    const ofGroup: FixedPoint[] = [];
    for (const column of columns) {
      ofGroup.push(toFixedPoint(column, padded(own?.length ?? images), digitsOfOthers));
      yield;
    }
    fixed.push(ofGroup);
  }
  const all = Math.max(0, ...groups.map(({ draws }) => draws));
  // Counts of all images and of a group's, the state, and where the sums of no column go.
  const size = { counts: 2 * together * stride + 8, doubles: room(all) };
  fixed.forEach((columns, place) => {
    for (const digit of columns.flatMap(({ digits }) => digits)) {
      size.counts += digit.length;
      size.doubles += room(groups[place]?.draws ?? 0);
    }
  });
  sumKernel.reserve(size);
  const state = sumKernel.takeState(new RandomNumbers(seed).state);
  const counts = sumKernel.takeCounts(together * stride);
  const gathered = sumKernel.takeCounts(together * stride);
  const nowhere = sumKernel.takeDoubles(room(all));
  const summed = fixed.map((columns, place) =>
    columns.map(({ digits }) =>
      digits.map((digit): Summed => {
        const own = sumKernel.takeCounts(digit.length);
        own.set(digit);
        return [own, sumKernel.takeDoubles(room(groups[place]?.draws ?? 0))];
      }),
    ),
  );
  const flat = summed.map((columns) => columns.flat());
  const timesOf = Array.from({ length: together }, (_, one) =>
    counts.subarray(one * stride, (one + 1) * stride),
  );
  if (all > 0) yield { begin: 'Drawing images for the intervals', total: all };
  for (let draw = 0; draw < all; draw += together) {
    for (const times of timesOf) sumKernel.draw(state, times, images);
    groups.forEach((group, place) => {
      if (draw >= group.draws) return;
      if (group.images) gather(counts, group.images, gathered, stride);
      const entries = padded(group.images?.length ?? images);
      const places = { at: draw, stride, entries };
      addColumns(sumKernel, flat[place] ?? [], nowhere, group.images ? gathered : counts, places);
    });
    yield { done: Math.min(together, all - draw) };
  }
  return fixed.map((columns, place) =>
    columns.map((column, index) => {
      const sums = (summed[place]?.[index] ?? []).map(([, own]) =>
        own.subarray(0, groups[place]?.draws ?? 0),
      );
      return fromDigitSums(sums, column);
    }),
  );
}

/** The totals of columns over all images. */
export function* resampleSums(
  columns: readonly Float64Array[],
  images: number,
  { draws, seed = bootstrapSeed }: { draws: number; seed?: number },
): Pieces<Float64Array[]> {
  return (yield* resampleGroups([{ columns, images: null, draws }], images, seed))[0] ?? [];
}

/** The counts of some images, side by side; what is beyond them counts nothing, because columns are 0 there. */
function gather(counts: Int16Array, images: Int32Array, into: Int16Array, stride: number): void {
  for (let place = 0; place < images.length; place += 1) {
    // Unrolled, because it is done hundreds of millions of times.
    const from = images[place] ?? 0;
    into[place] = counts[from] ?? 0;
    into[place + stride] = counts[from + stride] ?? 0;
    into[place + 2 * stride] = counts[from + 2 * stride] ?? 0;
    into[place + 3 * stride] = counts[from + 3 * stride] ?? 0;
  }
}

/** `nowhere`: takes the sums of the column that an odd number of columns lacks. */
function addColumns(
  sumKernel: SumKernel,
  columns: readonly Summed[],
  nowhere: Float64Array,
  counts: Int16Array,
  { at, stride, entries }: { at: number; stride: number; entries: number },
): void {
  for (let from = 0; from < entries; from += tile) {
    const places = { from, to: Math.min(entries, from + tile), at, stride };
    for (let index = 0; index < columns.length; index += 2) {
      const one = columns[index];
      if (one) sumKernel.add(one, columns[index + 1] ?? [one[0], nowhere], counts, places);
    }
  }
}
