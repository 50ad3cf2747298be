import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { methodIds, type MethodId, type Metrics, type Prediction } from '../../../src/common/contract';
import type { RunLengthMask, Size } from '../../../src/common/geometry/types';
import { bootstrapMeans, createRandom } from '../../../src/main/engine/evaluation/bootstrap';
import { rowsThatCount } from '../../../src/main/engine/evaluation/evaluate';
import { measure, measureMissing } from '../../../src/main/engine/evaluation/measure';
import {
  accuracyCurveOf,
  clustersOf,
  iouHistogramOf,
  metricsOf,
  weigh,
  type Unit,
} from '../../../src/main/engine/evaluation/metrics';
import type { EvaluationRow } from '../../../src/main/engine/evaluation/rows';
import { comparePair, exactMcNemar } from '../../../src/main/engine/evaluation/significance';
import { slicesBy } from '../../../src/main/engine/evaluation/slices';

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
    MethodId,
    (Omit<Prediction, 'box' | 'evidence'> & { box: Four | null; evidence: never }) | null
  >;
}

interface Golden {
  expressions: GoldenExpression[];
  evaluations: {
    unit: Unit;
    coverage: 'common' | 'all';
    runs: { overall: Metrics; byKind: Record<string, Metrics>; curve: number[]; histogram: number[] }[];
    pairs: Record<string, unknown>[];
  }[];
  random: { seed: number; numbers: number[] };
  scipyInterval: { low: number; high: number };
  mcnemar: { onlyA: number; onlyB: number; pValue: number }[];
}

// Made by numpy, scipy and pycocotools; see evaluation.py beside it.
const golden = JSON.parse(readFileSync('test/fixtures/metrics/evaluation.json', 'utf8')) as Golden;
const box = ([x, y, width, height]: Four) => ({ x, y, width, height });

/** Proposals come as four numbers too. */
function toPrediction(stored: NonNullable<GoldenExpression['predictions'][MethodId]>): Prediction {
  const evidence = structuredClone(stored.evidence) as Prediction['evidence'];
  if (evidence.method === 'yolo-clip') {
    for (const proposal of evidence.proposals) proposal.box = box(proposal.box as unknown as Four);
  }
  return { ...stored, box: stored.box && box(stored.box), evidence };
}

const rows: EvaluationRow[] = golden.expressions.flatMap((expression) =>
  methodIds.map((method, index): EvaluationRow => {
    const { expressionId, referentId, imageId, kind, category, chance } = expression;
    const truth = { box: box(expression.truth.box), mask: expression.truth.mask };
    const stored = expression.predictions[method];
    const measurement = stored
      ? measure(toPrediction(stored), truth, expression.size)
      : measureMissing(method, truth);
    const answered = Boolean(stored?.box);
    const common = { expressionId, referentId, imageId, kind, category, chance, split: 'test' };
    return { ...common, ...measurement, runId: index + 1, predicted: stored !== null, answered };
  }),
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

describe.each(golden.evaluations)('per $unit, coverage $coverage', ({ unit, coverage, runs, pairs }) => {
  const counted = rowsThatCount(rows, [1, 2, 3], coverage);

  it.each(methodIds.map((method, index) => [method, index] as const))('%s equals numpy', (_method, index) => {
    const expected = runs[index];
    const own = counted[index] ?? [];
    expectClose(metricsOf(own, unit), expected?.overall);
    const kinds = slicesBy(own, (row) => row.kind, unit);
    expectClose(Object.fromEntries(kinds.map(({ value, metrics }) => [value, metrics])), expected?.byKind);
    expectClose(iouHistogramOf(own, unit), expected?.histogram);
    expectClose(
      accuracyCurveOf(own, unit).map(({ accuracy }) => accuracy),
      expected?.curve,
    );
  });

  it('pairs equal scipy', () => {
    const [a = [], b = [], c = []] = counted;
    expectClose([comparePair(a, b, unit), comparePair(a, c, unit), comparePair(b, c, unit)], pairs);
  });
});

it('draws the published random numbers', () => {
  const random = createRandom(golden.random.seed);
  expect(golden.random.numbers.map(() => random())).toEqual(golden.random.numbers);
});

it("agrees with scipy's own bootstrap within its noise", () => {
  const risclip = rows.filter((row) => row.runId === 3);
  const [estimate] = bootstrapMeans(clustersOf(weigh(risclip, 'expression'), [(row) => row.iou ?? 0]));
  expect(estimate?.low).toBeCloseTo(golden.scipyInterval.low, 2);
  expect(estimate?.high).toBeCloseTo(golden.scipyInterval.high, 2);
});

it('has the exact p-values of the binomial test', () => {
  for (const { onlyA, onlyB, pValue } of golden.mcnemar) {
    const own = exactMcNemar(onlyA, onlyB);
    expect(Math.abs(own - pValue), `${onlyA} against ${onlyB}`).toBeLessThanOrEqual(1e-9 + pValue * 1e-8);
  }
});
