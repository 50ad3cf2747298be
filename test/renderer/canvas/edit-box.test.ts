import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  drawBox,
  edgeNames,
  moveBox,
  nudgeBox,
  resizeBox,
  setBoxField,
  smallestSide,
} from '../../../src/renderer/canvas/kernels/edit-box';
import { handles } from '../../../src/renderer/canvas/kernels/hit-test';

const image = { width: 200, height: 100 };
const options = { image, snap: 3 };
const box = { x: 20.25, y: 30.5, width: 50.5, height: 20.75 };

const boxes = fc
  .record({
    x: fc.double({ min: 0, max: 190, noNaN: true }),
    y: fc.double({ min: 0, max: 90, noNaN: true }),
    width: fc.double({ min: smallestSide, max: 200, noNaN: true }),
    height: fc.double({ min: smallestSide, max: 100, noNaN: true }),
  })
  .map((drawn) => ({
    ...drawn,
    width: Math.min(drawn.width, image.width - drawn.x),
    height: Math.min(drawn.height, image.height - drawn.y),
  }));
const shift = fc.double({ min: -300, max: 300, noNaN: true });

function expectInside(result: { x: number; y: number; width: number; height: number }) {
  expect(result.x).toBeGreaterThanOrEqual(0);
  expect(result.y).toBeGreaterThanOrEqual(0);
  expect(result.width).toBeGreaterThan(smallestSide - 1e-9);
  expect(result.height).toBeGreaterThan(smallestSide - 1e-9);
  expect(result.x + result.width).toBeLessThanOrEqual(image.width + 1e-9);
  expect(result.y + result.height).toBeLessThanOrEqual(image.height + 1e-9);
}

describe('drawing', () => {
  it('takes the corners in any order and lies on pixel borders', () => {
    const expected = { x: 10, y: 20, width: 30, height: 15 };
    expect(drawBox({ x: 10.2, y: 19.7 }, { x: 40.4, y: 35.1 }, options)).toEqual(expected);
    expect(drawBox({ x: 40.4, y: 19.7 }, { x: 10.2, y: 35.1 }, options)).toEqual(expected);
  });

  it('is clipped to the image and snaps to its edge', () => {
    expect(drawBox({ x: -30, y: 50 }, { x: 40, y: 300 }, options)).toEqual({
      x: 0,
      y: 50,
      width: 40,
      height: 50,
    });
    expect(drawBox({ x: 2.5, y: 50 }, { x: 197.5, y: 60 }, options)).toEqual({
      x: 0,
      y: 50,
      width: 200,
      height: 10,
    });
  });

  it('gives nothing while it is too small', () => {
    expect(drawBox({ x: 10, y: 10 }, { x: 10.4, y: 40 }, options)).toBeNull();
    expect(drawBox({ x: -50, y: 10 }, { x: -20, y: 40 }, options)).toBeNull();
  });
});

describe('moving', () => {
  it('moves by whole pixels and keeps the size to the last bit', () => {
    expect(moveBox(box, 4.4, 0, options)).toEqual({ ...box, x: 24.25 });
    expect(moveBox(box, -4.6, 2.2, options)).toEqual({ ...box, x: 15.25, y: 32.5 });
  });

  it('stops and snaps at the edge', () => {
    expect(moveBox(box, -19, 0, options).x).toBe(0);
    expect(moveBox(box, 500, 500, options)).toEqual({ ...box, x: 149.5, y: 79.25 });
  });

  it('never leaves the image', () => {
    fc.assert(
      fc.property(boxes, shift, shift, (from, dx, dy) => {
        const moved = moveBox(from, dx, dy, options);
        expectInside(moved);
        expect([moved.width, moved.height]).toEqual([from.width, from.height]);
      }),
    );
  });
});

describe('resizing', () => {
  it('moves only the edges that the handle holds', () => {
    expect(resizeBox(box, 'e', 10.4, 99, options)).toEqual({ ...box, width: 81 - box.x });
    expect(resizeBox(box, 'n', 99, -5, options)).toEqual({ ...box, y: 26, height: 51.25 - 26 });
    expect(resizeBox(box, 'nw', 0, 0, { image, snap: 0 })).toEqual({
      x: 20,
      y: 31,
      width: 50.75,
      height: 20.25,
    });
  });

  it('stops at the smallest side instead of turning the box inside out', () => {
    const narrow = resizeBox(box, 'e', -500, 0, options);
    expect(narrow.x).toBe(box.x);
    expect(narrow.width).toBeCloseTo(smallestSide);
    const low = resizeBox(box, 'n', 0, 500, options);
    expect(low.y + low.height).toBeCloseTo(box.y + box.height);
    expect(low.height).toBeCloseTo(smallestSide);
  });

  it('snaps to the edge of the image', () => {
    expect(resizeBox(box, 'w', -18, 0, options).x).toBe(0);
    const right = resizeBox(box, 'se', 127.5, 47, options);
    expect([right.x + right.width, right.y + right.height]).toEqual([200, 100]);
  });

  it('never leaves the image, whatever is pulled how far', () => {
    fc.assert(
      fc.property(boxes, fc.constantFrom(...handles), shift, shift, (from, handle, dx, dy) => {
        expectInside(resizeBox(from, handle, dx, dy, options));
      }),
    );
  });
});

describe('nudging', () => {
  it('moves the whole box by one or ten pixels', () => {
    expect(nudgeBox(box, 'whole', 'right', 1, image)).toEqual({ ...box, x: 21.25 });
    expect(nudgeBox(box, 'whole', 'up', 10, image)).toEqual({ ...box, y: 20.5 });
    expect(nudgeBox(box, 'whole', 'left', 100, image)).toEqual({ ...box, x: 0 });
  });

  it('moves one edge and leaves the opposite one', () => {
    const edges = nudgeBox(box, 'left', 'right', 10, image);
    expect(edges.x).toBe(30.25);
    expect(edges.x + edges.width).toBe(70.75);
    expect(nudgeBox(box, 'bottom', 'down', 1, image)).toEqual({ ...box, height: 21.75 });
  });

  it('ignores an arrow along the edge', () => {
    expect(nudgeBox(box, 'left', 'up', 10, image)).toEqual(box);
    expect(nudgeBox(box, 'top', 'right', 10, image)).toEqual(box);
  });

  it('never leaves the image', () => {
    fc.assert(
      fc.property(
        boxes,
        fc.constantFrom('whole' as const, ...edgeNames),
        fc.constantFrom('left' as const, 'right' as const, 'up' as const, 'down' as const),
        fc.constantFrom(1, 10),
        (from, part, direction, distance) => {
          expectInside(nudgeBox(from, part, direction, distance, image));
        },
      ),
    );
  });
});

describe('typed numbers', () => {
  it('move or size the box inside the image', () => {
    expect(setBoxField(box, 'x', 12.5, image)).toEqual({ ...box, x: 12.5 });
    expect(setBoxField(box, 'x', 1_000, image)).toEqual({ ...box, x: 149.5 });
    expect(setBoxField(box, 'width', 1_000, image)).toEqual({ ...box, width: 179.75 });
    expect(setBoxField(box, 'height', 0, image)).toEqual({ ...box, height: smallestSide });
  });

  it('must be numbers', () => {
    expect(setBoxField(box, 'y', Number.NaN, image)).toBeNull();
  });
});
