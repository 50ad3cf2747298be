import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  actualSizeCamera,
  boxCamera,
  cameraBetween,
  clampCamera,
  fitCamera,
  imageBoxToScreen,
  imageToScreen,
  isWheelClick,
  panCamera,
  project,
  screenToImage,
  wheelFactor,
  zoomAt,
  zoomAtCentre,
  type Camera,
} from '../../../src/renderer/canvas/kernels/camera';

const image = { width: 640, height: 480 };
const viewport = { width: 800, height: 600 };

const cameras: fc.Arbitrary<Camera> = fc.record({
  scale: fc.double({ min: 0.3, max: 30, noNaN: true }),
  centre: fc.record({
    x: fc.double({ min: 0, max: 640, noNaN: true }),
    y: fc.double({ min: 0, max: 480, noNaN: true }),
  }),
});
const screenPoints = fc.record({
  x: fc.double({ min: 0, max: 800, noNaN: true }),
  y: fc.double({ min: 0, max: 600, noNaN: true }),
});

describe('projection', () => {
  it('puts the centre of the camera into the middle of the viewport', () => {
    const projection = project({ scale: 3, centre: { x: 100, y: 50 } }, viewport);
    expect(imageToScreen(projection, { x: 100, y: 50 })).toEqual({ x: 400, y: 300 });
    expect(imageBoxToScreen(projection, { x: 100, y: 50, width: 10, height: 20 })).toEqual({
      x: 400,
      y: 300,
      width: 30,
      height: 60,
    });
  });

  it('goes to the image and back to the same screen point', () => {
    fc.assert(
      fc.property(cameras, screenPoints, (camera, point) => {
        const projection = project(camera, viewport);
        const back = imageToScreen(projection, screenToImage(projection, point));
        expect(back.x).toBeCloseTo(point.x, 6);
        expect(back.y).toBeCloseTo(point.y, 6);
      }),
    );
  });
});

describe('fit', () => {
  it('shows the whole image with a margin, in the middle', () => {
    const camera = fitCamera(image, viewport);
    const box = imageBoxToScreen(project(camera, viewport), { x: 0, y: 0, ...image });
    expect(box.x).toBeGreaterThanOrEqual(0);
    expect(box.y).toBeGreaterThanOrEqual(0);
    expect(box.x + box.width / 2).toBeCloseTo(400);
    expect(box.y + box.height / 2).toBeCloseTo(300);
    expect(Math.min(box.x, box.y)).toBeCloseTo(16);
  });

  it('does not blow a small image up to the whole screen', () => {
    expect(fitCamera({ width: 16, height: 16 }, viewport).scale).toBe(16);
  });

  it('keeps a positive scale in a viewport that has no size yet', () => {
    expect(fitCamera(image, { width: 0, height: 0 }).scale).toBeGreaterThan(0);
  });
});

