import { describe, expect, it } from 'vitest';
import { boxOfMask, largestComponent } from '../../../src/common/geometry/components';
import { encodeRunLength, unpackCounts } from '../../../src/common/geometry/rle';
import { applyAxes } from '../../../src/main/engine/imaging/axis';
import {
  frameToPictureAxes,
  meanInside,
  PictureSums,
  pictureAxes,
  runsAbove,
} from '../../../src/main/engine/methods/box-from-map';
import { areaOfPieces, largestPart, piecesOf, runsOfPart } from '../../../src/main/engine/methods/mask-parts';
import { checkRole } from '../../../src/main/engine/methods/definition';
import { gridMap } from '../../../src/main/engine/methods/evidence';
import { suppress } from '../../../src/main/engine/methods/nms';
import { methodDefinitions } from '../../../src/main/engine/methods/registry';
import type { Role } from '../../../src/main/engine/models/manifest';
import { packCounts } from '../../../src/common/geometry/rle';
import fc from 'fast-check';

/** A map of smooth hills and the same map brought to the picture value by value. */
const hills = fc
  .record({
    width: fc.integer({ min: 1, max: 12 }),
    height: fc.integer({ min: 1, max: 12 }),
    pictureWidth: fc.integer({ min: 1, max: 40 }),
    pictureHeight: fc.integer({ min: 1, max: 40 }),
    seed: fc.integer({ min: 1, max: 1_000 }),
  })
  .map(({ width, height, pictureWidth, pictureHeight, seed }) => ({
    map: {
      width,
      height,
      data: Float64Array.from({ length: width * height }, (_, index) => Math.sin(index * seed) * 2),
    },
    picture: { width: pictureWidth, height: pictureHeight },
  }));

describe('masks from maps', () => {
  it('are what thresholding every pixel gives', () => {
    fc.assert(
      fc.property(hills, fc.double({ min: -1, max: 1, noNaN: true }), ({ map, picture }, threshold) => {
        const axes = pictureAxes(map, picture);
        const whole = applyAxes(map, axes.vertical, axes.horizontal);
        const data = Uint8Array.from(whole.data, (value) => (value > threshold ? 1 : 0));
        const runs = runsAbove(map, axes, threshold);
        const pieces = piecesOf(runs, picture.height);
        expect(packCounts(runs)).toBe(encodeRunLength({ ...picture, data }).counts);
        expect(areaOfPieces(pieces)).toBe(data.reduce((sum, bit) => sum + bit, 0));
        const part = largestPart(pieces);
        if (part) expect(meanInside(map, axes, part)).toBeGreaterThan(threshold);
      }),
    );
  });

  it('have the largest part that flooding every pixel finds', () => {
    const masks = fc
      .record({ width: fc.integer({ min: 1, max: 12 }), height: fc.integer({ min: 1, max: 12 }) })
      .chain(({ width, height }) =>
        fc.record({
          width: fc.constant(width),
          height: fc.constant(height),
          data: fc
            .array(fc.constantFrom(0, 1), { minLength: width * height, maxLength: width * height })
            .map((bits) => Uint8Array.from(bits)),
        }),
      );
    fc.assert(
      fc.property(masks, (mask) => {
        const whole = largestComponent(mask);
        const part = largestPart(piecesOf(unpackCounts(encodeRunLength(mask)), mask.height));
        expect(part?.box ?? null).toEqual(boxOfMask(whole));
        expect(part?.area ?? 0).toBe(whole.data.reduce((sum, bit) => sum + bit, 0));
        if (part) expect(packCounts(runsOfPart(part, mask))).toBe(encodeRunLength(whole).counts);
      }),
      { numRuns: 500 },
    );
  });

  it('contrast is the mean inside minus the mean outside', () => {
    fc.assert(
      fc.property(hills, ({ map, picture }) => {
        const axes = pictureAxes(map, picture);
        const whole = [...applyAxes(map, axes.vertical, axes.horizontal).data];
        const inside = whole.filter((value) => value > 0.3);
        const outside = whole.filter((value) => !(value > 0.3));
        const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
        const expected = inside.length && outside.length ? mean(inside) - mean(outside) : -1;
        const sums = new PictureSums();
        // Another map first: nothing of it may remain.
        sums.use({ ...map, data: map.data.map((value) => 1 - value) }, axes);
        sums.contrast(piecesOf(runsAbove(map, axes, 0), picture.height));
        sums.use(map, axes);
        expect(sums.contrast(piecesOf(runsAbove(map, axes, 0.3), picture.height))).toBeCloseTo(expected, 9);
      }),
    );
  });

  it('of a frame that the picture covers in part leave the rest of the frame out', () => {
    // Left half low, right half high; the picture covers the left half only.
    const map = { width: 4, height: 2, data: Float64Array.of(-1, -1, 1, 1, -1, -1, 1, 1) };
    const axes = frameToPictureAxes(
      map,
      { width: 8, height: 4 },
      { width: 3, height: 4 },
      { width: 6, height: 8 },
    );
    expect(areaOfPieces(piecesOf(runsAbove(map, axes, 0), 8))).toBe(0);
    const all = frameToPictureAxes(
      map,
      { width: 8, height: 4 },
      { width: 8, height: 4 },
      { width: 8, height: 4 },
    );
    expect(areaOfPieces(piecesOf(runsAbove(map, all, 0), 4))).toBe(16);
  });
});

