import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { boxOfMask, largestComponent } from '../../../src/common/geometry/components';
import { boxIou } from '../../../src/common/geometry/iou';
import { polygonsToRunLength } from '../../../src/common/geometry/polygons';
import {
  decodeRunLength,
  encodeRunLength,
  maskFromRuns,
  runLengthArea,
  runLengthBox,
  runLengthIou,
} from '../../../src/common/geometry/rle';
import type { RunLengthMask } from '../../../src/common/geometry/types';

interface Golden {
  masks: {
    size: [number, number];
    pixels: string;
    counts: string;
    other: string;
    area: number;
    box: [number, number, number, number];
    iou: number;
  }[];
  polygons: { size: [number, number]; polygons: number[][]; counts: string }[];
  boxes: { a: number[]; b: number[]; iou: number }[];
}

// Made by pycocotools; see make.py beside it.
const golden = JSON.parse(readFileSync('test/fixtures/metrics/masks.json', 'utf8')) as Golden;
const box = ([x = 0, y = 0, width = 0, height = 0]: number[]) => ({ x, y, width, height });

describe('run-length masks equal pycocotools', () => {
  it.each(golden.masks.map((one) => [one.size.join('×'), one] as const))('%s', (_name, one) => {
    const mask: RunLengthMask = { size: one.size, counts: one.counts };
    const bits = {
      width: one.size[1],
      height: one.size[0],
      data: Uint8Array.from(one.pixels, (digit) => Number(digit)),
    };
    expect(encodeRunLength(bits)).toEqual(mask);
    expect(decodeRunLength(mask)).toEqual(bits);
    expect(runLengthArea(mask)).toBe(one.area);
    if (one.area > 0) {
      expect(runLengthBox(mask)).toEqual(box(one.box));
      expect(boxOfMask(bits)).toEqual(box(one.box));
      expect(runLengthIou(mask, mask)).toBe(1);
    } else {
      expect(runLengthBox(mask)).toBeNull();
      expect(boxOfMask(bits)).toBeNull();
    }
    const iou = runLengthIou(mask, { size: one.size, counts: one.other });
    expect(Math.abs(iou - (Number.isFinite(one.iou) ? one.iou : 0))).toBeLessThan(1e-9);
  });
});

it('draws polygons as pycocotools does, pixel for pixel', () => {
  for (const { size, polygons, counts } of golden.polygons) {
    expect(polygonsToRunLength(polygons, size)).toEqual({ size, counts });
  }
});

it('measures boxes as pycocotools does', () => {
  for (const { a, b, iou } of golden.boxes) {
    expect(Math.abs(boxIou(box(a), box(b)) - iou)).toBeLessThan(1e-9);
    expect(boxIou(box(a), box(a))).toBe(1);
  }
});

describe('damaged masks are refused', () => {
  it.each([
    ['too few pixels', '1'],
    ['a character outside the alphabet', '\u0001'],
    ['a number that never ends', 'oooooooooooo'],
  ])('%s', (_name, counts) => {
    expect(() => decodeRunLength({ size: [3, 3], counts })).toThrow(/not valid COCO/);
  });

  it('runs that do not fill the size', () => {
    expect(() => maskFromRuns([2, 2], [1, 2])).toThrow(/3 pixels/);
  });
});

it('keeps the largest of several parts', () => {
  const data = Uint8Array.from([1, 0, 1, 1, 1, 0, 1, 0, 0, 0, 0, 1]);
  const largest = largestComponent({ width: 4, height: 3, data });
  expect([...largest.data]).toEqual([0, 0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0]);
});
