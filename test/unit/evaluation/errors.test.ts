import { describe, expect, it } from 'vitest';
import { wilsonInterval } from '../../../src/main/engine/evaluation/bootstrap';
import { errorType, localisationError, type Mistake } from '../../../src/main/engine/evaluation/errors';
import { normalPValue } from '../../../src/main/engine/evaluation/slice-cells';

const truth = { x: 10, y: 10, width: 20, height: 20 };
const cup = { referentId: 2, category: 'cup', box: { x: 60, y: 10, width: 20, height: 20 } };
const table = { referentId: 3, category: 'table', box: { x: 10, y: 60, width: 60, height: 30 } };

function mistake(box: Mistake['box'], changes: Partial<Mistake> = {}): Mistake {
  return {
    ...{ box, iou: 0, right: false, truth, category: 'cup', text: 'the cup on the table' },
    others: [cup, table],
    ...changes,
  };
}

describe('an answer is of exactly one type', () => {
  it.each([
    ['right', mistake(truth, { right: true, iou: 1 })],
    ['no-prediction', mistake(null)],
    ['poor-localisation', mistake({ x: 10, y: 10, width: 20, height: 6 }, { iou: 0.3 })],
    ['wrong-instance', mistake(cup.box)],
    ['landmark', mistake(table.box)],
    ['wrong-category', mistake(table.box, { text: 'the cup' })],
    ['background', mistake({ x: 90, y: 90, width: 5, height: 5 })],
    ['other', mistake({ x: 60, y: 10, width: 20, height: 8 })],
  ] as const)('%s', (type, given) => {
    expect(errorType(given)).toBe(type);
  });

  it('a category is found as a word, not as a part of one', () => {
    expect(errorType(mistake(table.box, { text: 'the tables cup' }))).toBe('wrong-category');
    expect(errorType(mistake(table.box, { text: 'cup, TABLE!' }))).toBe('landmark');
  });
});

it.each([
  ['too-big', { x: 5, y: 5, width: 40, height: 40 }],
  ['covers-several', { x: 5, y: 5, width: 80, height: 40 }],
  ['too-small', { x: 12, y: 12, width: 8, height: 8 }],
  ['shifted', { x: 20, y: 10, width: 20, height: 20 }],
] as const)('a box that misses the right object is %s', (kind, box) => {
  expect(localisationError(mistake(box))).toBe(kind);
});

it('has the p-values of the normal distribution', () => {
  // scipy.stats.norm.sf(z) * 2
  for (const [z, p] of [
    [0, 1],
    [1, 0.31731050786291415],
    [1.959963984540054, 0.05],
    [-3, 0.0026997960632601866],
    [6, 1.973175290075389e-9],
  ] as const)
    expect(Math.abs(normalPValue(z) / p - 1)).toBeLessThan(1e-9);
});

it("has Wilson's interval", () => {
  // scipy.stats.binomtest(8, 10).proportion_ci(method="wilson")
  const { low, high } = wilsonInterval(0.8, 10);
  expect(low).toBeCloseTo(0.4901624715, 9);
  expect(high).toBeCloseTo(0.9433178485, 9);
  expect(wilsonInterval(0, 0)).toEqual({ low: 0, high: 1 });
});