describe('zoom', () => {
  it('keeps the image point under the pointer, as long as the middle stays on the image', () => {
    const camera = { scale: 1, centre: { x: 320, y: 240 } };
    const anchor = { x: 500, y: 350 };
    const before = screenToImage(project(camera, viewport), anchor);
    const zoomed = zoomAt(camera, anchor, 2, image, viewport);
    expect(zoomed.scale).toBe(2);
    const after = screenToImage(project(zoomed, viewport), anchor);
    expect(after.x).toBeCloseTo(before.x);
    expect(after.y).toBeCloseTo(before.y);
  });

  it('never leaves its limits nor the image', () => {
    fc.assert(
      fc.property(
        cameras,
        screenPoints,
        fc.double({ min: 0.01, max: 100, noNaN: true }),
        (camera, point, factor) => {
          const zoomed = zoomAt(camera, point, factor, image, viewport);
          expect(zoomed.scale).toBeGreaterThan(0);
          expect(zoomed.scale).toBeLessThanOrEqual(40);
          expect(zoomed.centre.x).toBeGreaterThanOrEqual(0);
          expect(zoomed.centre.x).toBeLessThanOrEqual(640);
          expect(zoomed.centre.y).toBeGreaterThanOrEqual(0);
          expect(zoomed.centre.y).toBeLessThanOrEqual(480);
        },
      ),
    );
  });

  it('in the middle keeps the middle', () => {
    const camera = { scale: 1, centre: { x: 100, y: 100 } };
    expect(zoomAtCentre(camera, 2, image, viewport)).toEqual({ scale: 2, centre: { x: 100, y: 100 } });
    expect(actualSizeCamera({ scale: 7, centre: { x: 100, y: 100 } }, image, viewport)).toEqual(camera);
  });

  it('to a box shows the box whole with room around it', () => {
    const box = { x: 500, y: 300, width: 100, height: 60 };
    const shown = imageBoxToScreen(project(boxCamera(box, image, viewport), viewport), box);
    expect(shown.width).toBeCloseTo(400);
    expect(shown.x).toBeCloseTo(200);
    expect(shown.y).toBeCloseTo(180);
  });

  it('on a dense screen makes the actual size smaller', () => {
    expect(actualSizeCamera({ scale: 7, centre: { x: 9, y: 9 } }, image, viewport, 2).scale).toBe(0.5);
  });

  it('glides on a way that begins and ends right, and keeps what stays at its place', () => {
    fc.assert(
      fc.property(
        cameras,
        screenPoints,
        fc.double({ min: 0.2, max: 5, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (from, anchor, factor, share) => {
          const fixed = screenToImage(project(from, viewport), anchor);
          const scale = from.scale * factor;
          const to = {
            scale,
            centre: { x: fixed.x - (anchor.x - 400) / scale, y: fixed.y - (anchor.y - 300) / scale },
          };
          const there = imageToScreen(project(cameraBetween(from, to, share), viewport), fixed);
          expect(there.x).toBeCloseTo(anchor.x, 3);
          expect(there.y).toBeCloseTo(anchor.y, 3);
          expect(cameraBetween(from, to, 0)).toEqual(from);
          expect(cameraBetween(from, to, 1).scale).toBeCloseTo(scale);
        },
      ),
    );
    const [from, to] = [
      { scale: 2, centre: { x: 0, y: 0 } },
      { scale: 2, centre: { x: 80, y: 40 } },
    ];
    expect(cameraBetween(from, to, 0.25)).toEqual({ scale: 2, centre: { x: 20, y: 10 } });
  });

  it('tells a wheel’s click from a track pad', () => {
    expect(isWheelClick(-120, 0)).toBe(true);
    expect(isWheelClick(3, 1)).toBe(true);
    expect(isWheelClick(-12, 0)).toBe(false);
  });

  it('by wheel is symmetric and bounded', () => {
    expect(wheelFactor(100, 0) * wheelFactor(-100, 0)).toBeCloseTo(1);
    expect(wheelFactor(-100, 0)).toBeGreaterThan(1.2);
    expect(wheelFactor(-3, 1)).toBeCloseTo(wheelFactor(-48, 0));
    expect(wheelFactor(-100_000, 0)).toBeLessThan(1.8);
  });
});

describe('pan', () => {
  it('moves the picture with the hand', () => {
    const camera = { scale: 2, centre: { x: 320, y: 240 } };
    expect(panCamera(camera, 100, -40, image, viewport).centre).toEqual({ x: 270, y: 260 });
  });

  it('stops where the middle would leave the image', () => {
    const camera = { scale: 1, centre: { x: 10, y: 10 } };
    expect(panCamera(camera, 5_000, 5_000, image, viewport).centre).toEqual({ x: 0, y: 0 });
    expect(clampCamera({ scale: 1, centre: { x: -5, y: 900 } }, image, viewport).centre).toEqual({
      x: 0,
      y: 480,
    });
  });
});
