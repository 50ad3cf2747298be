/**
 * From a map of numbers to a mask, and the map's means over parts of it. Masks are COCO runs from the start: column by
 * column, lengths of background and object in turn, background first.
 */
import { Grid } from '../../../common/geometry/grid';
import type { Size } from '../../../common/geometry/types';
import { bilinearAxis, cutAxis, joinAxes, type AxisOperator, type FloatMap } from '../imaging/axis';
import { areaOfPieces, RunWriter, type MaskPart, type Pieces } from './mask-parts';

export interface MaskAxes {
  readonly vertical: AxisOperator;
  readonly horizontal: AxisOperator;
}

/** Operators from a map that covers the model frame to the picture, both bilinear. */
export function pictureAxes(map: Size, picture: Size): MaskAxes {
  return {
    vertical: bilinearAxis(map.height, picture.height),
    horizontal: bilinearAxis(map.width, picture.width),
  };
}

/** As `pictureAxes`, by way of the model frame, of which the picture covers only a part. */
export function frameToPictureAxes(map: Size, frame: Size, covered: Size, picture: Size): MaskAxes {
  const axis = (from: number, whole: number, part: number, to: number) =>
    joinAxes(cutAxis(bilinearAxis(from, whole), part), bilinearAxis(part, to));
  return {
    vertical: axis(map.height, frame.height, covered.height, picture.height),
    horizontal: axis(map.width, frame.width, covered.width, picture.width),
  };
}

/** Runs of the pixels where the map, recombined to the picture, is above the threshold. */
export function runsAbove(map: FloatMap, { vertical, horizontal }: MaskAxes, threshold: number): number[] {
  const { width } = map;
  const height = vertical.output;
  const highest = new Float64Array(width).fill(-Infinity);
  for (let y = 0, index = 0; y < map.height; y += 1) {
    for (let x = 0; x < width; x += 1, index += 1) {
      if (map.data[index]! > highest[x]!) highest[x] = map.data[index]!;
    }
  }
  const writer = new RunWriter();
  const column = new Float64Array(map.height);
  for (let x = 0; x < horizontal.output; x += 1) {
    const from = horizontal.starts[x]!;
    let reachable = false;
    for (let tap = 0; tap < horizontal.taps; tap += 1) {
      if (highest[from + tap]! > threshold) reachable = true;
    }
    // A mean of values that are all too low is too low: most columns need no arithmetic.
    if (!reachable) writer.add(0, height);
    else {
      combineColumn(map, horizontal, x, column);
      writeColumn(column, vertical, threshold, writer);
    }
  }
  return writer.finish();
}

/** Column `x` of the picture, still in the rows of the map. */
function combineColumn(map: FloatMap, horizontal: AxisOperator, x: number, column: Float64Array): void {
  const { starts, taps, weights } = horizontal;
  const from = starts[x]!;
  for (let y = 0, index = from; y < map.height; y += 1, index += map.width) {
    let sum = 0;
    for (let tap = 0; tap < taps; tap += 1) sum += weights[x * taps + tap]! * map.data[index + tap]!;
    column[y] = sum;
  }
}

function writeColumn(
  column: Float64Array,
  vertical: AxisOperator,
  threshold: number,
  writer: RunWriter,
): void {
  const { starts, taps, weights, output } = vertical;
  for (let y = 0; y < output;) {
    const from = starts[y]!;
    let end = y + 1;
    while (end < output && starts[end] === from) end += 1;
    let above = 0;
    for (let tap = 0; tap < taps; tap += 1) if (column[from + tap]! > threshold) above += 1;
    if (above === 0) writer.add(0, end - y);
    else if (above === taps) writer.add(1, end - y);
    else {
      for (let row = y; row < end; row += 1) {
        let sum = 0;
        for (let tap = 0; tap < taps; tap += 1) sum += weights[row * taps + tap]! * column[from + tap]!;
        writer.add(sum > threshold ? 1 : 0, 1);
      }
    }
    y = end;
  }
}

