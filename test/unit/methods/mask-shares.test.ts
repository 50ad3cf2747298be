import fc from 'fast-check';
import { expect, it } from 'vitest';
import { encodeRunLength } from '../../../src/common/geometry/rle';
import { applyAxes, resampleAxis } from '../../../src/main/engine/imaging/axis';
import { sharesInCells } from '../../../src/main/engine/methods/mask-shares';

const side = fc.integer({ min: 1, max: 30 });
const bits = fc
  .tuple(side, side)
  .chain(([width, height]) =>
    fc
      .uint8Array({ min: 0, max: 1, minLength: width * height, maxLength: width * height })
      .map((data) => ({ width, height, data })),
  );

it('shares are those of the mask as a picture, resized', () => {
  fc.assert(
    fc.property(bits, side, side, (mask, width, height) => {
      const shares = sharesInCells(encodeRunLength(mask), { width, height });
      const resized = applyAxes(
        { ...mask, data: Float32Array.from(mask.data) },
        resampleAxis(mask.height, height, 'bilinear'),
        resampleAxis(mask.width, width, 'bilinear'),
      );
      expect([shares.width, shares.height]).toEqual([width, height]);
      shares.data.forEach((share, cell) => expect(share).toBeCloseTo(resized.data[cell] ?? NaN, 12));
    }),
  );
});
