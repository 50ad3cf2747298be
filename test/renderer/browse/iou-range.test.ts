import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { barHeights, draggedRange, isInside, movedEnd } from '../../../src/renderer/views/browse/iou-range';

describe('dragging over the histogram', () => {
  it('snaps to the borders between bins, in either direction', () => {
    expect(draggedRange(0.21, 0.48)).toEqual({ from: 0.2, to: 0.5 });
    expect(draggedRange(0.48, 0.21)).toEqual({ from: 0.2, to: 0.5 });
  });

  it('that did not move chooses the bin under the pointer', () => {
    expect(draggedRange(0.51, 0.51)).toEqual({ from: 0.5, to: 0.55 });
    expect(draggedRange(1, 1)).toEqual({ from: 0.95, to: 1 });
  });

  it('always gives a range inside 0..1 with at least one bin', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (a, b) => {
          const { from, to } = draggedRange(a, b);
          return from >= 0 && to <= 1 && to - from > 0.049;
        },
      ),
    );
  });
});

describe('moving an end by key', () => {
  it('goes bin by bin and stops before the other end', () => {
    expect(movedEnd({ from: 0.2, to: 0.5 }, 'from', 1)).toEqual({ from: 0.25, to: 0.5 });
    expect(movedEnd({ from: 0.2, to: 0.5 }, 'from', 20)).toEqual({ from: 0.45, to: 0.5 });
    expect(movedEnd({ from: 0.2, to: 0.5 }, 'to', -20)).toEqual({ from: 0.2, to: 0.25 });
    expect(movedEnd({ from: 0, to: 1 }, 'to', 1)).toEqual({ from: 0, to: 1 });
  });
});

it('bars outside the range are told from those inside', () => {
  const range = { from: 0.2, to: 0.3 };
  expect([3, 4, 5, 6].map((bin) => isInside(bin, range))).toEqual([false, true, true, false]);
});

it('a bar that stands for something can be seen', () => {
  const [most = 0, few = 0, none = 0] = barHeights([100_000, 1, 0]);
  expect(most).toBe(1);
  expect(few).toBeGreaterThan(0.05);
  expect(none).toBe(0);
});
