/** Resampling images: of every draw one set of counts is made, which all columns of all groups share. */
import { bootstrapSeed } from './bootstrap';
import { packColumns } from './packed-columns';
import { RandomNumbers } from './random-numbers';
import { SumKernel } from './sum-kernel';

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

/** Draws that are made and added up at a time. */
const together = 4;
/** Images at a time, so that what is read stays near the processor. */
const tile = 1_024;

/** One for the process: its memory is kept, and large enough for the largest evaluation so far. */
let kernel: SumKernel | null = null;

/** A column with its totals in each draw, both in the kernel's memory. */
type Summed = readonly [column: Float64Array, sums: Float64Array];

/**
 * For each group's columns their totals in each draw of the images. All groups share the draws, so that a slice is
 * resampled together with the whole.
 */
export function resampleGroups(
  groups: readonly ColumnGroup[],
  images: number,
  seed = bootstrapSeed,
): Float64Array[][] {
  const packed = groups.map(({ columns }) => packColumns(columns, images));
  const room = (draws: number) => together * Math.ceil(draws / together);
  const sizes = groups.map(({ draws }, place) => {
    const columns = packed[place]?.columns ?? [];
    return columns.reduce((size, column) => size + column.length + room(draws), 0);
  });
  kernel ??= new SumKernel();
  const sumKernel = kernel;
  // Counts of all images and of a group's, and where the sums of no column go.
  sumKernel.reserve(sizes.reduce((sum, size) => sum + size, 2 * together * images + room(mostDraws(groups))));
  const [counts, gathered] = [sumKernel.take(together * images), sumKernel.take(together * images)];
  const nowhere = sumKernel.take(room(mostDraws(groups)));
  const summed = groups.map(({ draws }, place) =>
    (packed[place]?.columns ?? []).map((column): Summed => {
      const own = sumKernel.take(column.length);
      own.set(column);
      return [own, sumKernel.take(room(draws))];
    }),
  );
  const random = new RandomNumbers(seed);
  const times = new Uint16Array(images);
  for (let draw = 0; draw < mostDraws(groups); draw += together) {
    for (let one = 0; one < together; one += 1) {
      random.draw(times);
      for (let image = 0; image < images; image += 1) counts[together * image + one] = times[image] ?? 0;
    }
    groups.forEach((group, place) => {
      if (draw >= group.draws) return;
      if (group.images) gather(counts, group.images, gathered);
      const entries = group.images?.length ?? images;
      addColumns(sumKernel, summed[place] ?? [], nowhere, group.images ? gathered : counts, {
        draw,
        entries,
      });
    });
  }
  return packed.map(({ unpack }, place) =>
    unpack((summed[place] ?? []).map(([, sums]) => sums.slice(0, groups[place]?.draws ?? 0))),
  );
}

function mostDraws(groups: readonly ColumnGroup[]): number {
  return groups.reduce((highest, { draws }) => Math.max(highest, draws), 0);
}

/** The totals of columns over all images. */
export function resampleSums(
  columns: readonly Float64Array[],
  images: number,
  { draws, seed = bootstrapSeed }: { draws: number; seed?: number },
): Float64Array[] {
  return resampleGroups([{ columns, images: null, draws }], images, seed)[0] ?? [];
}

/** The counts of some images, those of one image side by side. */
function gather(counts: Float64Array, images: Int32Array, into: Float64Array): void {
  for (let place = 0; place < images.length; place += 1) {
    const from = together * (images[place] ?? 0);
    const to = together * place;
    into[to] = counts[from] ?? 0;
    into[to + 1] = counts[from + 1] ?? 0;
    into[to + 2] = counts[from + 2] ?? 0;
    into[to + 3] = counts[from + 3] ?? 0;
  }
}

/** `nowhere`: takes the sums of the column that an odd number of columns lacks. */
function addColumns(
  sumKernel: SumKernel,
  columns: readonly Summed[],
  nowhere: Float64Array,
  counts: Float64Array,
  { draw, entries }: { draw: number; entries: number },
): void {
  for (let from = 0; from < entries; from += tile) {
    const places = { from, to: Math.min(entries, from + tile), at: draw };
    for (let index = 0; index < columns.length; index += 2) {
      const one = columns[index];
      if (one) sumKernel.add(one, columns[index + 1] ?? [one[0], nowhere], counts, places);
    }
  }
}
