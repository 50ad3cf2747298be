/**
 * From a map of numbers to a mask and its box. Masks stay COCO runs from the start: column by column, lengths of
 * background and object in turn, background first.
 */
import { boxOfMask, largestComponent } from '../../../common/geometry/components';
import type { BitMask, ImageBox, Size } from '../../../common/geometry/types';
import { bilinearAxis, cutAxis, joinAxes, type AxisOperator, type FloatMap } from '../imaging/axis';

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

/** Collects runs of equal pixels. */
class RunWriter {
  readonly runs: number[] = [];
  #value = 0;
  #length = 0;

  add(value: 0 | 1, length: number): void {
    if (length === 0) return;
    if (value !== this.#value) {
      this.runs.push(this.#length);
      this.#value = value;
      this.#length = 0;
    }
    this.#length += length;
  }

  finish(): number[] {
    this.runs.push(this.#length);
    return this.runs;
  }
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

export interface MaskPart {
  /** Extent of the part in pixels of the picture. */
  readonly box: ImageBox;
  /** The part's pixels within its surroundings, whose top left corner lies at `left`, `top` of the picture. */
  readonly bits: BitMask;
  readonly left: number;
  readonly top: number;
  readonly area: number;
}

/** The largest 4-connected part of a mask given as runs; null for an empty one. */
export function largestPart(runs: readonly number[], height: number): MaskPart | null {
  const cut = cutOut(runs, height);
  if (!cut) return null;
  const bits = largestComponent(cut.bits);
  const inner = boxOfMask(bits);
  if (!inner) return null;
  let area = 0;
  for (const bit of bits.data) area += bit;
  const { left, top } = cut;
  const { x, y, width, height: tall } = inner;
  return { box: { x: x + left, y: y + top, width, height: tall }, bits, left, top, area };
}

/** Number of pixels in runs. */
export function areaOfRuns(runs: readonly number[]): number {
  return runs.reduce((sum, length, index) => (index % 2 === 1 ? sum + length : sum), 0);
}

interface Piece {
  readonly x: number;
  readonly from: number;
  /** Not included. */
  readonly to: number;
}

/** The object's pixels as pieces of single columns: a run may go on over the foot of a column into the next. */
function piecesOf(runs: readonly number[], height: number): Piece[] {
  const pieces: Piece[] = [];
  let position = 0;
  runs.forEach((length, index) => {
    const end = position + length;
    for (let start = position; index % 2 === 1 && start < end;) {
      const x = Math.floor(start / height);
      const stop = Math.min(end, (x + 1) * height);
      pieces.push({ x, from: start - x * height, to: stop - x * height });
      start = stop;
    }
    position = end;
  });
  return pieces;
}

/** The pixels of a mask around its object only. */
function cutOut(runs: readonly number[], height: number): Omit<MaskPart, 'box' | 'area'> | null {
  const pieces = piecesOf(runs, height);
  const left = pieces[0]?.x;
  const right = pieces.at(-1)?.x;
  if (left === undefined || right === undefined) return null;
  const top = pieces.reduce((least, { from }) => Math.min(least, from), height);
  const bottom = pieces.reduce((most, { to }) => Math.max(most, to), 0);
  const width = right - left + 1;
  const data = new Uint8Array(width * (bottom - top));
  for (const { x, from, to } of pieces) {
    for (let y = from, index = (from - top) * width + x - left; y < to; y += 1, index += width)
      data[index] = 1;
  }
  return { bits: { width, height: bottom - top, data }, left, top };
}

/** A part's runs in the whole picture. */
export function runsOfPart({ bits, left, top }: MaskPart, picture: Size): number[] {
  const writer = new RunWriter();
  writer.add(0, left * picture.height);
  for (let x = 0; x < bits.width; x += 1) {
    writer.add(0, top);
    for (let y = 0, index = x; y < bits.height; y += 1, index += bits.width) {
      writer.add(bits.data[index] === 1 ? 1 : 0, 1);
    }
    writer.add(0, picture.height - top - bits.height);
  }
  writer.add(0, (picture.width - left - bits.width) * picture.height);
  return writer.finish();
}

/** Mean of the map, recombined to the picture, over a part's pixels. */
export function meanInside(map: FloatMap, { vertical, horizontal }: MaskAxes, part: MaskPart): number {
  const { bits, left, top } = part;
  const column = new Float64Array(map.height);
  const { starts, taps, weights } = vertical;
  let sum = 0;
  for (let x = 0; x < bits.width; x += 1) {
    combineColumn(map, horizontal, left + x, column);
    for (let y = 0, index = x; y < bits.height; y += 1, index += bits.width) {
      if (bits.data[index] !== 1) continue;
      const row = top + y;
      for (let tap = 0; tap < taps; tap += 1) sum += weights[row * taps + tap]! * column[starts[row]! + tap]!;
    }
  }
  return part.area > 0 ? sum / part.area : 0;
}

/**
 * Sums over parts of a map that is recombined to the picture. Makes only the columns that are asked for, and keeps its
 * memory from one map to the next.
 */
export class PictureSums {
  #map: FloatMap = { width: 0, height: 0, data: new Float64Array() };
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
  contrast(runs: readonly number[]): number {
    if (!this.#axes) return -1;
    const height = this.#axes.vertical.output;
    const pixels = height * this.#axes.horizontal.output;
    const area = areaOfRuns(runs);
    if (area === 0 || area === pixels) return -1;
    let inside = 0;
    for (const { x, from, to } of piecesOf(runs, height)) {
      const start = x * (height + 1);
      if (!this.#isMade[x]) this.#makeColumn(this.#axes, x, start);
      inside += this.#sums[start + to]! - this.#sums[start + from]!;
    }
    return inside / area - (this.#whole - inside) / (pixels - area);
  }

  #makeColumn({ vertical, horizontal }: MaskAxes, x: number, start: number): void {
    const { starts, taps, weights, output } = vertical;
    const column = this.#column;
    const sums = this.#sums;
    combineColumn(this.#map, horizontal, x, column);
    for (let y = 0, sum = 0, weight = 0; y < output; y += 1) {
      for (let from = starts[y]!, end = from + taps; from < end; from += 1, weight += 1) {
        sum += weights[weight]! * column[from]!;
      }
      sums[start + y + 1] = sum;
    }
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
