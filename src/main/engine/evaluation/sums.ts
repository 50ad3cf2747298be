/** Sums per image of every measure of every run, over the whole and over parts of it: what is resampled. */
import type { Pieces } from '../jobs/pieces';
import { measureGroups, measures, rowsOfGroup, type Measure, type MeasureGroup } from './measures';
import {
  unitCount,
  weightsOf,
  type Comparator,
  type EvaluationTable,
  type Rows,
  type RunColumns,
  type Unit,
} from './table';

export interface Counting {
  unit: Unit;
  comparator: Comparator;
}

/** Some of the rows: the whole, or a slice, of which fewer measures are wanted. */
export interface Part {
  rows: Rows;
  draws: number;
  slice: boolean;
}

/** A measure as a ratio of sums, each an entry an image. */
export interface Ratio {
  measure: Measure;
  numerator: Float64Array;
  denominator: Float64Array;
}

export interface RunSums {
  ratios: Ratio[];
  /** Units on which each group of measures is defined. */
  units: Record<MeasureGroup, number>;
}

export interface PartSums {
  /** The part's images as places among all, in the order of the sums; null: all of them. */
  images: Int32Array | null;
  imageCount: number;
  /** In the order of the table's runs. */
  runs: RunSums[];
}

/** The place of each row's image among the images of the rows, in order of appearance. */
export function imagesOf(imageIds: Int32Array, rows: Rows): { index: Int32Array; count: number } {
  const known = new Map<number, number>();
  const index = new Int32Array(rows.length);
  let before = Number.NaN;
  let place = 0;
  rows.forEach((row, position) => {
    const id = imageIds[row] ?? 0;
    // Rows of an image mostly follow each other.
    if (id !== before) {
      place = known.get(id) ?? known.size;
      if (place === known.size) known.set(id, place);
      before = id;
    }
    index[position] = place;
  });
  return { index, count: known.size };
}

/** A part's rows with their images: places among the part's own. */
interface Placed extends Part {
  index: Int32Array;
  images: Int32Array | null;
  imageCount: number;
}

/** Rows of a part on which a group is defined, weighed. */
interface Weighed {
  rows: Rows;
  index: Int32Array;
  weights: Float64Array;
  sums: Float64Array;
  units: number;
}

/** `all`: the rows that the parts are of. */
function placeParts(table: EvaluationTable, all: Rows, parts: readonly Part[]): Placed[] {
  const whole = imagesOf(table.imageIds, all);
  const placeOfRow = new Int32Array(table.count);
  all.forEach((row, position) => (placeOfRow[row] = whole.index[position] ?? 0));
  const own = new Int32Array(whole.count);
  return parts.map((part) => {
    if (part.rows === all) return { ...part, index: whole.index, images: null, imageCount: whole.count };
    own.fill(-1);
    const images = new Int32Array(Math.min(whole.count, part.rows.length));
    const index = new Int32Array(part.rows.length);
    let imageCount = 0;
    part.rows.forEach((row, position) => {
      const place = placeOfRow[row] ?? 0;
      if (own[place] === -1) {
        own[place] = imageCount;
        images[imageCount] = place;
        imageCount += 1;
      }
      index[position] = own[place] ?? 0;
    });
    return { ...part, index, images: images.slice(0, imageCount), imageCount };
  });
}

/** The images of some of the rows; both in order of the rows. */
function indexOfSome(rows: Rows, index: Int32Array, some: Rows): Int32Array {
  const found = new Int32Array(some.length);
  let position = 0;
  for (let place = 0; place < some.length; place += 1) {
    while (rows[position] !== some[place]) position += 1;
    found[place] = index[position] ?? 0;
  }
  return found;
}

function weigh(table: EvaluationTable, part: Placed, rows: Rows, unit: Unit): Weighed {
  const weights = weightsOf(table, rows, unit);
  const index = rows === part.rows ? part.index : indexOfSome(part.rows, part.index, rows);
  const sums = new Float64Array(part.imageCount);
  for (let position = 0; position < rows.length; position += 1) {
    add(sums, index[position] ?? 0, weights[position] ?? 0);
  }
  return { rows, index, weights, sums, units: unitCount(table, rows, unit) };
}

function add(column: Float64Array, at: number, value: number): void {
  column[at] = (column[at] ?? 0) + value;
}

/** The sums per image of values a row. */
function sumsOf(values: Float64Array, { rows, index, weights }: Weighed, images: number): Float64Array {
  const sums = new Float64Array(images);
  for (let position = 0; position < rows.length; position += 1) {
    add(sums, index[position] ?? 0, (weights[position] ?? 0) * (values[rows[position] ?? 0] ?? 0));
  }
  return sums;
}

function fill(values: Float64Array, rows: Rows, of: (row: number) => number): void {
  for (const row of rows) values[row] = of(row);
}

/** What a row adds is found once, however many parts it belongs to. `all`: the rows that the parts are of. */
export function* sumParts(
  table: EvaluationTable,
  all: Rows,
  parts: readonly Part[],
  { unit, comparator }: Counting,
): Pieces<PartSums[]> {
  yield { begin: 'Adding up the measures of each image', total: table.runs.length * measures.length };
  const placed = placeParts(table, all, parts);
  // Runs that are defined on all rows of a part share its weights.
  const whole = placed.map((part) => weigh(table, part, part.rows, unit));
  const above = new Float64Array(table.count);
  const below = new Float64Array(table.count);
  const sums = placed.map(({ images, imageCount }): PartSums => ({ images, imageCount, runs: [] }));
  for (const run of table.runs) {
    const own = placed.map((): RunSums => ({ ratios: [], units: {} as RunSums['units'] }));
    for (const group of measureGroups) {
      const rows = rowsOfGroup(run, all, group);
      // Defined on all rows or on none, it is so in every part.
      const weighed = placed.map((part, place) => {
        if (rows === all) return whole[place];
        return rows.length === 0 ? undefined : weighGroup(table, run, part, group, whole[place], unit);
      });
      yield;
      weighed.forEach((one, place) => {
        const target = own[place];
        if (target) target.units[group] = one?.units ?? 0;
      });
      for (const measure of measures) {
        if (measure.group !== group) continue;
        yield { done: 1 };
        if (rows.length === 0) continue;
        const { of, per } = measure;
        fill(above, rows, (row) => of(run, row, comparator));
        if (per) fill(below, rows, (row) => per(run, row));
        placed.forEach(({ slice, imageCount }, place) => {
          const part = weighed[place];
          if (!part || part.rows.length === 0 || (slice && measure.inSlices === 'nothing')) return;
          const numerator = sumsOf(above, part, imageCount);
          const denominator = per ? sumsOf(below, part, imageCount) : part.sums;
          own[place]?.ratios.push({ measure, numerator, denominator });
        });
      }
    }
    own.forEach((found, place) => sums[place]?.runs.push(found));
  }
  return sums;
}

function weighGroup(
  table: EvaluationTable,
  run: RunColumns,
  part: Placed,
  group: MeasureGroup,
  whole: Weighed | undefined,
  unit: Unit,
): Weighed | undefined {
  const rows = rowsOfGroup(run, part.rows, group);
  return rows === part.rows ? whole : weigh(table, part, rows, unit);
}
