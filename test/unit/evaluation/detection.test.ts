import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ImageBox } from '../../../src/common/geometry/types';
import { measureDetection, type DetectedImage } from '../../../src/main/engine/evaluation/detection';
import { deepestInside } from '../../../src/main/engine/imaging/inside';

type Corners = [number, number, number, number];
interface Golden {
  scenes: { truths: Corners[]; detections: { box: Corners; score: number }[] }[];
  averagePrecision: number;
  recall: number;
  masks: { rows: string[]; deepest: [number, number] }[];
}

const golden = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../../fixtures/metrics/detection.json'), 'utf8'),
) as Golden;
const boxOf = ([x, y, width, height]: Corners): ImageBox => ({ x, y, width, height });
const scenes: DetectedImage[] = golden.scenes.map(({ truths, detections }) => ({
  truths: truths.map(boxOf),
  detections: detections.map(({ box, score }) => ({ box: boxOf(box), score })),
}));

describe('average precision', () => {
  it('is that of pycocotools', () => {
    const { averagePrecision, recall } = measureDetection(scenes);
    expect(averagePrecision.value).toBeCloseTo(golden.averagePrecision, 9);
    expect(recall.value).toBeCloseTo(golden.recall, 9);
  });

  it('lies inside its interval, which comes out the same each time', () => {
    const first = measureDetection(scenes);
    for (const { value, low, high } of [first.averagePrecision, first.recall]) {
      expect(low).toBeLessThan(value);
      expect(high).toBeGreaterThan(value);
    }
    expect(measureDetection(scenes)).toEqual(first);
  });

  it('is 1 for a detector that finds exactly the truth, and 0 for one that finds nothing', () => {
    const perfect = scenes.map(({ truths }) => ({
      truths,
      detections: truths.map((box, index) => ({ box, score: 1 / (index + 1) })),
    }));
    expect(measureDetection(perfect).averagePrecision).toEqual({ value: 1, low: 1, high: 1 });
    const silent = scenes.map(({ truths }) => ({ truths, detections: [] }));
    expect(measureDetection(silent).averagePrecision).toEqual({ value: 0, low: 0, high: 0 });
  });
});

describe('the deepest pixel of a mask', () => {
  it('is that of an exact distance transform', () => {
    for (const { rows, deepest } of golden.masks) {
      const data = Uint8Array.from(rows.join(''), (pixel) => (pixel === '#' ? 1 : 0));
      const found = deepestInside({ width: rows[0]?.length ?? 0, height: rows.length, data });
      expect(found).toEqual({ x: deepest[0], y: deepest[1] });
    }
  });

  it('does not exist in an empty mask', () => {
    expect(deepestInside({ width: 3, height: 2, data: new Uint8Array(6) })).toBeNull();
  });
});
