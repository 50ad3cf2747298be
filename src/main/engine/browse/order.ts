/** Rows in order. Every sort is stable and by counting, so that a million rows take tens of milliseconds. */
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

/** Into which numbers are sorted in one go; what shares a bucket is put in order afterwards. */
const buckets = 262_144;

/**
 * By one pass into buckets of equal width, which leaves a few neighbours to put in order: the numbers (IoUs and their
 * differences) lie well spread, but for the many that are exactly zero and have a bucket of their own.
 */
function sortedByNumber(rows: Int32Array, of: Float64Array, descending: boolean): Int32Array {
  let most = 0;
  for (let index = 0; index < rows.length; index += 1) most = Math.max(most, of[rows[index] ?? 0] || 0);
  const scale = most > 0 ? (buckets - 2) / most : 0;
  const places = new Int32Array(rows.length);
  const starts = new Int32Array(buckets + 1);
  for (let index = 0; index < rows.length; index += 1) {
    const value = of[rows[index] ?? 0] ?? Number.NaN;
    // What has no number comes last in either direction.
    let place = buckets;
    if (value === value) {
      place = value === 0 ? 0 : 1 + Math.floor(value * scale);
      if (descending) place = buckets - 1 - place;
    }
    places[index] = place;
    starts[place] = (starts[place] ?? 0) + 1;
  }
  let before = 0;
  for (let place = 0; place <= buckets; place += 1) {
    const count = starts[place] ?? 0;
    starts[place] = before;
    before += count;
  }
  const sorted = new Int32Array(rows.length);
  for (let index = 0; index < rows.length; index += 1) {
    const place = places[index] ?? 0;
    const to = starts[place] ?? 0;
    sorted[to] = rows[index] ?? 0;
    starts[place] = to + 1;
  }
  // Each start has moved to the end of its bucket.
  let start = 0;
  for (let place = 0; place < buckets; place += 1) {
    const end = starts[place] ?? 0;
    if (end - start > 1) orderBucket(sorted, start, end, of, descending);
    start = end;
  }
  return sorted;
}

const fewRows = 32;

/** Puts rows of one bucket in order; equal numbers stay as they are. */
function orderBucket(
  rows: Int32Array,
  start: number,
  end: number,
  of: Float64Array,
  descending: boolean,
): void {
  const first = of[rows[start] ?? 0] ?? 0;
  if (end - start > fewRows) {
    const some = rows.subarray(start, end);
    if (some.every((row) => of[row] === first)) return;
    const sign = descending ? -1 : 1;
    some.sort((a, b) => sign * ((of[a] ?? 0) - (of[b] ?? 0)));
    return;
  }
  for (let index = start + 1; index < end; index += 1) {
    const row = rows[index] ?? 0;
    const value = of[row] ?? 0;
    let to = index;
    for (; to > start; to -= 1) {
      const other = of[rows[to - 1] ?? 0] ?? 0;
      if (descending ? other >= value : other <= value) break;
      rows[to] = rows[to - 1] ?? 0;
    }
    rows[to] = row;
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
