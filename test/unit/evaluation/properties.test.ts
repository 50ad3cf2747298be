import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ownMethodIds, type Evidence, type OwnMethodId, type Prediction } from '../../../src/common/contract';
import { encodeRunLength } from '../../../src/common/geometry/rle';
import type { RunLengthMask } from '../../../src/common/geometry/types';
import { accuracyCurveOf, iouHistogramOf } from '../../../src/main/engine/evaluation/distribution';
import { measure, measureMissing } from '../../../src/main/engine/evaluation/measure';
import { rankingOf } from '../../../src/main/engine/evaluation/confidence';
import { orderScores } from '../../../src/main/engine/evaluation/order-scores';
import { metricsFrom, scoreRuns } from '../../../src/main/engine/evaluation/scores';
import { comparePairs, exactMcNemar, holm } from '../../../src/main/engine/evaluation/significance';
import { rowsThatCount, type EvaluationTable, type Unit } from '../../../src/main/engine/evaluation/table';
import { allRows, tableOf, type SampleRow } from './sample-rows';
import { atOnce } from '../../../src/main/engine/jobs/pieces';

function linesOf<Line>(file: string): Line[] {
  const text = readFileSync(`resources/datasets/emojiref/${file}.jsonl`, 'utf8');
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);
}

type Four = [number, number, number, number];
const units = ['expression', 'referent', 'image'] as const;
const draws = 500;

function metricsOf(table: EvaluationTable, unit: Unit) {
  const counting = { unit, comparator: '>=' } as const;
  const rows = allRows(table);
  const { images, runs } = atOnce(scoreRuns(table, rows, counting, { draws }));
  const [run] = table.runs;
  const [scored] = runs;
  if (!run || !scored) throw new Error('a table has a run');
  const ranking = rankingOf(run, rows, table.imageIds, counting.comparator);
  const [order] = atOnce(orderScores(table, rows, unit, [ranking]));
  if (!order) throw new Error('a run has a median');
  return {
    metrics: metricsFrom(table, run, rows, unit, scored, images),
    scores: { ...scored.scores, medianIou: order.medianIou },
    order,
    curve: accuracyCurveOf(table, run, rows, counting),
    histogram: iouHistogramOf(table, run, rows, counting),
  };
}

/** What a method that answers with the ground truth itself would give as evidence. */
function evidenceOf(method: OwnMethodId, box: Prediction['box'], mask: RunLengthMask): Evidence {
  if (!box) throw new Error('a perfect prediction has a box');
  switch (method) {
    case 'yolo-clip':
      return { method, proposals: [{ box, score: 1, category: '', similarity: 1, probability: 1 }] };
    case 'blip-sam': {
      const points = [{ x: box.x + box.width / 2, y: box.y + box.height / 2, positive: true }];
      return {
        method,
        heatMap: null,
        match: 1,
        points,
        candidates: [{ mask, predictedIou: 1, heat: 1 }],
        chosen: 0,
      };
    }
    case 'risclip': {
      // One cell a pixel, high at the middle of the box.
      const [height, width] = mask.size;
      const bytes = new Uint8Array(width * height);
      bytes[Math.floor(box.y + box.height / 2) * width + Math.floor(box.x + box.width / 2)] = 255;
      const map = { width, height, minimum: 0, maximum: 1, values: Buffer.from(bytes).toString('base64') };
      return { method, locatorMap: map, refinedMap: map, threshold: 0.5 };
    }
  }
}

