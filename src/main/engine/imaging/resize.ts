/** Resizing of 8-bit RGB pictures, equal to Pillow's byte for byte: two passes in fixed point, rounded between them. */
import { resampleAxis, type ResampleFilter } from './axis';
import type { DecodedImage } from './image';
import { Grid } from '../../../common/geometry/grid';

/** Bits after the point of a weight: eight are the pixel's, two are kept for sums beyond 255. */
const precisionBits = 32 - 8 - 2;
const half = 1 << (precisionBits - 1);

interface FixedAxis {
  readonly output: number;
  readonly taps: number;
  readonly starts: Int32Array;
  readonly weights: Int32Array;
}

function fixedAxis(input: number, output: number, filter: ResampleFilter): FixedAxis {
  const { starts, taps, weights } = resampleAxis(input, output, filter);
  const fixed = Int32Array.from(weights, (weight) => {
    const scaled = weight * (1 << precisionBits);
    return Math.trunc(weight < 0 ? scaled - 0.5 : scaled + 0.5);
  });
  return { output, taps, starts, weights: fixed };
}

/** The picture at width × height; itself where it has that size. Antialiased when shrinking. */
export function resizeImage(
  image: DecodedImage,
  width: number,
  height: number,
  filter: ResampleFilter,
): DecodedImage {
  const rows = (picture: DecodedImage) =>
    width === image.width ? picture : resizeRows(picture, fixedAxis(image.width, width, filter));
  const columns = (picture: DecodedImage) =>
    height === image.height ? picture : resizeColumns(picture, fixedAxis(image.height, height, filter));
  return columnsFirst(image, width, height) ? rows(columns(image)) : columns(rows(image));
}

/** Pillow's choice (as of version 13); it shows only in the rounding between the passes. */
function columnsFirst(image: DecodedImage, width: number, height: number): boolean {
  return height < image.height && image.height - height > 2 * (image.width - width);
}

// Both passes take four weights at a time: on these innermost loops that is worth a quarter of the time. Sums stay
// within 32 bits, as in Pillow, and `| 0` tells the compiler so.

function resizeRows({ width, height, data }: DecodedImage, axis: FixedAxis): DecodedImage {
  const { output, taps, starts, weights } = axis;
  // Storing into a clamped array limits to 0..255, as Pillow's clip8 does.
  const result = new Uint8ClampedArray(output * height * 3);
  for (let y = 0, to = 0; y < height; y += 1) {
    const row = y * width * 3;
    for (let x = 0, tap = 0; x < output; x += 1, to += 3) {
      let red = half;
      let green = half;
      let blue = half;
      let from = row + starts[x]! * 3;
      const end = (x + 1) * taps;
      for (; tap + 3 < end; tap += 4, from += 12) {
        const a = weights[tap]!;
        const b = weights[tap + 1]!;
        const c = weights[tap + 2]!;
        const d = weights[tap + 3]!;
        red = (red + four(data, from, 3, a, b, c, d)) | 0;
        green = (green + four(data, from + 1, 3, a, b, c, d)) | 0;
        blue = (blue + four(data, from + 2, 3, a, b, c, d)) | 0;
      }
      for (; tap < end; tap += 1, from += 3) {
        const weight = weights[tap]!;
        red = (red + Math.imul(data[from]!, weight)) | 0;
        green = (green + Math.imul(data[from + 1]!, weight)) | 0;
        blue = (blue + Math.imul(data[from + 2]!, weight)) | 0;
      }
      result[to] = red >> precisionBits;
      result[to + 1] = green >> precisionBits;
      result[to + 2] = blue >> precisionBits;
    }
  }
  return new Grid(output, height, new Uint8Array(result.buffer));
}

function resizeColumns({ width, data }: DecodedImage, axis: FixedAxis): DecodedImage {
  const { output, taps, starts, weights } = axis;
  const stride = width * 3;
  const result = new Uint8ClampedArray(output * stride);
  if (taps === 2) {
    // Enlarging between neighbours, as SAM's frame needs it of most pictures.
    for (let y = 0, to = 0; y < output; y += 1) {
      const upper = weights[2 * y]!;
      const lower = weights[2 * y + 1]!;
      for (let from = starts[y]! * stride, end = from + stride; from < end; from += 1, to += 1) {
        const sum = (half + Math.imul(data[from]!, upper) + Math.imul(data[from + stride]!, lower)) | 0;
        result[to] = sum >> precisionBits;
      }
    }
    return new Grid(width, output, new Uint8Array(result.buffer));
  }
  const sums = new Int32Array(stride);
  for (let y = 0; y < output; y += 1) {
    sums.fill(half);
    let tap = y * taps;
    let from = starts[y]! * stride;
    const end = (y + 1) * taps;
    for (; tap + 3 < end; tap += 4, from += 4 * stride) {
      const a = weights[tap]!;
      const b = weights[tap + 1]!;
      const c = weights[tap + 2]!;
      const d = weights[tap + 3]!;
      for (let index = 0; index < stride; index += 1) {
        sums[index] = (sums[index]! + four(data, from + index, stride, a, b, c, d)) | 0;
      }
    }
    for (; tap < end; tap += 1, from += stride) {
      const weight = weights[tap]!;
      for (let index = 0; index < stride; index += 1) {
        sums[index] = (sums[index]! + Math.imul(data[from + index]!, weight)) | 0;
      }
    }
    const to = y * stride;
    for (let index = 0; index < stride; index += 1) result[to + index] = sums[index]! >> precisionBits;
  }
  return new Grid(width, output, new Uint8Array(result.buffer));
}

/** Weighted sum of four values that lie `step` apart. */
function four(
  data: Uint8Array,
  from: number,
  step: number,
  a: number,
  b: number,
  c: number,
  d: number,
): number {
  return (
    (Math.imul(data[from]!, a) +
      Math.imul(data[from + step]!, b) +
      Math.imul(data[from + 2 * step]!, c) +
      Math.imul(data[from + 3 * step]!, d)) |
    0
  );
}
