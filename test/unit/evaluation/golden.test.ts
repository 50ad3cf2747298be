import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ownMethodIds, type OwnMethodId, type Metrics, type Prediction } from '../../../src/common/contract';
import { boxCentre, boxContains } from '../../../src/common/geometry/boxes';
import { boxGiou } from '../../../src/common/geometry/iou';
import type { RunLengthMask, Size } from '../../../src/common/geometry/types';
import { estimateFrom, ratioSamples, resampleSums } from '../../../src/main/engine/evaluation/bootstrap';
import { confidenceOf, rankingOf } from '../../../src/main/engine/evaluation/confidence';
import { accuracyCurveOf, iouHistogramOf } from '../../../src/main/engine/evaluation/distribution';
import { scoreSlices } from '../../../src/main/engine/evaluation/evaluate';
import { measure, measureMissing } from '../../../src/main/engine/evaluation/measure';
import { noReferentOf } from '../../../src/main/engine/evaluation/no-referent';
import { orderScores } from '../../../src/main/engine/evaluation/order-scores';
import { RandomNumbers } from '../../../src/main/engine/evaluation/random-numbers';
import { metricsFrom } from '../../../src/main/engine/evaluation/scores';
import { comparePairs, exactMcNemar } from '../../../src/main/engine/evaluation/significance';
import { imagesOf } from '../../../src/main/engine/evaluation/sums';
import { rowsThatCount, type Comparator, type Unit } from '../../../src/main/engine/evaluation/table';
import { allRows, tableOf, type SampleRow } from './sample-rows';

type Four = [number, number, number, number];

interface GoldenExpression {
  expressionId: number;
  referentId: number;
  imageId: number;
  size: Size;
  kind: string;
  category: string;
  chance: number | null;
  truth: { box: Four; mask: RunLengthMask | null };
  predictions: Record<
    OwnMethodId,
    (Omit<Prediction, 'box' | 'evidence'> & { box: Four | null; evidence: never }) | null
  >;
}

interface Interval {
  value: number;
  low: number;
  high: number;
}

/** An answer about a present or an absent referent. */
interface Scored {
  image: number;
  score: number | null;
}

interface Golden {
  expressions: GoldenExpression[];
  evaluations: {
    unit: Unit;
    coverage: 'common' | 'all';
    comparator: Comparator;
    runs: {
      overall: Metrics;
      byKind: Record<string, Metrics>;
      scores: Record<string, unknown>;
      confidence: { aurc: Interval; calibrationError: Interval | null };
      curve: number[];
      histogram: number[];
    }[];
    pairs: Record<string, unknown>[];
  }[];
  random: { seed: number; numbers: number[] };
  absents: { present: Scored[]; absent: Scored[]; auroc: Interval; detection: Interval }[];
  scipyInterval: { low: number; high: number };
  mcnemar: { onlyA: number; onlyB: number; pValue: number }[];
}

// Made by numpy, scipy, scikit-learn and pycocotools; see evaluation.py beside it.
const golden = JSON.parse(readFileSync('test/fixtures/metrics/evaluation.json', 'utf8')) as Golden;
const box = ([x, y, width, height]: Four) => ({ x, y, width, height });

/** Proposals come as four numbers too. */
function toPrediction(stored: NonNullable<GoldenExpression['predictions'][OwnMethodId]>): Prediction {
  const evidence = structuredClone(stored.evidence) as Prediction['evidence'];
  if (evidence.method === 'yolo-clip') {
    for (const proposal of evidence.proposals) proposal.box = box(proposal.box as unknown as Four);
  }
  return { ...stored, box: stored.box && box(stored.box), evidence };
}

function rowOf(expression: GoldenExpression, method: OwnMethodId): SampleRow {
  const { expressionId, referentId, imageId, kind, category, chance } = expression;
  const truth = { box: box(expression.truth.box), mask: expression.truth.mask };
  const stored = expression.predictions[method];
  const prediction = stored && toPrediction(stored);
  const found = prediction?.box ?? null;
  return {
    ...{ expressionId, referentId, imageId, kind, category, chance },
    ...(prediction ? measure(prediction, truth, expression.size) : measureMissing(method, truth)),
    giou: found ? boxGiou(found, truth.box) : -1,
    centreInside: found !== null && boxContains(truth.box, boxCentre(found)),
    predicted: prediction !== null,
    answered: found !== null,
    score: prediction?.score ?? null,
  };
}

const table = tableOf(
  ownMethodIds.map((method) => ({ method, rows: golden.expressions.map((one) => rowOf(one, method)) })),
);

