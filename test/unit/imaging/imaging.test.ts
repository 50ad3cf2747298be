/** The imaging kernels against Pillow, numpy and scipy (golden/make.py). */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  applyAxes,
  bilinearAxis,
  cutAxis,
  gaussianAxis,
  joinAxes,
  resampleAxis,
  type FloatMap,
  type ResampleFilter,
} from '../../../src/main/engine/imaging/axis';
import { cropFrame, cropImage, type CropRule } from '../../../src/main/engine/imaging/crop';
import type { DecodedImage } from '../../../src/main/engine/imaging/image';
import { softmax, stretchInPlace } from '../../../src/main/engine/imaging/maps';
import { resizeImage } from '../../../src/main/engine/imaging/resize';
import {
  imageToTensor,
  placementOf,
  roundHalfEven,
  type ImageRule,
} from '../../../src/main/engine/imaging/tensor';
import golden from './golden/golden.json';

/** The formulas of make.py. */
function picture(width: number, height: number): DecodedImage {
  const data = new Uint8Array(width * height * 3);
  for (let index = 0; index < data.length; index += 1) {
    const channel = index % 3;
    const x = Math.floor(index / 3) % width;
    const y = Math.floor(index / 3 / width);
    data[index] = (x * 37 + y * 91 + channel * 50 + ((x * y) % 17) * 11) % 256;
  }
  return { width, height, data };
}

function mapOf(width: number, height: number): FloatMap {
  const data = Float64Array.from({ length: width * height }, (_, index) => {
    const x = index % width;
    const y = Math.floor(index / width);
    return ((x * 5 + y * 3 + x * y) % 23) / 23 - 0.4;
  });
  return { width, height, data };
}

function sha256(values: Uint8Array | Float32Array): string {
  return createHash('sha256')
    .update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    .digest('hex');
}

function expectClose(map: FloatMap, expected: readonly number[]): void {
  expect(map.data.length).toBe(expected.length);
  const worst = expected.reduce(
    (most, value, index) => Math.max(most, Math.abs(value - (map.data[index] ?? NaN))),
    0,
  );
  expect(worst).toBeLessThan(1e-6);
}

describe('resizing pictures', () => {
  for (const { size, to, filter, sha256: expected } of golden.resized) {
    it(`${size.join('×')} to ${to.join('×')}, ${filter}, equals Pillow byte for byte`, () => {
      const [width = 0, height = 0] = size;
      const [newWidth = 0, newHeight = 0] = to;
      const resized = resizeImage(picture(width, height), newWidth, newHeight, filter as ResampleFilter);
      expect([resized.width, resized.height]).toEqual(to);
      expect(sha256(resized.data)).toBe(expected);
    });
  }
});

describe('cropping', () => {
  for (const { size, box, rule, to, sha256: expected } of golden.crops) {
    it(`${box.join(', ')} of ${size.join('×')}, ${rule.shape}`, () => {
      const [x = 0, y = 0, width = 0, height = 0] = box;
      const cropRule = rule as unknown as CropRule;
      const frame = cropFrame({ x, y, width, height }, cropRule);
      const cropped = cropImage(picture(size[0] ?? 0, size[1] ?? 0), frame, cropRule.fill);
      expect([cropped.width, cropped.height]).toEqual(to);
      expect(sha256(cropped.data)).toBe(expected);
    });
  }
});