describe('maps as evidence', () => {
  it('keep their peak, however near the next value is', () => {
    const data = Float64Array.of(0, 0.9999, 1, 0.9998, 0.5);
    const { values, minimum, maximum } = gridMap({ width: 5, height: 1, data });
    expect([minimum, maximum]).toEqual([0, 1]);
    expect([...Buffer.from(values, 'base64')]).toEqual([0, 254, 255, 254, 128]);
  });

  it('that are flat hold their one value', () => {
    const map = gridMap({ width: 2, height: 1, data: Float64Array.of(0.25, 0.25) });
    expect(map).toMatchObject({ minimum: 0.25, maximum: 0.25 });
    expect([...Buffer.from(map.values, 'base64')]).toEqual([0, 0]);
  });
});

describe('suppression', () => {
  it('keeps the better of two boxes, equal scores in their order, and no more than the limit', () => {
    const box = (x: number, score: number) => ({ box: { x, y: 0, width: 10, height: 10 }, score });
    const [a, b, c, d] = [box(0, 0.5), box(1, 0.9), box(50, 0.5), box(80, 0.5)] as const;
    expect(suppress([a, b, c, d], 0.6, 10)).toEqual([b, c, d]);
    expect(suppress([a, b, c, d], 0.6, 2)).toEqual([b, c]);
    expect(suppress([a, b, c, d], 0.95, 10)).toEqual([b, a, c, d]);
  });
});

describe('what a method needs of a role', () => {
  const need = methodDefinitions['blip-sam'].roles['sam-decoder'];
  const tensor = { type: 'float32' as const, shape: [1] };
  const roleWith = (inputs: string[], outputs: string[]): Role => ({
    file: 'x.onnx',
    inputs: Object.fromEntries(inputs.map((name) => [name, tensor])),
    outputs: Object.fromEntries(outputs.map((name) => [name, tensor])),
  });
  const image = roleWith(['pixel_values'], ['image_embeddings', 'high_res']);
  const prompts = ['point_coords', 'point_labels', 'mask_input', 'has_mask_input'];
  const answers = ['low_res_masks', 'iou_predictions'];
  const problemOf = (role: Role) => {
    if (!need) throw new Error('no need');
    try {
      checkRole('sam-decoder', role, need, () => image);
      return '';
    } catch (error) {
      return (error as Error).message;
    }
  };

  it('are its inputs, the features of the image role by the same names, and its outputs', () => {
    const features = ['image_embeddings', 'high_res'];
    expect(problemOf(roleWith([...features, ...prompts], answers))).toBe('');
    expect(problemOf(roleWith([...features, ...prompts, 'orig_im_size'], [...answers, 'masks']))).toBe('');
    expect(problemOf(roleWith(['image_embeddings', ...prompts], answers))).toContain(
      'lacks the input high_res',
    );
    expect(problemOf(roleWith([...features, ...prompts, 'mood'], answers))).toContain('unknown input mood');
    expect(problemOf(roleWith([...features, ...prompts], ['masks']))).toContain('lacks the output');
  });
});
