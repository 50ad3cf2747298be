import { describe, expect, it } from 'vitest';
import {
  boxesUnder,
  handleCursor,
  handlePoint,
  handles,
  partAt,
  pickNext,
} from '../../../src/renderer/canvas/kernels/hit-test';

const box = { x: 100, y: 100, width: 80, height: 60 };

describe('partAt', () => {
  it('finds every handle at its own point, and just outside', () => {
    for (const handle of handles) {
      const { x, y } = handlePoint(box, handle);
      expect(partAt(box, { x, y })).toBe(handle);
      const outside = {
        x: x + (handle.includes('w') ? -5 : handle.includes('e') ? 5 : 0),
        y: y + (handle.includes('n') ? -5 : handle.includes('s') ? 5 : 0),
      };
      expect(partAt(box, outside)).toBe(handle);
    }
  });

  it('takes an edge anywhere along its length, and the middle for moving', () => {
    expect(partAt(box, { x: 120, y: 102 })).toBe('n');
    expect(partAt(box, { x: 179, y: 125 })).toBe('e');
    expect(partAt(box, { x: 140, y: 130 })).toBe('inside');
    expect(partAt(box, { x: 140, y: 175 })).toBeNull();
  });

  it('leaves the middle of a tiny box free', () => {
    const tiny = { x: 10, y: 10, width: 8, height: 8 };
    expect(partAt(tiny, { x: 14, y: 14 })).toBe('inside');
    expect(partAt(tiny, { x: 11, y: 11 })).toBe('nw');
  });

  it('shows the cursor that fits the handle', () => {
    expect(handles.map(handleCursor)).toEqual([
      'nwse-resize',
      'ns-resize',
      'nesw-resize',
      'ew-resize',
      'nwse-resize',
      'ns-resize',
      'nesw-resize',
      'ew-resize',
    ]);
  });
});

describe('picking among overlapping boxes', () => {
  const boxes = [
    { x: 0, y: 0, width: 200, height: 200 },
    null,
    { x: 50, y: 50, width: 20, height: 20 },
    { x: 40, y: 40, width: 60, height: 60 },
    { x: 300, y: 300, width: 10, height: 10 },
  ];

  it('offers those under the point, the smallest first', () => {
    expect(boxesUnder(boxes, { x: 55, y: 55 })).toEqual([2, 3, 0]);
    expect(boxesUnder(boxes, { x: 250, y: 250 })).toEqual([]);
  });

  it('goes round', () => {
    const under = boxesUnder(boxes, { x: 55, y: 55 });
    expect(pickNext(under, null)).toBe(2);
    expect(pickNext(under, 2)).toBe(3);
    expect(pickNext(under, 3)).toBe(0);
    expect(pickNext(under, 0)).toBe(2);
    expect(pickNext(under, 4)).toBe(2);
    expect(pickNext([], 2)).toBeNull();
  });
});
