import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GridMap } from '../../../src/common/contract';
import { encodeRunLength } from '../../../src/common/geometry/rle';
import { colourMaps } from '../../../src/common/maps/colour-maps';
import { colourGrid, gridBytes, gridPeak, gridValueAt } from '../../../src/common/maps/grid-map';
import { maskOutline } from '../../../src/common/geometry/outline-path';

function gridMap(width: number, height: number, bytes: number[], minimum = 0, maximum = 1): GridMap {
  return { width, height, minimum, maximum, values: btoa(String.fromCharCode(...bytes)) };
}

describe('grid maps', () => {
  const map = gridMap(2, 2, [0, 51, 255, 102], 0, 0.5);

  it('give their bytes back, or nothing when damaged', () => {
    expect([...(gridBytes(map) ?? [])]).toEqual([0, 51, 255, 102]);
    expect(gridBytes({ ...map, width: 3 })).toBeNull();
    expect(gridBytes({ ...map, values: '***' })).toBeNull();
    expect(colourGrid({ ...map, values: '***' }, { low: 0, high: 1 })).toBeNull();
  });

  it('are coloured over the asked range, clear where they are low', () => {
    const own = colourGrid(map, { low: 0, high: 0.5 }, { exponent: 1 });
    expect([...(own?.pixels.slice(8, 12) ?? [])]).toEqual([...colourMaps.inferno[255]!, 255]);
    expect(own?.pixels[3]).toBe(0);
    const whole = colourGrid(map, { low: 0, high: 1 }, { exponent: 1 });
    expect([...(whole?.pixels.slice(8, 12) ?? [])]).toEqual([...colourMaps.inferno[128]!, 128]);
  });

  it('hide what is below the threshold', () => {
    const shown = colourGrid(map, { low: 0, high: 0.5 }, { threshold: 0.3 });
    expect([3, 7, 11, 15].map((index) => (shown?.pixels[index] ?? 0) > 0)).toEqual([
      false,
      false,
      true,
      true,
    ]);
  });

  it('of one value everywhere colour nothing and have no peak', () => {
    const flat = gridMap(2, 1, [0, 0], 0, 0);
    expect(
      [...(colourGrid(flat, { low: 0, high: 0 })?.pixels ?? [])].filter((_, index) => index % 4 === 3),
    ).toEqual([0, 0]);
    expect(gridPeak(flat, { width: 10, height: 10 })).toBeNull();
  });

  it('know the value under a point and where they are highest', () => {
    const image = { width: 100, height: 40 };
    expect(gridValueAt(map, { x: 10, y: 30 }, image)).toBeCloseTo(0.5);
    expect(gridValueAt(map, { x: 60, y: 10 }, image)).toBeCloseTo(0.1);
    expect(gridValueAt(map, { x: 100, y: 10 }, image)).toBeNull();
    expect(gridPeak(map, image)).toEqual({ x: 25, y: 30 });
  });

  it.each(Object.entries(colourMaps))('get lighter evenly with the value: %s', (_name, colours) => {
    // Every 15th colour: between neighbours, rounding to whole bytes may step back by one.
    const lightness = colours
      .filter((_, index) => index % 15 === 0)
      .map(([red, green, blue]) => 0.2126 * red + 0.7152 * green + 0.0722 * blue);
    expect(lightness).toEqual([...lightness].sort((a, b) => a - b));
  });
});

function mask(...rows: string[]) {
  const width = rows[0]?.length ?? 0;
  return {
    width,
    height: rows.length,
    data: Uint8Array.from(rows.join(''), (letter) => (letter === '#' ? 1 : 0)),
  };
}

/** Fills a path of right angles by counting crossings: an independent way back to the pixels. */
function fill(path: string, width: number, height: number): string[] {
  const crossings = Array.from({ length: height }, () => new Array<number>(width + 1).fill(0));
  for (const loop of path.split('Z').filter(Boolean)) {
    let [x, y] = [0, 0];
    let start = { x: 0, y: 0 };
    const vertical = (column: number, from: number, to: number) => {
      for (let row = Math.min(from, to); row < Math.max(from, to); row += 1) crossings[row]![column]! += 1;
    };
    for (const [, command, numbers] of loop.matchAll(/([MHV])([\d ]+)/g)) {
      const values = (numbers ?? '').split(' ').map(Number);
      if (command === 'M') {
        [x, y] = [values[0]!, values[1]!];
        start = { x, y };
      } else if (command === 'H') x = values[0]!;
      else {
        vertical(x, y, values[0]!);
        y = values[0]!;
      }
    }
    if (y !== start.y) vertical(x, y, start.y);
  }
  return crossings.map((row) => {
    let inside = false;
    return row
      .slice(0, width)
      .map((count) => {
        if (count % 2 === 1) inside = !inside;
        return inside ? '#' : '.';
      })
      .join('');
  });
}

describe('mask outlines', () => {
  it('run along pixel borders', () => {
    expect(maskOutline(encodeRunLength(mask('....', '.##.', '....')))).toBe('M1 1H3V2H1Z');
    expect(maskOutline(encodeRunLength(mask('...')))).toBe('');
  });

  it('keep parts and holes apart', () => {
    const rows = ['#####.#', '#...#..', '#.#.#..', '#...#..', '#####.#'];
    const path = maskOutline(encodeRunLength(mask(...rows)));
    expect(path.split('Z').filter(Boolean)).toHaveLength(5);
    expect(fill(path, 7, 5)).toEqual(rows);
  });

  it('separate pixels that only touch at a corner', () => {
    expect(
      maskOutline(encodeRunLength(mask('#.', '.#')))
        .split('Z')
        .filter(Boolean),
    ).toHaveLength(2);
  });

  it('filled again give the same mask', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }).chain((width) =>
          fc.array(fc.string({ unit: fc.constantFrom('#', '.'), minLength: width, maxLength: width }), {
            minLength: 1,
            maxLength: 9,
          }),
        ),
        (rows) => {
          expect(
            fill(maskOutline(encodeRunLength(mask(...rows))), rows[0]?.length ?? 0, rows.length),
          ).toEqual(rows);
        },
      ),
    );
  });
});
