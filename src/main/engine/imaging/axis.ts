/**
 * Resizing and blurring of maps as linear operators along one axis. Each output value is a weighted sum of a few
 * neighbouring inputs, so operators of one axis can be joined into one before they are applied: a map that is
 * enlarged, blurred, cut and enlarged again costs no more than a map that is enlarged once.
 */
import { Grid } from '../../../common/geometry/grid';

/** Row `r` reads `taps` inputs from `starts[r]` on, with the weights at `r·taps`. */
export interface AxisOperator {
  readonly input: number;
  readonly output: number;
  readonly taps: number;
  readonly starts: Int32Array;
  readonly weights: Float64Array;
}

/** A map of numbers, row-major. */
export interface FloatMap {
  readonly width: number;
  readonly height: number;
  readonly data: Float64Array | Float32Array;
}

export type ResampleFilter = 'bilinear' | 'bicubic';

/** One output value's inputs, before rows are put into a table. */
interface Row {
  start: number;
  weights: readonly number[];
}

/** Rows of any length as one table; a short row near the end starts earlier, with leading weights of zero. */
function tableOf(input: number, rows: readonly Row[]): AxisOperator {
  const taps = Math.min(
    input,
    rows.reduce((most, row) => Math.max(most, row.weights.length), 1),
  );
  const starts = new Int32Array(rows.length);
  const weights = new Float64Array(rows.length * taps);
  rows.forEach((row, index) => {
    const start = Math.min(row.start, input - taps);
    starts[index] = start;
    for (let tap = 0; tap < row.weights.length; tap += 1) {
      weights[index * taps + row.start - start + tap] = row.weights[tap] ?? 0;
    }
  });
  return { input, output: rows.length, taps, starts, weights };
}

function triangle(distance: number): number {
  const x = Math.abs(distance);
  return x < 1 ? 1 - x : 0;
}

/** Keys' cubic with a = −0.5, as Pillow has it. */
function cubic(distance: number): number {
  const a = -0.5;
  const x = Math.abs(distance);
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  if (x < 2) return (((x - 5) * x + 8) * x - 4) * a;
  return 0;
}

const filters = { bilinear: { support: 1, weight: triangle }, bicubic: { support: 2, weight: cubic } };

/** Pillow's resampling (Resample.c: precompute_coeffs): the filter widens when shrinking. */
export function resampleAxis(input: number, output: number, filter: ResampleFilter): AxisOperator {
  const { support, weight } = filters[filter];
  const scale = input / output;
  const filterScale = Math.max(1, scale);
  const reach = support * filterScale;
  const inverse = 1 / filterScale;
  const rows: Row[] = [];
  for (let index = 0; index < output; index += 1) {
    const centre = (index + 0.5) * scale;
    const start = Math.max(0, Math.trunc(centre - reach + 0.5));
    const end = Math.min(input, Math.trunc(centre + reach + 0.5));
    const weights: number[] = [];
    let sum = 0;
    for (let place = start; place < end; place += 1) {
      const value = weight((place - centre + 0.5) * inverse);
      weights.push(value);
      sum += value;
    }
    if (sum !== 0) for (let tap = 0; tap < weights.length; tap += 1) weights[tap]! /= sum;
    rows.push({ start, weights });
  }
  return tableOf(input, rows);
}

/** Bilinear with half-pixel centres and repeated edges, not antialiased (torch: align_corners=False). */
export function bilinearAxis(input: number, output: number): AxisOperator {
  const rows: Row[] = [];
  for (let index = 0; index < output; index += 1) {
    const place = Math.min(input - 1, Math.max(0, ((index + 0.5) * input) / output - 0.5));
    const start = Math.floor(place);
    const part = place - start;
    rows.push({ start, weights: part > 0 ? [1 - part, part] : [1] });
  }
  return tableOf(input, rows);
}