/** Mean of the map, recombined to the picture, over a part's pixels. */
export function meanInside(map: FloatMap, { vertical, horizontal }: MaskAxes, part: MaskPart): number {
  const { columns, starts, ends } = part.pieces;
  const column = new Float64Array(map.height);
  const sums = new Float64Array(vertical.output + 1);
  let sum = 0;
  for (let piece = 0; piece < columns.length; piece += 1) {
    if (columns[piece] !== columns[piece - 1]) {
      combineColumn(map, horizontal, columns[piece]!, column);
      sumDown(column, vertical, sums, 0);
    }
    sum += sums[ends[piece]!]! - sums[starts[piece]!]!;
  }
  return part.area > 0 ? sum / part.area : 0;
}

/** Writes the sums over a column's pixels above each row, from 0 to the whole column, from `at` on. */
function sumDown(
  column: Float64Array,
  { starts, taps, weights, output }: AxisOperator,
  sums: Float64Array,
  at: number,
): void {
  for (let y = 0, sum = 0, weight = 0; y < output; y += 1) {
    for (let from = starts[y]!, end = from + taps; from < end; from += 1, weight += 1) {
      sum += weights[weight]! * column[from]!;
    }
    sums[at + y + 1] = sum;
  }
}

/**
 * Sums over parts of a map that is recombined to the picture. Makes only the columns that are asked for, and keeps its
 * memory from one map to the next.
 */
export class PictureSums {
  #map: FloatMap = new Grid(0, 0, new Float64Array());
  #axes: MaskAxes | null = null;
  /** Column after column of the picture, each with the sums over the pixels above, from 0 to the whole column. */
  #sums = new Float64Array();
  #isMade = new Uint8Array();
  #column = new Float64Array();
  #whole = 0;

  /** Turns to another map. */
  use(map: FloatMap, axes: MaskAxes): void {
    if (this.#axes !== axes) {
      this.#sums = new Float64Array((axes.vertical.output + 1) * axes.horizontal.output);
      this.#isMade = new Uint8Array(axes.horizontal.output);
      this.#column = new Float64Array(map.height);
      this.#axes = axes;
    }
    this.#map = map;
    this.#isMade.fill(0);
    const rows = totalWeights(axes.vertical);
    const columns = totalWeights(axes.horizontal);
    let whole = 0;
    for (let y = 0, index = 0; y < map.height; y += 1) {
      let row = 0;
      for (let x = 0; x < map.width; x += 1, index += 1) row += columns[x]! * map.data[index]!;
      whole += rows[y]! * row;
    }
    this.#whole = whole;
  }

  /** Mean inside a mask minus mean outside; −1 where one of them has no pixels. */
  contrast(pieces: Pieces): number {
    if (!this.#axes) return -1;
    const height = this.#axes.vertical.output;
    const pixels = height * this.#axes.horizontal.output;
    const area = areaOfPieces(pieces);
    if (area === 0 || area === pixels) return -1;
    let inside = 0;
    const { columns, starts, ends } = pieces;
    for (let piece = 0; piece < columns.length; piece += 1) {
      const x = columns[piece]!;
      const at = x * (height + 1);
      if (!this.#isMade[x]) this.#makeColumn(this.#axes, x, at);
      inside += this.#sums[at + ends[piece]!]! - this.#sums[at + starts[piece]!]!;
    }
    return inside / area - (this.#whole - inside) / (pixels - area);
  }

  #makeColumn({ vertical, horizontal }: MaskAxes, x: number, at: number): void {
    combineColumn(this.#map, horizontal, x, this.#column);
    sumDown(this.#column, vertical, this.#sums, at);
    this.#isMade[x] = 1;
  }
}

/** How much each input weighs over all outputs. */
function totalWeights({ input, output, taps, starts, weights }: AxisOperator): Float64Array {
  const totals = new Float64Array(input);
  for (let row = 0; row < output; row += 1) {
    for (let tap = 0; tap < taps; tap += 1) totals[starts[row]! + tap]! += weights[row * taps + tap]!;
  }
  return totals;
}