/** Every number within 1e-9, everything else equal. */
function expectClose(actual: unknown, expected: unknown, path = ''): void {
  if (typeof expected === 'number') {
    expect(typeof actual, path).toBe('number');
    expect(
      Math.abs((actual as number) - expected),
      `${path}: ${String(actual)} is not ${expected}`,
    ).toBeLessThan(1e-9);
  } else if (expected !== null && typeof expected === 'object') {
    for (const [key, value] of Object.entries(expected)) {
      expectClose((actual as Record<string, unknown>)[key], value, `${path}.${key}`);
    }
  } else {
    expect(actual, path).toEqual(expected);
  }
}

describe.each(golden.evaluations)(
  'per $unit, coverage $coverage, IoU $comparator threshold',
  ({ unit, coverage, comparator, runs, pairs }) => {
    const rows = rowsThatCount(table, coverage);
    const counting = { unit, comparator };
    const images = imagesOf(table.imageIds, rows).count;
    const { overall: scored, slices } = scoreSlices(table, rows, [table.kinds], counting);
    const rankings = table.runs.map((run) => rankingOf(run, rows, table.imageIds, comparator));
    const ordered = orderScores(table, rows, unit, rankings);

    it.each(ownMethodIds.map((method, index) => [method, index] as const))('%s', (_method, index) => {
      const expected = runs[index];
      const run = table.runs[index];
      const own = scored.runs[index];
      if (!expected || !run || !own) throw new Error('no such run');
      expectClose(metricsFrom(table, run, rows, unit, own, images), expected.overall);
      expectClose(
        Object.fromEntries(
          (slices[0] ?? []).map((slice) => {
            const { images: own, runs: found } = slice.scored;
            const [first] = found.slice(index);
            if (!first) throw new Error('no such run');
            return [slice.value, metricsFrom(table, run, slice.rows, unit, first, own)];
          }),
        ),
        expected.byKind,
      );
      const order = ordered[index];
      const ranking = rankings[index];
      if (!order || !ranking) throw new Error('no scores');
      expectClose({ ...own.scores, medianIou: order.medianIou }, expected.scores);
      expectClose(order, expected.confidence);
      const { aurc, calibrationError } = confidenceOf(ranking);
      expectClose(aurc, expected.confidence.aurc.value);
      expectClose(calibrationError, expected.confidence.calibrationError?.value ?? null);
      expectClose(iouHistogramOf(table, run, rows, counting), expected.histogram);
      expectClose(
        accuracyCurveOf(table, run, rows, counting).map(({ accuracy }) => accuracy),
        expected.curve,
      );
    });

    it('pairs', () => {
      expectClose(comparePairs(table, rows, scored.runs, counting), pairs);
    });
  },
);

it('draws the published random numbers', () => {
  const numbers = new Uint32Array(golden.random.numbers.length);
  const random = new RandomNumbers(golden.random.seed);
  // However they are asked for.
  random.fill(numbers.subarray(0, 3));
  random.fill(numbers.subarray(3));
  expect([...numbers]).toEqual(golden.random.numbers);
});

it("agrees with scipy's own bootstrap within its noise", () => {
  const rows = allRows(table);
  const { index, count } = imagesOf(table.imageIds, rows);
  const [sums, counts] = [new Float64Array(count), new Float64Array(count)];
  index.forEach((image, row) => {
    sums[image] = (sums[image] ?? 0) + (table.runs[2]?.iou[row] ?? 0);
    counts[image] = (counts[image] ?? 0) + 1;
  });
  const [above, below] = resampleSums([sums, counts], count, { draws: 10_000 });
  const estimate = estimateFrom(0, ratioSamples(above ?? sums, below ?? counts));
  expect(estimate.low).toBeCloseTo(golden.scipyInterval.low, 2);
  expect(estimate.high).toBeCloseTo(golden.scipyInterval.high, 2);
});

it('has the areas under the ROC curve of scikit-learn, and the rates of detection', () => {
  const groupOf = (answers: readonly Scored[]) => ({
    run: {
      answered: Uint8Array.from(answers, ({ score }) => Number(score !== null)),
      score: Float64Array.from(answers, ({ score }) => score ?? Number.NaN),
    },
    rows: Int32Array.from(answers.keys()),
    imageIds: Int32Array.from(answers, ({ image }) => image),
  });
  for (const { present, absent, auroc, detection } of golden.absents) {
    const found = noReferentOf(groupOf(present), groupOf(absent));
    expectClose(found?.auroc, auroc);
    expectClose(found?.detection, detection);
    expectClose(found?.noReferent.auroc, auroc.value);
    expectClose(found?.noReferent.detection.value, detection.value);
  }
});

it('has the exact p-values of the binomial test', () => {
  for (const { onlyA, onlyB, pValue } of golden.mcnemar) {
    const own = exactMcNemar(onlyA, onlyB);
    expect(Math.abs(own - pValue), `${onlyA} against ${onlyB}`).toBeLessThanOrEqual(1e-9 + pValue * 1e-8);
  }
});