describe('ground truth fed in as prediction scores exactly 1', { timeout: 30_000 }, () => {
  const referents = new Map(
    linesOf<{ id: string; category: string; box: Four; mask: RunLengthMask }>('referents').map((one) => [
      one.id,
      one,
    ]),
  );
  const expressions = linesOf<{ referent: string | null; kind: string }>('expressions')
    .flatMap(({ referent, kind }) => (referent === null ? [] : [{ referent, kind }]))
    .slice(0, 100);
  const imageIds = new Map<string, number>();
  const referentIds = new Map<string, number>();

  it.each(ownMethodIds)('%s', (method) => {
    const rows = expressions.map(({ referent: key, kind }, index): SampleRow => {
      const referent = referents.get(key);
      if (!referent) throw new Error(`no referent ${key}`);
      const { category, mask } = referent;
      const [x, y, width, height] = referent.box;
      // Fractions, so that rounding would show.
      const box = { x: x + 0.1, y: y + 0.3, width: width / 3, height: height / 7 };
      const size = { width: mask.size[1], height: mask.size[0] };
      const evidence = evidenceOf(method, box, mask);
      const prediction = { method, box, mask, score: 1, missingReason: '', evidence, timings: [] };
      const image = key.split('-').slice(0, 2).join('-');
      if (!imageIds.has(image)) imageIds.set(image, imageIds.size + 1);
      if (!referentIds.has(key)) referentIds.set(key, referentIds.size + 1);
      return {
        ...measure(method === 'yolo-clip' ? { ...prediction, mask: null } : prediction, { box, mask }, size),
        giou: 1,
        centreInside: true,
        score: 1,
        expressionId: index + 1,
        referentId: referentIds.get(key) ?? 0,
        imageId: imageIds.get(image) ?? 0,
        kind,
        category,
        chance: 1,
      };
    });
    const one = { value: 1, low: 1, high: 1 };
    for (const unit of units) {
      const { metrics, scores, order, curve, histogram } = metricsOf(tableOf([{ method, rows }]), unit);
      // Nothing is wrong, and to be sure of it is right.
      expect(order).toMatchObject({ medianIou: one, aurc: { value: 0 }, calibrationError: { value: 0 } });
      // Energy and AUC say how a map is spread, not whether the answer is right.
      for (const [name, score] of Object.entries(scores)) {
        if (!/^energy|^mapAuc/.test(name)) expect(score.value, name).toBe(1);
      }
      expect(metrics).toMatchObject({ accuracy50: one, accuracy75: one, meanIou: one, chance: 1 });
      if (method === 'yolo-clip') {
        expect(metrics).toMatchObject({
          maskCount: 0,
          maskMeanIou: null,
          maskOverallIou: null,
          maskPrecision: null,
        });
        expect(metrics).toMatchObject({ proposalRecall: 1, pointingAccuracy: null });
      } else {
        expect(metrics).toMatchObject({
          maskMeanIou: one,
          maskOverallIou: 1,
          maskPrecision: [1, 1, 1, 1, 1],
        });
        expect(metrics).toMatchObject({ proposalRecall: null, pointingAccuracy: 1 });
      }
      expect(curve.every(({ accuracy }) => accuracy === 1)).toBe(true);
      expect(histogram.slice(0, 19)).toEqual(new Array(19).fill(0));
    }
  });
});

const unitInterval = fc.double({ min: 0, max: 1, noNaN: true });
const arbitraryRow = fc.record({
  referentId: fc.integer({ min: 1, max: 12 }),
  iou: fc.oneof(unitInterval, fc.constantFrom(0, 0.05, 0.5, 0.75, 1)),
  maskUnion: fc.option(fc.integer({ min: 0, max: 500 })),
  maskShare: unitInterval,
  predicted: fc.boolean(),
});

/** Four referents an image. */
const arbitraryRows = () =>
  fc.array(arbitraryRow, { minLength: 1, maxLength: 60 }).map((rows) =>
    rows.map((row, index): SampleRow => ({
      expressionId: index + 1,
      referentId: row.referentId,
      imageId: Math.ceil(row.referentId / 4),
      predicted: row.predicted,
      iou: row.iou,
      maskUnion: row.maskUnion,
      maskIntersection: row.maskUnion === null ? null : Math.floor(row.maskUnion * row.maskShare),
      bestProposalIou: row.iou,
    })),
  );

describe.each(units)('for any rows, per %s', { timeout: 30_000 }, (unit) => {
  it('numbers are shares, intervals are in order, counts add up', () => {
    fc.assert(
      fc.property(arbitraryRows(), (rows) => {
        const { metrics, curve, histogram } = metricsOf(tableOf([{ method: 'risclip', rows }]), unit);
        for (const estimate of [
          metrics.accuracy50,
          metrics.accuracy75,
          metrics.meanIou,
          metrics.maskMeanIou,
        ]) {
          if (!estimate) continue;
          expect(estimate.low).toBeGreaterThanOrEqual(0);
          expect(estimate.high).toBeLessThanOrEqual(1 + 1e-12);
          expect(estimate.low).toBeLessThanOrEqual(estimate.high);
        }
        expect(metrics.accuracy75.value).toBeLessThanOrEqual(metrics.accuracy50.value);
        // No proposal is better than the best one, here the answer itself.
        expect(metrics.proposalRecall).toBeCloseTo(metrics.accuracy50.value, 12);
        const counted = histogram.reduce((sum, count) => sum + count, 0);
        expect(counted).toBeCloseTo(metrics.count, 9);
        expect(curve[10]?.accuracy).toBeCloseTo(metrics.accuracy50.value, 12);
        curve.reduce((before, now) => {
          expect(now.accuracy).toBeLessThanOrEqual(before.accuracy + 1e-12);
          return now;
        });
        if (metrics.maskOverallIou !== null) expect(metrics.maskOverallIou).toBeLessThanOrEqual(1);
      }),
      { numRuns: 60 },
    );
  });

  it('a run does not differ from itself, and a difference has a sign', () => {
    fc.assert(
      fc.property(arbitraryRows(), (rows) => {
        const wrong = rows.map((row) => ({ ...row, iou: 0 }));
        const table = tableOf([rows, rows, wrong].map((own) => ({ method: 'risclip' as const, rows: own })));
        const counting = { unit, comparator: '>=' } as const;
        const { runs } = atOnce(scoreRuns(table, allRows(table), counting, { draws }));
        const [same, there] = atOnce(comparePairs(table, allRows(table), runs, counting));
        expect(same).toMatchObject({
          difference: { value: 0, low: 0, high: 0 },
          onlyA: 0,
          onlyB: 0,
          pValue: 1,
          detectable: 0,
        });
        expect(there?.difference.value).toBeCloseTo(runs[0]?.scores.accuracy50?.value ?? -1, 12);
        expect(there?.difference.value).toBeGreaterThanOrEqual(0);
        expect(there?.onlyB).toBe(0);
      }),
      { numRuns: 40 },
    );
  });
});

