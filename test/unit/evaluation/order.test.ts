import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ascendingOrder } from '../../../src/main/engine/evaluation/order';

it('orders as a stable sort with a comparison does, ties, zeros of both signs and infinities too', () => {
  const values = fc.oneof(
    fc.constantFrom(0, -0, 1, -1, Infinity, -Infinity),
    fc.double({ noNaN: true }),
    fc.integer({ min: -3, max: 3 }),
  );
  const compare = (a: number, b: number) => (a < b ? -1 : a > b ? 1 : 0);
  fc.assert(
    fc.property(fc.array(values, { maxLength: 60 }), (list) => {
      const expected = list.map((_, place) => place).sort((a, b) => compare(list[a] ?? 0, list[b] ?? 0));
      expect([...ascendingOrder(Float64Array.from(list))]).toEqual(expected);
    }),
  );
});
