import { describe, expect, it } from 'vitest';
import { assignSlots, type RowSlot } from '../../../src/renderer/views/browse/row-slots';
import { plainRows, type ListRow } from '../../../src/renderer/views/browse/rows-layout';

const layout = plainRows({ count: 400, columns: 4, rowHeight: 100, padding: 0 });
/** The rows from one number to before another. */
const rows = (from: number, to: number) => layout.between(from * 100, to * 100 - 1);
const shown = (slots: readonly RowSlot[]) =>
  slots.filter(({ isSpare }) => !isSpare).map(({ key, row }) => [key, row.from / 4]);
const head = (from: number): ListRow => ({ kind: 'head', from, to: from + 1, top: from * 10 });

describe('slots of rows', () => {
  it('keep the rows that stay, and give those that left to those that came', () => {
    const before = assignSlots([], rows(0, 4), false);
    expect(shown(before)).toEqual([
      [0, 0],
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
    const after = assignSlots(before, rows(2, 6), false);
    expect(shown(after)).toEqual([
      [0, 4],
      [1, 5],
      [2, 2],
      [3, 3],
    ]);
    expect(after[2]).toBe(before[2]);
  });

  it('stay as spare ones where fewer rows are wanted, and come back with what they showed', () => {
    const all = assignSlots([], rows(0, 6), false);
    const fewer = assignSlots(all, rows(2, 4), false);
    expect(fewer).toHaveLength(6);
    expect(shown(fewer)).toEqual([
      [2, 2],
      [3, 3],
    ]);
    expect(shown(assignSlots(fewer, rows(0, 6), false))).toEqual(shown(all));
  });

  it('of heads are used for heads only', () => {
    const [entry] = rows(0, 1);
    const before = assignSlots([], [head(0), entry!], false);
    const after = assignSlots(before, [head(8), ...rows(3, 4)], false);
    expect(after.map(({ row }) => row.kind)).toEqual(['head', 'entries']);
    expect(assignSlots(before, [head(8), head(9)], false).map(({ row }) => row.kind)).toEqual([
      'head',
      'entries',
      'head',
    ]);
  });

  it('hold nothing of a list that is no longer shown', () => {
    const before = assignSlots(assignSlots([], rows(0, 6), false), rows(0, 2), false);
    const after = assignSlots(before, rows(1, 3), true);
    expect(after.some(({ isSpare }) => isSpare)).toBe(false);
    expect(shown(after)).toEqual([
      [0, 1],
      [1, 2],
    ]);
    expect(assignSlots(after, [], true)).toEqual([]);
  });
});