it('common coverage keeps what every run has predicted, full coverage keeps all', () => {
  fc.assert(
    fc.property(arbitraryRows(), fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }), (first, flags) => {
      const second = first.map((row, index) => ({ ...row, predicted: flags[index] ?? false }));
      const table = tableOf([first, second].map((rows) => ({ method: 'risclip' as const, rows })));
      const both = first.flatMap((row, index) => (row.predicted && flags[index] ? [index] : []));
      expect([...rowsThatCount(table, 'common')]).toEqual(both);
      expect(rowsThatCount(table, 'all')).toHaveLength(first.length);
    }),
    { numRuns: 40 },
  );
});

it('Holm: nothing gets surer by being one of many, and the order stays', () => {
  expect(holm([0.01, 0.04, 0.03, 0.005])).toEqual([0.03, 0.06, 0.06, 0.02]);
  fc.assert(
    fc.property(fc.array(unitInterval, { minLength: 1, maxLength: 20 }), (pValues) => {
      const corrected = holm(pValues);
      pValues.forEach((p, index) => expect(corrected[index]).toBeGreaterThanOrEqual(p));
      expect(Math.max(...corrected)).toBeLessThanOrEqual(1);
    }),
  );
});

it('a missing prediction misses everything, an expression without ground truth counts nowhere', () => {
  const box = { x: 1, y: 1, width: 2, height: 2 };
  const pixels = {
    width: 4,
    height: 4,
    data: Uint8Array.from({ length: 16 }, (_, index) => Number(index < 3)),
  };
  expect(measureMissing('blip-sam', { box, mask: encodeRunLength(pixels) })).toEqual({
    iou: 0,
    maskIntersection: 0,
    maskUnion: 3,
    boundaryF: 0,
    bestProposalIou: null,
    rankBySimilarity: null,
    rankByScore: null,
    pointInside: false,
    energyInBox: 0,
    energyInMask: 0,
    mapAuc: 0,
    attainableIou: 0,
  });
  expect(measureMissing('yolo-clip', { box, mask: encodeRunLength(pixels) })).toEqual({
    iou: 0,
    maskIntersection: null,
    maskUnion: null,
    boundaryF: null,
    bestProposalIou: 0,
    rankBySimilarity: 0,
    rankByScore: 0,
    pointInside: null,
    energyInBox: null,
    energyInMask: null,
    mapAuc: null,
    attainableIou: 0,
  });
  expect(measureMissing('risclip', { box: null, mask: null })).toEqual({
    iou: null,
    maskIntersection: null,
    maskUnion: null,
    boundaryF: null,
    bestProposalIou: null,
    rankBySimilarity: null,
    rankByScore: null,
    pointInside: null,
    energyInBox: null,
    energyInMask: null,
    mapAuc: null,
    attainableIou: null,
  });
});

it('McNemar: nothing discordant shows nothing, and sides do not matter', () => {
  expect(exactMcNemar(0, 0)).toBe(1);
  expect(exactMcNemar(5, 5)).toBe(1);
  expect(exactMcNemar(0, 6)).toBeCloseTo(2 / 64, 12);
  fc.assert(
    fc.property(fc.nat(5_000), fc.nat(5_000), (a, b) => {
      const p = exactMcNemar(a, b);
      expect(p).toBe(exactMcNemar(b, a));
      expect(p).toBeGreaterThanOrEqual(0);
      expect(p).toBeLessThanOrEqual(1);
    }),
  );
});
