import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RandomNumbers } from '../../../src/main/engine/evaluation/random-numbers';
import { resampleGroups } from '../../../src/main/engine/evaluation/resample';
import { padded, SumKernel } from '../../../src/main/engine/evaluation/sum-kernel';
import { atOnce } from '../../../src/main/engine/jobs/pieces';

const digit = fc.integer({ min: -(2 ** 15), max: 2 ** 15 - 1 });

describe('the kernel', () => {
  it('draws as the random numbers do, and goes on where it stopped', () => {
    const kernel = new SumKernel();
    for (const places of [1, 7, 300, 25_799]) {
      const random = new RandomNumbers(places);
      kernel.reserve({ counts: padded(places) + 8, doubles: 0 });
      const state = kernel.takeState(random.state);
      const times = kernel.takeCounts(padded(places));
      const expected = new Uint16Array(places);
      for (let draw = 0; draw < 3; draw += 1) {
        random.draw(expected);
        kernel.draw(state, times, places);
        expect([...times.subarray(0, places)]).toEqual([...expected]);
      }
      expect([...state]).toEqual([...random.state]);
    }
  });

  it('adds up whole numbers exactly', () => {
    const kernel = new SumKernel();
    const rows = fc.array(fc.tuple(digit, digit, fc.array(fc.nat(300), { minLength: 4, maxLength: 4 })), {
      minLength: 1,
      maxLength: 30,
    });
    fc.assert(
      fc.property(rows, fc.nat(3), fc.integer(), (list, start, already) => {
        const entries = padded(list.length);
        const from = Math.min(8 * start, entries - 8);
        kernel.reserve({ counts: 6 * entries, doubles: 16 });
        const [one, other] = [kernel.takeCounts(entries), kernel.takeCounts(entries)];
        const counts = kernel.takeCounts(4 * entries);
        const [sums, others] = [kernel.takeDoubles(8), kernel.takeDoubles(8)];
        list.forEach(([a, b, times], place) => {
          one[place] = a;
          other[place] = b;
          times.forEach((count, draw) => (counts[draw * entries + place] = count));
        });
        sums.fill(already);
        const total = (column: Int16Array, draw: number) =>
          column.reduce(
            (sum, value, place) => sum + (place < from ? 0 : value * (counts[draw * entries + place] ?? 0)),
            0,
          );
        const expected = [0, 1, 2, 3].map((draw) => [already + total(one, draw), total(other, draw)]);
        kernel.add([one, sums], [other, others], counts, { from, to: entries, at: 4, stride: entries });
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
    const sums = atOnce(resampleGroups(groups, images));
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
    atOnce(resampleGroups([{ columns: whole, images: null, draws: 400 }], images));
    expect(atOnce(resampleGroups(groups, images))).toEqual(sums);
  });

  it('of many images is as near to the sums in doubles', () => {
    const many = 12_000;
    const values = Float64Array.from({ length: many }, (_, image) => Math.abs(Math.sin(image)) * (image % 7));
    const [sums] = atOnce(resampleGroups([{ columns: [values], images: null, draws: 5 }], many));
    const random = new RandomNumbers(1);
    const times = new Uint16Array(many);
    for (let draw = 0; draw < 5; draw += 1) {
      random.draw(times);
      const total = values.reduce((sum, one, place) => sum + one * (times[place] ?? 0), 0);
      expect(Math.abs((sums?.[0]?.[draw] ?? 0) / total - 1)).toBeLessThan(1e-10);
    }
  });
});
