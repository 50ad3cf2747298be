/** Masks worked on by columns, against the same done pixel by pixel. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  columnsOf,
  differStretches,
  maskFromColumns,
  noStretches,
  shrinkMask,
  subtractStretches,
  uniteStretches,
} from '../../../src/common/geometry/mask-columns';
import { decodeRunLength, encodeRunLength, maskFromRuns } from '../../../src/common/geometry/rle';
import type { BitMask, RunLengthMask } from '../../../src/common/geometry/types';
import { boundaryF, boundaryTolerance } from '../../../src/main/engine/evaluation/boundary';
import { mapInMask } from '../../../src/main/engine/evaluation/measure-maps';
import { nothingTouched, paintTouched, touchSegment } from '../../../src/renderer/canvas/kernels/paint-mask';

const side = fc.integer({ min: 1, max: 24 });

/** Noise, or rectangles over one another: few borders and many. */
function bitsOf(width: number, height: number): fc.Arbitrary<BitMask> {
  const at = (most: number) => fc.integer({ min: 0, max: most });
  const noise = fc.uint8Array({ min: 0, max: 1, minLength: width * height, maxLength: width * height });
  const boxes = fc.array(fc.tuple(at(width), at(height), at(width), at(height)), { maxLength: 4 });
  const shapes = boxes.map((all) =>
    Uint8Array.from({ length: width * height }, (_, index) => {
      const [x, y] = [index % width, Math.floor(index / width)];
      const over = all.filter(
        ([left, top, right, bottom]) => x >= left && y >= top && x < right && y < bottom,
      );
      return over.length % 2;
    }),
  );
  return fc.oneof(noise, shapes).map((data) => ({ width, height, data }));
}

const oneMask = fc.tuple(side, side).chain(([width, height]) => bitsOf(width, height));
const twoMasks = fc
  .tuple(side, side)
  .chain(([width, height]) => fc.tuple(bitsOf(width, height), bitsOf(width, height)));

describe('columns of a mask', () => {
  it('make the same mask again, whatever its runs look like', () => {
    fc.assert(
      fc.property(oneMask, (bits) => {
        const mask = encodeRunLength(bits);
        expect(maskFromColumns(columnsOf(mask), mask.size)).toEqual(mask);
      }),
    );
    // Runs of no pixels, as other programs write them: 2 outside, 2 inside, 0 outside, 2 inside.
    const columns = columnsOf(maskFromRuns([3, 2], [2, 2, 0, 2]));
    expect(columns).toEqual([
      [2, 3],
      [0, 3],
    ]);
  });

  it('are united, taken away and compared like their pixels', () => {
    const each = (
      a: BitMask,
      b: BitMask,
      combine: typeof uniteStretches,
      holds: (inA: boolean, inB: boolean) => boolean,
    ) => {
      const [left, right] = [columnsOf(encodeRunLength(a)), columnsOf(encodeRunLength(b))];
      const columns = left.map((stretches, column) => combine(stretches, right[column] ?? noStretches));
      const data = a.data.map((value, index) => Number(holds(value === 1, b.data[index] === 1)));
      expect(maskFromColumns(columns, [a.height, a.width])).toEqual(encodeRunLength({ ...a, data }));
    };
    fc.assert(
      fc.property(twoMasks, ([a, b]) => {
        each(a, b, uniteStretches, (inA, inB) => inA || inB);
        each(a, b, subtractStretches, (inA, inB) => inA && !inB);
        each(a, b, differStretches, (inA, inB) => inA !== inB);
      }),
    );
  });

  it('are shrunken to what lies at the centre of each pixel', () => {
    fc.assert(
      fc.property(oneMask, side, side, (bits, width, height) => {
        const data = Uint8Array.from({ length: width * height }, (_, index) => {
          const x = Math.floor((((index % width) + 0.5) * bits.width) / width);
          const y = Math.floor(((Math.floor(index / width) + 0.5) * bits.height) / height);
          return bits.data[y * bits.width + x] ?? 0;
        });
        expect(shrinkMask(encodeRunLength(bits), { width, height })).toEqual(
          encodeRunLength({ width, height, data }),
        );
      }),
    );
  });
});

/** Every pixel whose middle lies near the line, looked at one by one. */
function strokeByPixels(
  bits: BitMask,
  points: readonly { x: number; y: number }[],
  radius: number,
  value: 0 | 1,
) {
  const data = bits.data.slice();
  points.forEach((to, index) => {
    const from = points[index - 1] ?? to;
    const length = (to.x - from.x) ** 2 + (to.y - from.y) ** 2;
    data.forEach((_, at) => {
      const [x, y] = [(at % bits.width) + 0.5, Math.floor(at / bits.width) + 0.5];
      const along =
        length > 0 ? ((x - from.x) * (to.x - from.x) + (y - from.y) * (to.y - from.y)) / length : 0;
      const share = Math.min(1, Math.max(0, along));
      const distance = Math.hypot(x - from.x - share * (to.x - from.x), y - from.y - share * (to.y - from.y));
      if (distance <= radius) data[at] = value;
    });
  });
  return { ...bits, data };
}

