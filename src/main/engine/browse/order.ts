/** Rows in order. Every sort is stable and by digits, so that a million rows take tens of milliseconds. */
import type { BrowseSort } from '../../../common/contract';
import type { CodedColumn, Columns, MoreColumns } from './columns';

/** What rows are sorted by: small whole numbers below `size`, or numbers that are not negative (NaN comes last). */
type SortKey =
  | {
      kind: 'whole';
      of: Int32Array;
      ranks: Int32Array | null;
      size: number;
      last: number;
      descending: boolean;
    }
  | { kind: 'number'; name: string; of: () => Float64Array; descending: boolean };

/**
 * Each sort decides between what those before it find equal, at last the dataset's order. `rows` is in the dataset's
 * order and stays as it is. `compared`: the runs whose IoU `spread` compares.
 */
export function inOrder(
  rows: Int32Array,
  columns: Columns,
  more: MoreColumns,
  sorts: readonly BrowseSort[],
  compared: () => readonly number[],
): Int32Array {
  const keys: SortKey[] = [];
  let ordered = rows;
  for (const sort of sorts) {
    if (sort.by === 'dataset') {
      // Nothing comes after the dataset's order: no two expressions are equal in it.
      if (sort.descending) ordered = rows.toReversed();
      break;
    }
    const key = keyOf(sort, columns, more, compared);
    if (key) keys.push(key);
  }
  const last = keys.at(-1);
  if (last?.kind === 'number' && ordered === rows) {
    // The order of all rows by one number is kept: what a filter leaves of it is found by going through it once.
    const { name, of, descending } = last;
    const all = () =>
      sortedByNumber(
        Int32Array.from({ length: columns.count }, (_, row) => row),
        of(),
        descending,
      );
    ordered = keptOf(rows, more.order(`${name} ${descending ? 'descending' : 'ascending'}`, all));
    keys.pop();
  }
  for (const key of keys.reverse()) {
    ordered =
      key.kind === 'whole' ? sortedByWhole(ordered, key) : sortedByNumber(ordered, key.of(), key.descending);
  }
  return ordered;
}

/** The given rows in the order that they have among all. */
function keptOf(rows: Int32Array, all: Int32Array): Int32Array {
  if (rows.length === all.length) return all;
  const wanted = new Uint8Array(all.length);
  for (let index = 0; index < rows.length; index += 1) wanted[rows[index] ?? 0] = 1;
  const kept = new Int32Array(rows.length);
  let count = 0;
  for (let index = 0; index < all.length; index += 1) {
    const row = all[index] ?? 0;
    if (wanted[row] === 1) {
      kept[count] = row;
      count += 1;
    }
  }
  return kept;
}

function keyOf(
  { by, runId, descending }: BrowseSort,
  columns: Columns,
  more: MoreColumns,
  compared: () => readonly number[],
): SortKey | null {
  const coded = (column: CodedColumn | CodedColumn<string | null>): SortKey => {
    const values: readonly (string | null)[] = column.values;
    const { length: size } = values;
    const last = values.includes(null) ? size - 1 : -1;
    return { kind: 'whole', of: column.codes, ranks: column.ranks(), size, last, descending };
  };
  switch (by) {
    case 'kind':
      return coded(columns.kinds);
    case 'category':
      return coded(columns.categories);
    case 'split':
      return coded(columns.splits);
    case 'review':
      return coded(columns.reviewStates);
    case 'label':
      return coded(columns.failureLabels);
    case 'length':
      return whole(columns.words, descending);
    case 'text':
      return whole(more.textRanks(), descending);
    case 'iou':
      return runId === null
        ? null
        : { kind: 'number', name: `iou ${runId}`, of: () => more.results(runId).iou, descending };
    case 'spread': {
      const runIds = compared();
      const of = () => spreadOf(columns.count, more, runIds);
      return { kind: 'number', name: `spread ${runIds.join(' ')}`, of, descending };
    }
    case 'dataset':
      return null;
  }
}

function whole(of: Int32Array, descending: boolean): SortKey {
  let size = 0;
  for (let row = 0; row < of.length; row += 1) size = Math.max(size, (of[row] ?? 0) + 1);
  return { kind: 'whole', of, ranks: null, size, last: -1, descending };
}

