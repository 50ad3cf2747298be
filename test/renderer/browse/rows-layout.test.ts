/** Where rows lie: the fast arithmetic against rows laid out one after the other. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  groupedRows,
  groupStarts,
  highestContent,
  plainRows,
  scrollRatio,
  type ListRow,
  type RowsLayout,
} from '../../../src/renderer/views/browse/rows-layout';

const rowHeight = 50;
const headHeight = 20;
const padding = 10;

/** Every row, one after the other. `heads`: groups have a head and begin a row of their own. */
function laidOut(
  sizes: readonly number[],
  columns: number,
  heads: boolean,
): (ListRow & { bottom: number })[] {
  const rows: (ListRow & { bottom: number })[] = [];
  let [top, from] = [padding, 0];
  for (const size of sizes) {
    const end = from + size;
    if (heads) {
      rows.push({ kind: 'head', from, to: end, top, bottom: top + headHeight });
      top += headHeight;
    }
    for (; from < end; from = Math.min(end, from + columns)) {
      rows.push({ kind: 'entries', from, to: Math.min(end, from + columns), top, bottom: top + rowHeight });
      top += rowHeight;
    }
  }
  return rows;
}

const shapes = fc.record({
  sizes: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 12 }),
  columns: fc.integer({ min: 1, max: 4 }),
  from: fc.integer({ min: -100, max: 1500 }),
  screen: fc.integer({ min: 1, max: 700 }),
});

function check(layout: RowsLayout, rows: (ListRow & { bottom: number })[], from: number, screen: number) {
  const inSight = rows.filter(({ top, bottom }) => bottom > from && top <= from + screen);
  expect(layout.between(from, from + screen)).toEqual(inSight.map(({ bottom: _, ...row }) => row));
  expect(layout.height).toBe((rows.at(-1)?.bottom ?? padding) + padding);
  const entries = rows.filter(({ kind }) => kind === 'entries');
  for (const [place, row] of entries.entries()) {
    for (let index = row.from; index < row.to; index += 1) {
      expect(layout.placeOf(index).bottom).toBe(row.bottom);
      for (const by of [-2, -1, 1, 2]) {
        const target = entries[Math.min(entries.length - 1, Math.max(0, place + by))];
        expect(layout.stepped(index, by)).toBe(
          Math.min((target?.to ?? 1) - 1, (target?.from ?? 0) + index - row.from),
        );
      }
    }
  }
}

describe('rows', () => {
  it('without groups are where laying them out puts them', () => {
    fc.assert(
      fc.property(shapes, ({ sizes, columns, from, screen }) => {
        const count = sizes.reduce((sum, size) => sum + size, 0);
        const layout = plainRows({ count, columns, rowHeight, padding });
        check(layout, laidOut([count], columns, false), from, screen);
      }),
    );
  });

  it('in groups are where laying them out puts them', () => {
    fc.assert(
      fc.property(shapes, ({ sizes, columns, from, screen }) => {
        const count = sizes.reduce((sum, size) => sum + size, 0);
        const images = Int32Array.from(sizes.flatMap((size, image) => new Array<number>(size).fill(image)));
        const layout = groupedRows({ count, columns, rowHeight, padding }, groupStarts(images), headHeight);
        check(layout, laidOut(sizes, columns, true), from, screen);
      }),
    );
  });

  it('of nothing are none', () => {
    expect(plainRows({ count: 0, columns: 3, rowHeight, padding }).between(0, 500)).toEqual([]);
    expect(groupStarts(new Int32Array())).toHaveLength(0);
  });
});

describe('a list that is higher than a page can be', () => {
  it('is scrolled through to its very end', () => {
    const height = 45_000_000;
    const ratio = scrollRatio(height, 800);
    expect((highestContent - 800) * ratio).toBeCloseTo(height - 800);
    expect(scrollRatio(1_000, 800)).toBe(1);
  });
});
