import { describe, expect, it } from 'vitest';
import { project, imageToScreen } from '../../../src/renderer/canvas/kernels/camera';
import { claimMap, claimsAt, disagreementOf } from '../../../src/renderer/canvas/kernels/disagreement';
import { paneColumns } from '../../../src/renderer/canvas/kernels/pane-grid';
import { pinchCamera } from '../../../src/renderer/canvas/kernels/pinch';
import { colourIn, hexOf, tileOrigin } from '../../../src/renderer/canvas/kernels/pixel-tiles';
import { dividerAt, rightOfDivider } from '../../../src/renderer/canvas/kernels/swipe';
import { thumbnailPart } from '../../../src/renderer/canvas/kernels/thumbnail';
import { encodeRunLength } from '../../../src/common/geometry/rle';

const image = { width: 8, height: 4 };

describe('where methods disagree', () => {
  const left = { box: { x: 0, y: 0, width: 4, height: 4 }, mask: null };
  // The mask counts, not the box around it.
  const corner = {
    box: { x: 0, y: 0, width: 8, height: 4 },
    mask: encodeRunLength({ ...image, data: Uint8Array.from({ length: 32 }, (_, i) => (i === 0 ? 1 : 0)) }),
  };
  const nothing = { box: null, mask: null };

  it('counts the methods that claim each part', () => {
    const map = claimMap([left, corner, nothing], image);
    expect(map).toMatchObject({ width: 8, height: 4, methods: 3 });
    expect([...map.counts.slice(0, 8)]).toEqual([2, 1, 1, 1, 0, 0, 0, 0]);
    expect(claimsAt(map, { x: 0.5, y: 0.5 }, image)).toBe(2);
    expect(claimsAt(map, { x: 3.9, y: 3.9 }, image)).toBe(1);
    expect(claimsAt(map, { x: 8, y: 0 }, image)).toBeNull();
  });

  it('is counted on fewer cells for large pictures', () => {
    const map = claimMap([left], { width: 1024, height: 512 });
    expect([map.width, map.height]).toEqual([256, 128]);
    expect(map.counts.reduce((sum, count) => sum + count)).toBe(1);
  });

  it('is 0 where all agree and 1 at an even split', () => {
    expect([0, 1, 2, 3].map((count) => disagreementOf(count, 3))).toEqual([0, 1, 1, 0]);
    expect([0, 1, 2, 3, 4].map((count) => Number(disagreementOf(count, 4).toFixed(3)))).toEqual([
      0, 0.811, 1, 0.811, 0,
    ]);
    expect(disagreementOf(1, 1)).toBe(0);
  });
});

describe('two fingers', () => {
  const picture = { width: 400, height: 400 };
  const viewport = { width: 200, height: 200 };
  const camera = { scale: 1, centre: { x: 200, y: 200 } };
  const from = { first: { x: 80, y: 100 }, second: { x: 120, y: 100 } };

  it('scale by their distance and hold the place between them', () => {
    const to = { first: { x: 60, y: 100 }, second: { x: 140, y: 100 } };
    const next = pinchCamera(camera, from, to, picture, viewport);
    expect(next.scale).toBe(2);
    expect(next.centre).toEqual({ x: 200, y: 200 });
  });

  it('move the picture when both go the same way', () => {
    const to = { first: { x: 90, y: 130 }, second: { x: 130, y: 130 } };
    const next = pinchCamera(camera, from, to, picture, viewport);
    expect(next.scale).toBe(1);
    expect(imageToScreen(project(next, viewport), { x: 200, y: 200 })).toEqual({ x: 110, y: 130 });
  });
});

describe('the line of the swipe', () => {
  it('follows the pointer and can always be taken hold of', () => {
    expect(dividerAt(50, 200)).toBe(0.25);
    expect(dividerAt(-30, 200)).toBe(0.02);
    expect(dividerAt(500, 200)).toBe(0.98);
    expect(rightOfDivider(0.25)).toBe('inset(0 0 0 25.000%)');
  });
});

describe('colours under the pointer', () => {
  it('are found in the tile that holds the pixel', () => {
    expect(tileOrigin({ x: 130.5, y: 63.9 })).toEqual({ x: 128, y: 0 });
    const tile = { x: 128, y: 0, width: 2, height: 1, colours: Uint8Array.of(1, 2, 3, 250, 16, 0) };
    expect(colourIn(tile, { x: 129.9, y: 0.2 })).toEqual([250, 16, 0]);
    expect(colourIn(tile, { x: 130, y: 0 })).toBeNull();
    expect(hexOf([250, 16, 0])).toBe('#fa1000');
  });
});

describe('panes', () => {
  it('lie so that pictures are largest', () => {
    const square = { width: 448, height: 448 };
    expect(paneColumns(4, square, { width: 836, height: 676 })).toBe(2);
    expect(paneColumns(3, square, { width: 836, height: 676 })).toBe(2);
    expect(paneColumns(3, square, { width: 1200, height: 400 })).toBe(3);
    expect(paneColumns(2, { width: 1600, height: 400 }, { width: 800, height: 800 })).toBe(1);
  });
});

describe('a thumbnail', () => {
  const picture = { width: 400, height: 300 };
  const shape = { width: 40, height: 30 };

  it('holds all its boxes with room, inside the picture', () => {
    const first = { x: 0, y: 0, width: 40, height: 20 };
    const second = { x: 60, y: 30, width: 40, height: 30 };
    const part = thumbnailPart([first, null, second], picture, shape);
    expect(part.x).toBe(0);
    expect(part.y).toBe(0);
    expect(part.width / part.height).toBeCloseTo(4 / 3);
    expect(part.x + part.width).toBeGreaterThan(100);
    expect(part.y + part.height).toBeGreaterThan(60);
  });

  it('is all of the picture where there is no box', () => {
    expect(thumbnailPart([null], picture, shape)).toEqual({ x: 0, y: 0, width: 400, height: 300 });
  });
});
