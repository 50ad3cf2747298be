import fc from 'fast-check';
import { expect, it } from 'vitest';
import { packColumns } from '../../../src/main/engine/evaluation/packed-columns';

const entries = 6;
const column = fc.oneof(
  fc.array(fc.integer({ min: 0, max: 40 }), { minLength: entries, maxLength: entries }),
  fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: entries, maxLength: entries }),
  fc.array(fc.integer({ min: -3, max: 2 ** 40 }), { minLength: entries, maxLength: entries }),
);
const sumOf = (values: Float64Array, times: readonly number[]) =>
  values.reduce((sum, value, place) => sum + value * (times[place] ?? 0), 0);

it('sums of packed columns are the sums of the columns, whatever is drawn', () => {
  fc.assert(
    fc.property(
      fc.array(column, { maxLength: 7 }),
      fc.array(fc.integer({ min: 0, max: entries - 1 }), { minLength: entries, maxLength: entries }),
      (values, picks) => {
        const columns = values.map((one) => Float64Array.from(one));
        const times = Array.from(
          { length: entries },
          (_, place) => picks.filter((pick) => pick === place).length,
        );
        const packed = packColumns(columns, entries);
        const sums = packed.unpack(packed.columns.map((one) => Float64Array.of(sumOf(one, times))));
        columns.forEach((one, place) => expect(sums[place]?.[0]).toBe(sumOf(one, times)));
      },
    ),
  );
});

it('halves the columns of counts', () => {
  const columns = [1, 2, 3, 4].map((value) => Float64Array.of(value, 0, 1));
  expect(packColumns(columns, 3).columns).toHaveLength(2);
});
