import { describe, expect, it } from 'vitest';
import {
  commonShape,
  gridLayout,
  gridPadding,
  thumbnailSize,
  tileGap,
} from '../../../src/renderer/views/browse/grid-layout';

describe('the layout of the grid', () => {
  it.each([320, 800, 940, 1580, 3000])('fills a width of %i without going over it', (width) => {
    for (const size of ['small', 'medium', 'large'] as const) {
      const { columns, tileWidth } = gridLayout(width, size, 1);
      const used = 2 * gridPadding + columns * tileWidth + (columns - 1) * tileGap;
      expect(used).toBeLessThanOrEqual(width);
      expect(width - used).toBeLessThan(columns);
    }
  });

  it('has one column where nothing fits, before the width is known', () => {
    expect(gridLayout(0, 'large', 1)).toMatchObject({ columns: 1, tileWidth: 1 });
  });

  it('shows more, smaller tiles in the small size', () => {
    const columns = (['small', 'medium', 'large'] as const).map((size) => gridLayout(1200, size, 1).columns);
    expect(columns).toEqual([...columns].sort((a, b) => b - a));
  });
});

it('the shape of the pictures is the most common one, within bounds', () => {
  const row = (imageWidth: number, imageHeight: number) => ({ imageWidth, imageHeight });
  expect(commonShape([row(640, 480), row(640, 480), row(100, 4000)])).toBe(0.75);
  expect(commonShape([row(448, 448)])).toBe(1);
  expect(commonShape([row(100, 1000)])).toBe(1);
  expect(commonShape([row(3000, 100)])).toBeCloseTo(2 / 3);
  expect(commonShape([])).toBe(0.75);
});

it('thumbnails are asked for in few sizes, never smaller than shown', () => {
  expect(thumbnailSize(170, 1)).toBe(192);
  expect(thumbnailSize(170, 2)).toBe(384);
  expect(thumbnailSize(900, 2)).toBe(1024);
});
