/** Where the rows of a long list lie, as pure arithmetic in CSS pixels: a million rows cost no more than a hundred. */

/** One row of tiles or lines: the entries of the list from one index to before another. */
export interface EntryRow {
  kind: 'entries';
  from: number;
  to: number;
  top: number;
}

/** The head of a group: above the entries of the list from one index to before another. */
export interface HeadRow {
  kind: 'head';
  from: number;
  to: number;
  top: number;
}

export type ListRow = EntryRow | HeadRow;

export interface RowsLayout {
  /** Of all rows, with the padding above and below. */
  height: number;
  /** The rows that reach into the part from `top` to `bottom`. */
  between(top: number, bottom: number): ListRow[];
  /** Where the row of an entry lies; the first of a group includes its head. */
  placeOf(index: number): { top: number; bottom: number };
  /** The entry so many rows below (or, negative, above), in the same column where the row reaches so far. */
  stepped(index: number, rows: number): number;
}

export interface RowsShape {
  count: number;
  columns: number;
  rowHeight: number;
  /** Above the first row and below the last. */
  padding: number;
}

/** Rows of one height, all full but the last. */
export function plainRows({ count, columns, rowHeight, padding }: RowsShape): RowsLayout {
  const rows = Math.ceil(count / columns);
  const topOf = (row: number) => padding + row * rowHeight;
  return {
    height: topOf(rows) + padding,
    between(top, bottom) {
      const first = Math.max(0, Math.floor((top - padding) / rowHeight));
      const last = Math.min(rows - 1, Math.floor((bottom - padding) / rowHeight));
      return Array.from({ length: Math.max(0, last - first + 1) }, (_, offset) => {
        const from = (first + offset) * columns;
        return { kind: 'entries', from, to: Math.min(count, from + columns), top: topOf(first + offset) };
      });
    },
    placeOf(index) {
      const top = topOf(Math.floor(index / columns));
      return { top, bottom: top + rowHeight };
    },
    stepped(index, by) {
      const row = Math.min(rows - 1, Math.max(0, Math.floor(index / columns) + by));
      return Math.min(count - 1, row * columns + (index % columns));
    },
  };
}

/** Groups under heads; a group begins a row of its own. `starts`: index of the first entry of each group, from 0. */
export function groupedRows(
  { count, columns, rowHeight, padding }: RowsShape,
  starts: Int32Array,
  headHeight: number,
): RowsLayout {
  const groups = starts.length;
  const endOf = (group: number) => starts[group + 1] ?? count;
  const rowsOf = (group: number) => Math.ceil((endOf(group) - (starts[group] ?? 0)) / columns);
  const tops = new Float64Array(groups + 1);
  tops[0] = padding;
  for (let group = 0; group < groups; group += 1) {
    tops[group + 1] = (tops[group] ?? 0) + headHeight + rowsOf(group) * rowHeight;
  }
  const place = (index: number) => {
    const group = lastNotAbove(starts, index);
    const offset = index - (starts[group] ?? 0);
    return { group, row: Math.floor(offset / columns), column: offset % columns };
  };
  return {
    height: (tops[groups] ?? padding) + padding,
    between(top, bottom) {
      const found: ListRow[] = [];
      for (let group = Math.max(0, lastNotAbove(tops, top)); group < groups; group += 1) {
        const start = tops[group] ?? 0;
        if (start > bottom) break;
        const [from, to] = [starts[group] ?? 0, endOf(group)];
        if (start + headHeight > top) found.push({ kind: 'head', from, to, top: start });
        const entries = start + headHeight;
        const first = Math.max(0, Math.floor((top - entries) / rowHeight));
        const last = Math.min(rowsOf(group) - 1, Math.floor((bottom - entries) / rowHeight));
        for (let row = first; row <= last; row += 1) {
          const begin = from + row * columns;
          found.push({
            kind: 'entries',
            from: begin,
            to: Math.min(to, begin + columns),
            top: entries + row * rowHeight,
          });
        }
      }
      return found;
    },
    placeOf(index) {
      const { group, row } = place(index);
      const top = (tops[group] ?? 0) + (row === 0 ? 0 : headHeight + row * rowHeight);
      return { top, bottom: (tops[group] ?? 0) + headHeight + (row + 1) * rowHeight };
    },
    stepped(index, by) {
      const at = place(index);
      let { group, row } = at;
      const direction = Math.sign(by);
      for (let left = Math.abs(by); left > 0; left -= 1) {
        const next = row + direction;
        if (next >= 0 && next < rowsOf(group)) row = next;
        else if (group + direction >= 0 && group + direction < groups) {
          group += direction;
          row = direction > 0 ? 0 : rowsOf(group) - 1;
        } else break;
      }
      const begin = (starts[group] ?? 0) + row * columns;
      return Math.min(endOf(group) - 1, begin + at.column);
    },
  };
}

/** Place of the last value that is not above the given one; −1: all are. */
function lastNotAbove(values: ArrayLike<number>, value: number): number {
  let [low, high] = [0, values.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    if ((values[middle] ?? 0) <= value) low = middle + 1;
    else high = middle - 1;
  }
  return high;
}

/** Index of the first entry of each group of equal values. */
export function groupStarts(values: Int32Array): Int32Array {
  const starts: number[] = [];
  for (let index = 0; index < values.length; index += 1) {
    if (index === 0 || values[index] !== values[index - 1]) starts.push(index);
  }
  return Int32Array.from(starts);
}

/** No element of a page can be higher than this (Chromium's limit is 33,554,432 pixels). */
export const highestContent = 30_000_000;

/** Pixels of the list for one pixel of scrolling: more than one where the list is higher than a page can be. */
export function scrollRatio(height: number, viewport: number): number {
  if (height <= highestContent) return 1;
  return (height - viewport) / (highestContent - viewport);
}
