import { describe, expect, it } from 'vitest';
import { ownMethodIds } from '../../../src/common/contract';
import { estimateFrom, ratioSamples } from '../../../src/main/engine/evaluation/bootstrap';
import { resampleSums } from '../../../src/main/engine/evaluation/resample';
import { RandomNumbers } from '../../../src/main/engine/evaluation/random-numbers';
import { exactMcNemar } from '../../../src/main/engine/evaluation/significance';
import { imagesOf } from '../../../src/main/engine/evaluation/sums';
import { absentGolden, evaluateGolden, golden, goldenTable, inclusiveGolden } from './golden';
import { allRows } from './sample-rows';
import { atOnce } from '../../../src/main/engine/jobs/pieces';

const table = goldenTable();

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

describe.each(golden.evaluations)('per $unit, coverage $coverage, IoU $comparator threshold', (protocol) => {
  const { runs, pairs } = evaluateGolden(protocol);

  it.each(ownMethodIds.map((method, index) => [method, index] as const))('%s', (_method, index) => {
    const [expected, own] = [protocol.runs[index], runs[index]];
    if (!expected || !own) throw new Error('no such run');
    expectClose(own, expected);
    expectClose(own.asDrawn.aurc, expected.confidence.aurc.value);
    expectClose(own.asDrawn.calibrationError, expected.confidence.calibrationError?.value ?? null);
  });

  it('pairs', () => expectClose(pairs, protocol.pairs));
});

it('reads boxes with their last pixels where the convention says so', () => {
  expectClose(inclusiveGolden(), golden.inclusive);
});

it('draws the published random numbers', () => {
  const numbers = new Uint32Array(golden.random.numbers.length);
  const random = new RandomNumbers(golden.random.seed);
  // However they are asked for.
  random.fill(numbers.subarray(0, 3));
  random.fill(numbers.subarray(3));
  expect([...numbers]).toEqual(golden.random.numbers);
});

it('draws places by those numbers', () => {
  const places = 37;
  const [one, other] = [new RandomNumbers(5), new RandomNumbers(5)];
  const [times, numbers] = [new Uint16Array(places), new Uint32Array(places)];
  for (let draw = 0; draw < 3; draw += 1) {
    one.draw(times);
    other.fill(numbers);
    const expected = new Array<number>(places).fill(0);
    for (const number of numbers) expected[Math.floor((number / 2 ** 32) * places)]! += 1;
    expect([...times]).toEqual(expected);
  }
});

it("agrees with scipy's own bootstrap within its noise", () => {
  const rows = allRows(table);
  const { index, count } = imagesOf(table.imageIds, rows);
  const [sums, counts] = [new Float64Array(count), new Float64Array(count)];
  index.forEach((image, row) => {
    sums[image] = (sums[image] ?? 0) + (table.runs[2]?.iou[row] ?? 0);
    counts[image] = (counts[image] ?? 0) + 1;
  });
  const [above, below] = atOnce(resampleSums([sums, counts], count, { draws: 10_000 }));
  const estimate = estimateFrom(0, ratioSamples(above ?? sums, below ?? counts));
  expect(estimate.low).toBeCloseTo(golden.scipyInterval.low, 2);
  expect(estimate.high).toBeCloseTo(golden.scipyInterval.high, 2);
});

it('has the areas under the ROC curve of scikit-learn, and the rates of detection', () => {
  for (const one of golden.absents) {
    const { auroc, detection, noReferent } = absentGolden(one);
    expectClose({ auroc, detection }, { auroc: one.auroc, detection: one.detection });
    expectClose(noReferent.auroc, one.auroc.value);
    expectClose(noReferent.detection.value, one.detection.value);
  }
});

it('has the exact p-values of the binomial test', () => {
  for (const { onlyA, onlyB, pValue } of golden.mcnemar) {
    const own = exactMcNemar(onlyA, onlyB);
    expect(Math.abs(own - pValue), `${onlyA} against ${onlyB}`).toBeLessThanOrEqual(1e-9 + pValue * 1e-8);
  }
});
