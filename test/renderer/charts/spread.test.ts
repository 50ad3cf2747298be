import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { spread } from '../../../src/renderer/charts/spread';

describe('labels at the ends of lines', () => {
  it('stay where they are while there is room', () => {
    expect(spread([40, 10, 90], 12, 0, 100)).toEqual([40, 10, 90]);
  });

  it('make way for one another, in their order, and inside the chart', () => {
    expect(spread([100, 100, 100], 12, 0, 100)).toEqual([76, 88, 100]);
    expect(spread([0, 0], 12, 0, 100)).toEqual([0, 12]);
    expect(spread([120, -5], 12, 0, 100)).toEqual([100, 0]);
  });

  it('never overlap, and leave the room only where it is too small for all', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -20, max: 320, noNaN: true }), { minLength: 1, maxLength: 10 }),
        (wanted) => {
          const places = spread(wanted, 12, 10, 220);
          const sorted = [...places].sort((a, b) => a - b);
          for (const [index, place] of sorted.entries()) {
            const before = sorted[index - 1];
            if (before !== undefined) expect(place - before).toBeGreaterThanOrEqual(12 - 1e-9);
          }
          expect(sorted[0]).toBeGreaterThanOrEqual(10);
          expect(sorted.at(-1)).toBeLessThanOrEqual(220);
          // The order from top to bottom is that of the lines.
          const ranks = wanted.map((place, index) => ({ place, index })).sort((a, b) => a.place - b.place);
          for (const [rank, { index }] of ranks.entries()) expect(places[index]).toBe(sorted[rank]);
        },
      ),
    );
  });
});
