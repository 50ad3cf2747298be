/** Parts of the rows by a value that each has, in order of the values. */
import type { Rows } from './table';

/** By code unit: the same order on every machine, whatever its language. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The rows that have a value. */
export interface ValueSlice {
  value: string;
  rows: Rows;
}

/** The rows of each value; none where no row has a value. */
export function rowsByValue(values: readonly string[], rows: Rows): ValueSlice[] {
  const groups = new Map<string, number[]>();
  for (const row of rows) {
    const value = values[row] ?? '';
    const group = groups.get(value);
    if (group) group.push(row);
    else groups.set(value, [row]);
  }
  if (groups.size === 0 || (groups.size === 1 && groups.has(''))) return [];
  return [...groups]
    .sort(([a], [b]) => compareText(a, b))
    .map(([value, group]) => ({ value, rows: Int32Array.from(group) }));
}
