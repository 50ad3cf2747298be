import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fromDigitSums, toFixedPoint } from '../../../src/main/engine/evaluation/fixed-point';

const entries = 6;
const listOf = (value: fc.Arbitrary<number>) => fc.array(value, { minLength: entries, maxLength: entries });
const picks = listOf(fc.nat(entries - 1));

/** What a draw has of a column, by its digits. */
function drawnSum(column: Float64Array, drawn: readonly number[], digits: 2 | 3): number {
  const fixed = toFixedPoint(column, 8, digits);
  const sums = fixed.digits.map((digit) =>
    Float64Array.of(drawn.reduce((sum, place) => sum + (digit[place] ?? 0), 0)),
  );
  return fromDigitSums(sums, fixed)[0] ?? Number.NaN;
}
const plainSum = (column: Float64Array, drawn: readonly number[]) =>
  drawn.reduce((sum, place) => sum + (column[place] ?? 0), 0);

it('adds up counts and pixels exactly, whatever is drawn', () => {
  const whole = fc.oneof(
    listOf(fc.integer({ min: 0, max: 40 })),
    listOf(fc.integer({ min: -(2 ** 15), max: 2 ** 15 })),
    listOf(fc.integer({ min: 0, max: 2 ** 40 })),
  );
  fc.assert(
    fc.property(whole, picks, fc.constantFrom(2 as const, 3 as const), (values, drawn, digits) => {
      const column = Float64Array.from(values);
      expect(drawnSum(column, drawn, digits)).toBe(plainSum(column, drawn));
    }),
  );
});

it('cuts off of other numbers no more than it says', () => {
  const size = fc.double({ min: -1, max: 1, noNaN: true });
  fc.assert(
    fc.property(listOf(size), picks, fc.integer({ min: -40, max: 40 }), (values, drawn, exponent) => {
      const column = Float64Array.from(values, (value) => value * 2 ** exponent);
      const highest = column.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      const error = (digits: 2 | 3) => Math.abs(drawnSum(column, drawn, digits) - plainSum(column, drawn));
      expect(error(2)).toBeLessThanOrEqual(entries * 1e-9 * highest);
      expect(error(3)).toBeLessThanOrEqual(entries * 1e-13 * highest);
    }),
  );
});

it('has one digit for counts, and 0 beyond the column', () => {
  const { digits, scale } = toFixedPoint(Float64Array.of(1, 0, 3), 8, 3);
  expect([digits.length, scale, ...(digits[0] ?? [])]).toEqual([1, 1, 1, 0, 3, 0, 0, 0, 0, 0]);
});
