import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RandomNumbers } from '../../../src/main/engine/evaluation/random-numbers';
import { resampleGroups } from '../../../src/main/engine/evaluation/resample';
import { SumKernel } from '../../../src/main/engine/evaluation/sum-kernel';

const value = fc.oneof(
  fc.constantFrom(0, -0, 1, 1e300, -1e300, 5e-324, Infinity),
  fc.double({ noNaN: true }),
  fc.integer({ min: 0, max: 9 }),
);

describe('the kernel', () => {
  it('rounds each product and sum as JavaScript does, in the same order', () => {
    const kernel = new SumKernel();
    const rows = fc.array(fc.tuple(value, value, fc.array(fc.nat(8), { minLength: 4, maxLength: 4 })), {
      minLength: 1,
      maxLength: 30,
    });
    fc.assert(
      fc.property(rows, fc.nat(29), value, (list, start, already) => {
        const from = start % list.length;
        kernel.reserve(6 * list.length + 16);
        const [one, other] = [kernel.take(list.length), kernel.take(list.length)];
        const counts = kernel.take(4 * list.length);
        const [sums, others] = [kernel.take(8), kernel.take(8)];
        list.forEach(([a, b, times], place) => {
          one[place] = a;
          other[place] = b;
          counts.set(times, 4 * place);
        });
        sums.fill(already);
        const add = (column: Float64Array, draw: number, before: number) => {
          let sum = 0;
          for (let place = from; place < list.length; place += 1) {
            sum += (column[place] ?? 0) * (counts[4 * place + draw] ?? 0);
          }
          return before + sum;
        };
        const expected = [0, 1, 2, 3].map((draw) => [add(one, draw, already), add(other, draw, 0)]);
        kernel.add([one, sums], [other, others], counts, { from, to: list.length, at: 4 });
        expect([0, 1, 2, 3].map((draw) => [sums[4 + draw], others[4 + draw]])).toEqual(expected);
        expect([...sums.subarray(0, 4), ...others.subarray(0, 4)]).toEqual([
          ...[already, already, already, already],
          ...[0, 0, 0, 0],
        ]);
      }),
    );
  });
});

describe('resampling', () => {
  const images = 3_000;
  const column = (of: (image: number) => number) =>
    Float64Array.from({ length: images }, (_, image) => of(image));
  const some = Int32Array.from({ length: 700 }, (_, place) => 4 * place + 3);
  const whole = [
    column((image) => image % 3),
    column((image) => image % 5),
    column((image) => Math.sin(image)),
  ];
  const part = [Float64Array.from(some, (image) => Math.cos(image))];

  it('adds up what each draw has of each group, of slices only their images', () => {
    const groups = [
      { columns: whole, images: null, draws: 6 },
      { columns: part, images: some, draws: 3 },
      { columns: [], images: null, draws: 0 },
    ];
    const sums = resampleGroups(groups, images);
    expect(sums.map((group) => group.map((own) => own.length))).toEqual([[6, 6, 6], [3], []]);
    const random = new RandomNumbers(1);
    const times = new Uint16Array(images);
    for (let draw = 0; draw < 6; draw += 1) {
      random.draw(times);
      const total = (values: Float64Array, imageOf: (place: number) => number) =>
        values.reduce((sum, one, place) => sum + one * (times[imageOf(place)] ?? 0), 0);
      whole.forEach((values, index) => {
        expect(sums[0]?.[index]?.[draw]).toBeCloseTo(
          total(values, (place) => place),
          9,
        );
      });
      if (draw < 3) {
        expect(sums[1]?.[0]?.[draw]).toBeCloseTo(
          total(part[0] ?? new Float64Array(0), (place) => some[place] ?? 0),
          9,
        );
      }
    }
    // Sums of counts are exact, and a larger call between changes nothing.
    expect(sums[0]?.[0]?.every((sum) => Number.isInteger(sum))).toBe(true);
    resampleGroups([{ columns: whole, images: null, draws: 400 }], images);
    expect(resampleGroups(groups, images)).toEqual(sums);
  });
});
