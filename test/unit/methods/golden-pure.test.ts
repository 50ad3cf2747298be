/** The pure parts of methods against the Python reference (test/fixtures/golden, written by training/). */
import { describe, expect, it } from 'vitest';
import { decodeRunLength, encodeRunLength, packCounts, unpackCounts } from '../../../src/common/geometry/rle';
import { boxOfMask, largestComponent } from '../../../src/common/geometry/components';
import type { RunLengthMask } from '../../../src/common/geometry/types';
import { applyAxes } from '../../../src/main/engine/imaging/axis';
import { pictureAxes } from '../../../src/main/engine/methods/box-from-map';
import { areaOfPieces, largestPart, piecesOf, runsOfPart } from '../../../src/main/engine/methods/mask-parts';
import { frameAxes, promptPoints, smoothMap } from '../../../src/main/engine/methods/heatmap-prompts';
import { suppress } from '../../../src/main/engine/methods/nms';
import { decodeDetections } from '../../../src/main/engine/methods/yolox-decode';
import {
  mapOfGolden,
  readGolden,
  valuesOf,
  worstDifference,
  type GoldenTensor,
} from '../../engine/methods/golden';

interface MapCase {
  heat: GoldenTensor;
  width: number;
  height: number;
  blur: number;
  frame: GoldenTensor;
  points: number;
  negativePoints: number;
  positive: [number, number][];
  negative: [number, number][];
}

describe('heat maps', () => {
  for (const [index, golden] of readGolden<MapCase[]>('maps').entries()) {
    it(`case ${index}: frame and prompt points`, () => {
      const heat = mapOfGolden(golden.heat);
      const frame = smoothMap(heat, frameAxes(heat, golden, golden.blur));
      if (!frame) throw new Error('no evidence');
      expect([frame.height, frame.width]).toEqual(golden.frame.shape);
      expect(worstDifference(frame.data, golden.frame)).toBeLessThan(1e-5);
      const points = promptPoints(frame, golden.points, golden.negativePoints);
      expect(points.positive.map(({ x, y }) => [x, y])).toEqual(golden.positive);
      expect(points.negative.map(({ x, y }) => [x, y])).toEqual(golden.negative);
    });
  }

  it('without anything above 0, or flat, are no evidence', () => {
    const flat = (value: number) => ({ width: 3, height: 2, data: new Float64Array(6).fill(value) });
    const axes = frameAxes({ width: 3, height: 2 }, { width: 30, height: 20 }, 0.02);
    expect(smoothMap(flat(0), axes)).toBeNull();
    expect(smoothMap(flat(-1), axes)).toBeNull();
    expect(smoothMap(flat(0.3), axes)).toBeNull();
  });
});

describe('maps brought to the picture', () => {
  interface ResizeCase {
    values: GoldenTensor;
    height: number;
    width: number;
    result: GoldenTensor;
  }
  for (const [index, golden] of readGolden<ResizeCase[]>('resizing').entries()) {
    it(`case ${index}`, () => {
      const map = mapOfGolden(golden.values);
      const axes = pictureAxes(map, golden);
      expect(
        worstDifference(applyAxes(map, axes.vertical, axes.horizontal).data, golden.result),
      ).toBeLessThan(1e-6);
    });
  }
});

describe('masks', () => {
  interface MaskCase {
    mask: RunLengthMask;
    largest: RunLengthMask;
    box: [number, number, number, number] | null;
  }
  for (const [index, golden] of readGolden<MaskCase[]>('masks').entries()) {
    it(`case ${index}: largest part and its box`, () => {
      const [height, width] = golden.mask.size;
      const runs = unpackCounts(golden.mask);
      const part = largestPart(piecesOf(runs, height));
      if (golden.box === null || part === null) {
        expect(part).toBeNull();
        expect(golden.box).toBeNull();
        return;
      }
      expect([part.box.x, part.box.y, part.box.width, part.box.height]).toEqual(golden.box);
      const kept = runsOfPart(part, { width, height });
      expect(packCounts(kept)).toBe(golden.largest.counts);
      expect(areaOfPieces(piecesOf(kept, height))).toBe(part.area);
      // The same by way of whole masks.
      const whole = largestComponent(decodeRunLength(golden.mask));
      expect(encodeRunLength(whole).counts).toBe(golden.largest.counts);
      expect(boxOfMask(whole)).toEqual(part.box);
    });
  }
});

describe('detections', () => {
  interface DetectionCase {
    output: GoldenTensor;
    strides: number[];
    width: number;
    height: number;
    corners: GoldenTensor;
    scores: GoldenTensor;
    nmsIou: number;
    scoreThreshold: number;
    maximumProposals: number;
    kept: number[];
  }
  for (const [index, golden] of readGolden<DetectionCase[]>('detections').entries()) {
    it(`case ${index}: decoded and suppressed`, () => {
      const [anchors = 0] = golden.output.shape;
      const picture = { width: 10_000, height: 10_000 };
      const decode = (size: typeof picture, threshold: number) =>
        decodeDetections(
          valuesOf(golden.output),
          anchors,
          golden.strides,
          golden,
          size,
          { covered: golden, scaleX: 1, scaleY: 1 },
          threshold,
        );
      const corners = valuesOf(golden.corners);
      decode(picture, 0).forEach(({ box }, row) => {
        const [left = 0, top = 0, right = 0, bottom = 0] = corners.subarray(row * 4, row * 4 + 4);
        expect(box.x).toBeCloseTo(Math.max(0, left), 3);
        expect(box.y).toBeCloseTo(Math.max(0, top), 3);
        expect(box.x + box.width).toBeCloseTo(Math.max(0, right), 3);
        expect(box.y + box.height).toBeCloseTo(Math.max(0, bottom), 3);
      });
      const all = decode(golden, 0);
      const candidates = decode(golden, golden.scoreThreshold);
      const kept = suppress(candidates, golden.nmsIou, golden.maximumProposals);
      const rowOf = (score: number) => all.findIndex((detection) => detection.score === score);
      expect(kept.map(({ score }) => rowOf(score))).toEqual(golden.kept);
    });
  }
});
