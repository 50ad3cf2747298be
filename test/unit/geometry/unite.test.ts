import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeRunLength, encodeRunLength, uniteRunLengths } from '../../../src/common/geometry/rle';

it('unites masks as a pixel-by-pixel "or" does', () => {
  const pixels = fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 35, maxLength: 35 });
  fc.assert(
    fc.property(pixels, pixels, (a, b) => {
      const [first, second, either] = [a, b, a.map((value, index) => value | (b[index] ?? 0))].map(
        (data) => ({
          width: 7,
          height: 5,
          data: Uint8Array.from(data),
        }),
      );
      if (!first || !second || !either) return;
      const united = uniteRunLengths(encodeRunLength(first), encodeRunLength(second));
      expect(united).toEqual(encodeRunLength(either));
      expect(decodeRunLength(united)).toEqual(either);
    }),
  );
});