describe('pictures as tensors', () => {
  for (const { size, rule, sha256: expected } of golden.tensors) {
    it(`${rule.resize} of ${size.join('×')}`, () => {
      const tensor = imageToTensor(picture(size[0] ?? 0, size[1] ?? 0), rule as unknown as ImageRule);
      expect(sha256(tensor)).toBe(expected);
    });
  }

  it('says where the picture lies in the frame', () => {
    const rule = golden.tensors[0]?.rule as unknown as ImageRule;
    expect(placementOf({ width: 96, height: 48 }, { ...rule, resize: 'letterbox' })).toEqual({
      covered: { width: 48, height: 24 },
      scaleX: 0.5,
      scaleY: 0.5,
    });
    // A picture of extreme shape keeps at least one pixel.
    expect(placementOf({ width: 9_600, height: 10 }, { ...rule, resize: 'letterbox' }).covered.height).toBe(
      1,
    );
    expect(placementOf({ width: 97, height: 31 }, { ...rule, resize: 'longest-side' })).toEqual({
      covered: { width: 48, height: 15 },
      scaleX: 48 / 97,
      scaleY: 15 / 31,
    });
  });

  it('a picture that contradicts itself is no input', () => {
    const rule: ImageRule = {
      size: [4, 4],
      resize: 'squash',
      filter: 'bilinear',
      pad: [0, 0, 0],
      channels: 'rgb',
      scale: 1,
      mean: [0, 0, 0],
      std: [1, 1, 1],
    };
    const { data } = picture(4, 4);
    expect(imageToTensor({ width: 4, height: 4, data }, rule)).toHaveLength(48);
    expect(() => imageToTensor({ width: 4, height: 4, data: data.subarray(3) }, rule)).toThrow(
      expect.objectContaining({ kind: 'internal', message: 'A picture of 4 × 4 has 45 values.' }),
    );
  });

  it('rounds halves to even numbers, as Python does', () => {
    expect([0.5, 1.5, 2.5, 2.4, 2.6].map(roundHalfEven)).toEqual([0, 2, 2, 2, 3]);
  });
});

describe('maps', () => {
  const small = mapOf(7, 5);

  it('are enlarged with the bicubic filter as Pillow does in mode F', () => {
    expectClose(
      applyAxes(small, resampleAxis(5, 24, 'bicubic'), resampleAxis(7, 33, 'bicubic')),
      golden.maps.bicubic,
    );
  });

  it('are shrunk with the antialiased bilinear filter as Pillow does in mode F', () => {
    expectClose(
      applyAxes(mapOf(30, 20), resampleAxis(20, 9, 'bilinear'), resampleAxis(30, 7, 'bilinear')),
      golden.maps.shrunk,
    );
  });

  it('are interpolated at half-pixel centres as scipy does', () => {
    expectClose(applyAxes(small, bilinearAxis(5, 12), bilinearAxis(7, 17)), golden.maps.bilinear);
    expectClose(applyAxes(mapOf(30, 20), bilinearAxis(20, 6), bilinearAxis(30, 8)), golden.maps.bilinearDown);
  });

  it('are blurred as scipy does, also where the kernel is wider than the map', () => {
    const vertical = joinAxes(resampleAxis(5, 24, 'bicubic'), gaussianAxis(24, 2.3));
    const horizontal = joinAxes(resampleAxis(7, 33, 'bicubic'), gaussianAxis(33, 2.3));
    expectClose(applyAxes(small, vertical, horizontal), golden.maps.blurred);
    expectClose(applyAxes(small, gaussianAxis(5, 3.1), gaussianAxis(7, 3.1)), golden.maps.blurredWide);
  });

  it('joined and cut operators do what their parts do one after the other', () => {
    const first = bilinearAxis(7, 20);
    const second = bilinearAxis(13, 31);
    const same = cutAxis(bilinearAxis(5, 5), 5);
    const stepwise = applyAxes(applyAxes(small, same, cutAxis(first, 13)), same, second);
    const joined = applyAxes(small, same, joinAxes(cutAxis(first, 13), second));
    expectClose(joined, [...stepwise.data]);
  });

  it('are stretched to 0..1; a flat map becomes 0', () => {
    const stretched = (...values: number[]) => {
      const map = { width: values.length, height: 1, data: Float64Array.from(values) };
      stretchInPlace(map);
      return [...map.data];
    };
    expect(stretched(2, 4, 3)).toEqual([0, 1, 0.5]);
    expect(stretched(7, 7)).toEqual([0, 0]);
  });

  it('softmax adds up to 1 and survives large numbers', () => {
    const probabilities = softmax([1_000, 999, -5]);
    expect(probabilities.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
    expect(probabilities[0]).toBeCloseTo(1 / (1 + Math.exp(-1)), 9);
  });
});