/** Highest minus lowest IoU; NaN where no run has one. */
export function spreadOf(count: number, more: MoreColumns, runIds: readonly number[]): Float64Array {
  const ious = runIds.map((runId) => more.results(runId).iou);
  const spread = new Float64Array(count).fill(Number.NaN);
  for (let row = 0; row < count; row += 1) {
    let [low, high] = [Infinity, -Infinity];
    for (const iou of ious) {
      const value = iou[row] ?? Number.NaN;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    if (high >= low) spread[row] = high - low;
  }
  return spread;
}

function sortedByWhole(rows: Int32Array, key: SortKey & { kind: 'whole' }): Int32Array {
  const { of, ranks, size, last, descending } = key;
  const placeOf = (row: number) => {
    const value = ranks ? (ranks[of[row] ?? 0] ?? 0) : (of[row] ?? 0);
    return descending && value !== last ? (last < 0 ? size : last) - 1 - value : value;
  };
  const starts = new Int32Array(size + 1);
  const places = new Int32Array(rows.length);
  for (let index = 0; index < rows.length; index += 1) {
    const place = placeOf(rows[index] ?? 0);
    places[index] = place;
    starts[place + 1] = (starts[place + 1] ?? 0) + 1;
  }
  for (let place = 1; place <= size; place += 1) {
    starts[place] = (starts[place] ?? 0) + (starts[place - 1] ?? 0);
  }
  const sorted = new Int32Array(rows.length);
  for (let index = 0; index < rows.length; index += 1) {
    const place = places[index] ?? 0;
    const to = starts[place] ?? 0;
    sorted[to] = rows[index] ?? 0;
    starts[place] = to + 1;
  }
  return sorted;
}

const digits = 65_536;

/**
 * By the bits of the numbers: of those that are not negative, greater ones have greater bits. The upper word of each
 * decides but between neighbours that share it; those are then put in order by the whole number.
 */
function sortedByNumber(rows: Int32Array, of: Float64Array, descending: boolean): Int32Array {
  // Words of a number: the low one first, as x64 and ARM store it.
  const words = new Uint32Array(of.buffer, of.byteOffset, of.length * 2);
  const sorted = new Int32Array(rows.length);
  const keys = new Uint32Array(rows.length);
  let [valid, last] = [0, rows.length];
  for (let index = 0; index < rows.length; index += 1) {
    const row = rows[index] ?? 0;
    if (Number.isNaN(of[row])) {
      last -= 1;
      sorted[last] = row;
      continue;
    }
    const key = words[2 * row + 1] ?? 0;
    sorted[valid] = row;
    keys[valid] = descending ? ~key : key;
    valid += 1;
  }
  // What has no number comes last in either direction, in the order that it had.
  sorted.subarray(last).reverse();
  let from = { rows: sorted.slice(0, valid), keys: keys.subarray(0, valid) };
  let to = { rows: new Int32Array(valid), keys: new Uint32Array(valid) };
  for (const shift of [0, 16]) {
    sortByDigit(from, to, shift);
    [from, to] = [to, from];
  }
  orderWithinKeys(from, of, descending);
  sorted.set(from.rows);
  return sorted;
}

interface KeyedRows {
  rows: Int32Array;
  keys: Uint32Array;
}

function sortByDigit(from: KeyedRows, to: KeyedRows, shift: number): void {
  const { rows, keys } = from;
  const starts = new Int32Array(digits + 1);
  for (let index = 0; index < keys.length; index += 1) {
    const digit = ((keys[index] ?? 0) >>> shift) & 0xffff;
    starts[digit + 1] = (starts[digit + 1] ?? 0) + 1;
  }
  for (let digit = 1; digit <= digits; digit += 1) {
    starts[digit] = (starts[digit] ?? 0) + (starts[digit - 1] ?? 0);
  }
  for (let index = 0; index < keys.length; index += 1) {
    const key = keys[index] ?? 0;
    const digit = (key >>> shift) & 0xffff;
    const target = starts[digit] ?? 0;
    to.rows[target] = rows[index] ?? 0;
    to.keys[target] = key;
    starts[digit] = target + 1;
  }
}

/** Neighbours of one key but different numbers are few: they differ by less than a millionth. */
function orderWithinKeys({ rows, keys }: KeyedRows, of: Float64Array, descending: boolean): void {
  const numberAt = (index: number) => of[rows[index] ?? 0] ?? 0;
  for (let start = 0; start < rows.length;) {
    let end = start + 1;
    let differ = false;
    while (end < rows.length && keys[end] === keys[start]) {
      if (numberAt(end) !== numberAt(start)) differ = true;
      end += 1;
    }
    if (differ) {
      const sign = descending ? -1 : 1;
      // `sort` is stable.
      const ordered = Array.from(rows.subarray(start, end)).sort(
        (a, b) => sign * ((of[a] ?? 0) - (of[b] ?? 0)),
      );
      rows.set(ordered, start);
    }
    start = end;
  }
}

/** The rows of an image follow each other, images in the order of their first row. */
export function groupedByImage(rows: Int32Array, imageIds: Int32Array): Int32Array {
  let [lowest, highest] = [Infinity, 0];
  for (const imageId of imageIds) {
    if (imageId < lowest) lowest = imageId;
    if (imageId > highest) highest = imageId;
  }
  // Ids of a dataset's images lie together. 0: the image was not met yet.
  const groupOf = new Int32Array(Math.max(0, highest - lowest + 1));
  const groups = new Int32Array(rows.length);
  const sizes = new Int32Array(rows.length + 1);
  let count = 0;
  for (let index = 0; index < rows.length; index += 1) {
    const image = (imageIds[rows[index] ?? 0] ?? 0) - lowest;
    let group = groupOf[image] ?? 0;
    if (group === 0) {
      count += 1;
      group = count;
      groupOf[image] = group;
    }
    groups[index] = group;
    sizes[group] = (sizes[group] ?? 0) + 1;
  }
  const starts = new Int32Array(count + 1);
  for (let group = 2; group <= count; group += 1) {
    starts[group] = (starts[group - 1] ?? 0) + (sizes[group - 1] ?? 0);
  }
  const grouped = new Int32Array(rows.length);
  for (let index = 0; index < rows.length; index += 1) {
    const group = groups[index] ?? 0;
    const to = starts[group] ?? 0;
    grouped[to] = rows[index] ?? 0;
    starts[group] = to + 1;
  }
  return grouped;
}