/** A Gaussian of `sigma` cells cut off at ceil(4·sigma); beyond the border the map is mirrored, edge included. */
export function gaussianAxis(size: number, sigma: number): AxisOperator {
  const radius = sigma > 0 ? Math.ceil(4 * sigma) : 0;
  const kernel = new Float64Array(2 * radius + 1);
  let sum = 0;
  for (let tap = -radius; tap <= radius; tap += 1) {
    const value = radius > 0 ? Math.exp((-0.5 / (sigma * sigma)) * tap * tap) : 1;
    kernel[tap + radius] = value;
    sum += value;
  }
  const rows: Row[] = [];
  for (let index = 0; index < size; index += 1) {
    // Every place that the kernel or its mirrored ends can reach.
    const start = Math.max(0, Math.min(index - radius, 2 * size - 1 - index - radius));
    const end = Math.min(size, Math.max(index + radius + 1, radius - index));
    const weights = new Array<number>(end - start).fill(0);
    for (let tap = -radius; tap <= radius; tap += 1) {
      const place = mirrored(index + tap, size) - start;
      weights[place] = (weights[place] ?? 0) + (kernel[tap + radius] ?? 0) / sum;
    }
    rows.push({ start, weights });
  }
  return tableOf(size, rows);
}

/** scipy's `reflect`: … 1 0 | 0 1 2 | 2 1 … */
function mirrored(index: number, size: number): number {
  const period = 2 * size;
  const place = ((index % period) + period) % period;
  return place < size ? place : period - 1 - place;
}

/** The first `output` rows of an operator. */
export function cutAxis(axis: AxisOperator, output: number): AxisOperator {
  return {
    ...axis,
    output,
    starts: axis.starts.subarray(0, output),
    weights: axis.weights.subarray(0, output * axis.taps),
  };
}

/** One operator that does what `first` and then `second` do. */
export function joinAxes(first: AxisOperator, second: AxisOperator): AxisOperator {
  const rows: Row[] = [];
  for (let row = 0; row < second.output; row += 1) {
    const from = second.starts[row] ?? 0;
    let start = first.input;
    let end = 0;
    for (let tap = 0; tap < second.taps; tap += 1) {
      if (second.weights[row * second.taps + tap] === 0) continue;
      const reads = first.starts[from + tap] ?? 0;
      start = Math.min(start, reads);
      end = Math.max(end, reads + first.taps);
    }
    const weights = new Array<number>(Math.max(0, end - start)).fill(0);
    for (let tap = 0; tap < second.taps; tap += 1) {
      const weight = second.weights[row * second.taps + tap] ?? 0;
      if (weight === 0) continue;
      const reads = (first.starts[from + tap] ?? 0) - start;
      const inner = (from + tap) * first.taps;
      for (let index = 0; index < first.taps; index += 1) {
        weights[reads + index] = (weights[reads + index] ?? 0) + weight * (first.weights[inner + index] ?? 0);
      }
    }
    rows.push({ start: Math.min(start, first.input), weights });
  }
  return tableOf(first.input, rows);
}

/** A map with its rows and columns recombined: `vertical` from its height, `horizontal` from its width. */
export function applyAxes(map: FloatMap, vertical: AxisOperator, horizontal: AxisOperator): FloatMap {
  const width = horizontal.output;
  const { starts, taps, weights } = horizontal;
  const between = new Float64Array(map.height * width);
  for (let y = 0, to = 0, row = 0; y < map.height; y += 1, row += map.width) {
    for (let x = 0, weight = 0; x < width; x += 1, to += 1) {
      let sum = 0;
      for (let from = row + starts[x]!, end = from + taps; from < end; from += 1, weight += 1) {
        sum += weights[weight]! * map.data[from]!;
      }
      between[to] = sum;
    }
  }
  const data = new Float64Array(vertical.output * width);
  for (let y = 0, to = 0; y < vertical.output; y += 1, to += width) {
    let from = vertical.starts[y]! * width;
    const end = (y + 1) * vertical.taps;
    let tap = y * vertical.taps;
    // Two rows at a time: fewer passes over the sums.
    for (; tap + 1 < end; tap += 2, from += 2 * width) {
      const upper = vertical.weights[tap]!;
      const lower = vertical.weights[tap + 1]!;
      for (let x = 0; x < width; x += 1) {
        data[to + x]! += upper * between[from + x]! + lower * between[from + width + x]!;
      }
    }
    if (tap < end) {
      const weight = vertical.weights[tap]!;
      for (let x = 0; x < width; x += 1) data[to + x]! += weight * between[from + x]!;
    }
  }
  return new Grid(width, vertical.output, data);
}