it('a stroke is every pixel whose middle lies near its line, on the image and beside it', () => {
  // Halves, where distances meet the radius exactly, and anything.
  const place = fc.oneof(
    fc.double({ min: -20, max: 44, noNaN: true }),
    fc.integer({ min: -40, max: 88 }).map((halves) => halves / 2),
  );
  const points = fc.array(fc.record({ x: place, y: place }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(oneMask, points, fc.integer({ min: 1, max: 30 }), fc.boolean(), (bits, line, size, adds) => {
      const touched = nothingTouched(bits);
      line.forEach((to, index) => touchSegment(touched, bits, line[index - 1] ?? to, to, size / 2));
      const made = paintTouched(encodeRunLength(bits), bits, touched, adds ? 'add' : 'take-away');
      const wanted = strokeByPixels(bits, line, size / 2, adds ? 1 : 0);
      expect(made).toEqual(wanted.data.includes(1) ? encodeRunLength(wanted) : null);
    }),
    { numRuns: 400 },
  );
});

/** As DAVIS has it: pixels beside, above or diagonally above one of the other kind, within a disc of the others'. */
function boundaryByPixels(predicted: BitMask, truth: BitMask): number {
  const { width, height } = truth;
  const radius = Math.ceil(boundaryTolerance * Math.hypot(width, height));
  const outline = ({ data }: BitMask) =>
    [...data.keys()]
      .map((index) => ({ x: index % width, y: Math.floor(index / width), here: data[index] }))
      .filter(({ x, y, here }) => {
        const at = (column: number, row: number) =>
          column < width && row < height ? data[row * width + column] : here;
        return at(x + 1, y) !== here || at(x, y + 1) !== here || at(x + 1, y + 1) !== here;
      });
  const [own, wanted] = [outline(predicted), outline(truth)];
  if (own.length === 0 || wanted.length === 0) return own.length === wanted.length ? 1 : 0;
  const share = (some: typeof own, others: typeof own) =>
    some.filter((a) => others.some((b) => (a.x - b.x) ** 2 + (a.y - b.y) ** 2 <= radius ** 2)).length /
    some.length;
  const [precision, recall] = [share(own, wanted), share(wanted, own)];
  return precision + recall > 0 ? (2 * precision * recall) / (precision + recall) : 0;
}

it('the boundary F counts the same pixels', () => {
  fc.assert(
    fc.property(twoMasks, ([a, b]) => {
      expect(boundaryF(encodeRunLength(a), encodeRunLength(b))).toBe(boundaryByPixels(a, b));
    }),
    { numRuns: 300 },
  );
});

it('the share of a map’s energy in a mask is that of its pixels', () => {
  const cells = fc.uint8Array({ minLength: 12, maxLength: 12 });
  fc.assert(
    fc.property(oneMask, cells, (bits, values) => {
      const [width, height] = [4, 3];
      const map = { width, height, minimum: 0, maximum: 1, values: Buffer.from(values).toString('base64') };
      let [inside, total] = [0, 0];
      bits.data.forEach((value, index) => {
        const column = Math.floor((((index % bits.width) + 0.5) * width) / bits.width);
        const row = Math.floor(((Math.floor(index / bits.width) + 0.5) * height) / bits.height);
        const energy = values[row * width + column] ?? 0;
        total += energy;
        inside += value * energy;
      });
      expect(mapInMask(map, encodeRunLength(bits)).energy).toBeCloseTo(total > 0 ? inside / total : 0, 12);
    }),
  );
});

it('a mask of 48 million pixels is painted and outlined by its border alone', () => {
  const image = { width: 8_000, height: 6_000 };
  const touched = nothingTouched(image);
  touchSegment(touched, image, { x: 500, y: 3_000 }, { x: 7_500, y: 3_000 }, 100);
  const mask = paintTouched(null, image, touched, 'add') as RunLengthMask;
  // One stretch in each column from the round end on the left to that on the right.
  expect(columnsOf(mask).filter((stretches) => stretches.length === 2)).toHaveLength(7_200);
  expect(
    decodeRunLength(shrinkMask(mask, { width: 8, height: 6 })).data.reduce((sum, bit) => sum + bit, 0),
  ).toBe(0);
});
