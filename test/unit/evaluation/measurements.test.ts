import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Evidence, Proposal } from '../../../src/common/contract';
import { boxGiou } from '../../../src/common/geometry/iou';
import { boundaryF } from '../../../src/main/engine/evaluation/boundary';
import { measure } from '../../../src/main/engine/evaluation/measure';
import { energyInBox, mapInMask } from '../../../src/main/engine/evaluation/measure-maps';
import { attainableIou } from '../../../src/main/engine/evaluation/attainable';
import type { Four, MeasurementsGolden } from './measurements-golden';

// Made by numpy, scipy, scikit-learn and pycocotools; see measurements.py beside it.
const golden = JSON.parse(
  readFileSync('test/fixtures/metrics/measurements.json', 'utf8'),
) as MeasurementsGolden;
const box = ([x, y, width, height]: Four) => ({ x, y, width, height });
const close = (actual: number, expected: number) => expect(Math.abs(actual - expected)).toBeLessThan(1e-9);

describe('single measurements equal independent ones', () => {
  it('energy of a map in the box and in the mask, and its AUC', () => {
    for (const one of golden.maps) {
      close(energyInBox(one.map, box(one.box), one.image), one.energyInBox);
      const { energy, auc } = mapInMask(one.map, one.mask);
      close(energy, one.energyInMask);
      close(auc, one.mapAuc);
    }
  });

  it('boundary F', () => {
    for (const { a, b, boundaryF: expected } of golden.outlines) {
      close(boundaryF(a, b), expected);
      close(boundaryF(b, a), expected);
      expect(boundaryF(a, a)).toBe(1);
    }
  });

  it('ranks of proposals', () => {
    for (const { truth, proposals, best, rankBySimilarity, rankByScore } of golden.ranked) {
      const evidence: Evidence = {
        method: 'yolo-clip',
        proposals: proposals.map((one): Proposal => ({
          box: box(one.box),
          score: one.score,
          category: '',
          similarity: 0,
          probability: 0,
        })),
      };
      const chosen = evidence.proposals[0]?.box ?? null;
      const prediction = {
        method: 'yolo-clip' as const,
        box: chosen,
        mask: null,
        score: 1,
        missingReason: '',
      };
      const measured = measure(
        { ...prediction, evidence, timings: [] },
        { box: box(truth), mask: null },
        { width: 200, height: 200 },
      );
      expect(measured).toMatchObject({ rankBySimilarity, rankByScore, boundaryF: null, mapAuc: null });
      close(measured.bestProposalIou ?? -1, best);
      expect(measured.attainableIou).toBe(measured.bestProposalIou);
    }
  });

  it('what another threshold could have reached', () => {
    for (const { map, image, truth, attainable } of golden.refined) {
      const evidence: Evidence = { method: 'risclip', locatorMap: map, refinedMap: map, threshold: 0.5 };
      close(attainableIou(evidence, 0, box(truth), image), attainable);
      expect(attainableIou(evidence, 1, box(truth), image)).toBe(1);
    }
  });

  it('generalised IoU', () => {
    for (const { a, b, giou } of golden.boxes) {
      close(boxGiou(box(a), box(b)), giou);
      expect(boxGiou(box(a), box(a))).toBe(1);
    }
  });
});
