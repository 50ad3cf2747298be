import { describe, expect, it } from 'vitest';
import { decodeRunLength, runLengthArea, runLengthBox } from '../../../src/common/geometry/rle';
import type { ImagePoint, RunLengthMask, Size } from '../../../src/common/geometry/types';
import {
  isExtentOf,
  nothingTouched,
  paintTouched,
  polygonMask,
  touchSegment,
  type Paint,
} from '../../../src/renderer/canvas/kernels/paint-mask';

const image = { width: 12, height: 8 };
const corners = (left: number, top: number, right: number, bottom: number) => [
  { x: left, y: top },
  { x: right, y: top },
  { x: right, y: bottom },
  { x: left, y: bottom },
];

/** The mask after a stroke through some points. */
function strokeMask(
  mask: RunLengthMask | null,
  size: Size,
  points: readonly ImagePoint[],
  radius: number,
  paint: Paint,
): RunLengthMask | null {
  const touched = nothingTouched(size);
  points.forEach((point, index) => touchSegment(touched, size, points[index - 1] ?? point, point, radius));
  return paintTouched(mask, size, touched, paint);
}

/** Rows of a mask, # for its pixels. */
function picture(mask: RunLengthMask | null): string[] {
  if (!mask) return [];
  const { width, height, data } = decodeRunLength(mask);
  return Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_each, x) => (data[y * width + x] ? '#' : '.')).join(''),
  );
}

describe('a stroke', () => {
  it('of a brush one pixel wide is the pixel under it', () => {
    const mask = strokeMask(null, image, [{ x: 3.5, y: 2.5 }], 0.5, 'add');
    expect(mask && runLengthBox(mask)).toEqual({ x: 3, y: 2, width: 1, height: 1 });
  });

  it('is as wide as its brush all along its line, with round ends', () => {
    const line = [
      { x: 3, y: 4 },
      { x: 9, y: 4 },
    ];
    expect(picture(strokeMask(null, image, line, 2, 'add'))).toEqual([
      '............',
      '............',
      '..########..',
      '.##########.',
      '.##########.',
      '..########..',
      '............',
      '............',
    ]);
  });

  it('ends at the border of the image', () => {
    const mask = strokeMask(null, image, [{ x: 0, y: 0 }], 3, 'add');
    expect(mask && runLengthBox(mask)).toEqual({ x: 0, y: 0, width: 3, height: 3 });
    expect(strokeMask(null, image, [{ x: -20, y: -20 }], 3, 'add')).toBeNull();
  });

  it('taken away where it was added leaves what was there, and nothing where nothing was', () => {
    const before = polygonMask(null, image, corners(0, 0, 4, 4), 'add');
    const stroke = [{ x: 9, y: 5 }];
    const painted = strokeMask(before, image, stroke, 2, 'add');
    expect(runLengthArea(painted!)).toBeGreaterThan(16);
    expect(strokeMask(painted, image, stroke, 2, 'take-away')).toEqual(before);
    expect(strokeMask(before, image, [{ x: 2, y: 2 }], 9, 'take-away')).toBeNull();
  });
});

describe('a polygon', () => {
  it('adds its inside and takes it away', () => {
    const square = polygonMask(null, image, corners(2, 1, 8, 7), 'add');
    expect(runLengthArea(square!)).toBe(36);
    const ring = polygonMask(square, image, corners(4, 3, 6, 5), 'take-away');
    expect(runLengthArea(ring!)).toBe(32);
  });

  it('with fewer than three corners changes nothing', () => {
    const square = polygonMask(null, image, corners(2, 1, 8, 7), 'add');
    expect(polygonMask(square, image, corners(0, 0, 9, 9).slice(0, 2), 'add')).toBe(square);
  });
});

it('a box is the extent of a mask when no edge is more than a pixel off', () => {
  const mask = polygonMask(null, image, corners(2, 1, 8, 7), 'add');
  expect(isExtentOf(mask, { x: 2.5, y: 1, width: 6, height: 6.4 })).toBe(true);
  expect(isExtentOf(mask, { x: 2, y: 1, width: 9, height: 6 })).toBe(false);
  expect(isExtentOf(mask, null)).toBe(false);
  expect(isExtentOf(null, { x: 2, y: 1, width: 6, height: 6 })).toBe(false);
});
