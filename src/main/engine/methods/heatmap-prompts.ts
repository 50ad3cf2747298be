/** From a heat map to SAM's prompt points. */
import type { Point, Size } from '../../../common/geometry/types';
import {
  applyAxes,
  gaussianAxis,
  joinAxes,
  resampleAxis,
  type AxisOperator,
  type FloatMap,
} from '../imaging/axis';
import { rangeOf, stretchInPlace } from '../imaging/maps';
import { roundHalfEven } from '../imaging/tensor';

const largestFrame = 256;
const lowestPeak = 0.5;
/** Shares of the frame's longer side. */
const distanceApart = 0.1;

export interface FrameAxes {
  readonly vertical: AxisOperator;
  readonly horizontal: AxisOperator;
}

/**
 * Operators that bring a heat map to a small frame of the picture's shape, enlarged smoothly and blurred.
 * `blur` is the Gaussian's sigma as a share of the frame's longer side.
 */
export function frameAxes(heat: Size, picture: Size, blur: number): FrameAxes {
  const longerOfPicture = Math.max(picture.width, picture.height);
  const longer = Math.min(largestFrame, longerOfPicture);
  const scale = longer / longerOfPicture;
  const axis = (input: number, side: number) => {
    const output = Math.max(1, roundHalfEven(side * scale));
    const enlarged = resampleAxis(input, output, 'bicubic');
    return blur > 0 ? joinAxes(enlarged, gaussianAxis(output, blur * longer)) : enlarged;
  };
  return { vertical: axis(heat.height, picture.height), horizontal: axis(heat.width, picture.width) };
}

/** The heat map in its frame, 0..1; null where it holds no evidence: nothing above 0, or the same everywhere. */
export function smoothMap(heat: FloatMap, axes: FrameAxes): FloatMap | null {
  const { minimum, maximum } = rangeOf(heat);
  if (!(maximum > 0) || minimum === maximum) return null;
  const frame = applyAxes(heat, axes.vertical, axes.horizontal);
  stretchInPlace(frame);
  return frame;
}

/** Centres of the pixels of the highest peaks and of the lowest values; each kind keeps its distance. */
export function promptPoints(
  frame: FloatMap,
  positive: number,
  negative: number,
): { positive: Point[]; negative: Point[] } {
  const distance = distanceApart * Math.max(frame.width, frame.height);
  return {
    positive: apart(peaksOf(frame), frame.width, positive, distance),
    negative: lowestApart(frame, negative, distance),
  };
}

/** Indices of pixels as high as their eight neighbours and at least half of the maximum, highest first. */
function peaksOf(frame: FloatMap): number[] {
  const { width, data } = frame;
  const peaks: number[] = [];
  for (let index = 0; index < data.length; index += 1) {
    const value = data[index]!;
    // Most pixels are lower than one of the two beside them in memory; those need no closer look.
    if (value < lowestPeak) continue;
    if (index % width > 0 && data[index - 1]! > value) continue;
    if (index % width < width - 1 && data[index + 1]! > value) continue;
    if (isPeak(frame, index)) peaks.push(index);
  }
  return peaks.sort((a, b) => data[b]! - data[a]!);
}

function isPeak({ width, height, data }: FloatMap, index: number): boolean {
  const x = index % width;
  const y = (index - x) / width;
  for (let row = Math.max(0, y - 1); row <= Math.min(height - 1, y + 1); row += 1) {
    for (let column = Math.max(0, x - 1); column <= Math.min(width - 1, x + 1); column += 1) {
      if (data[row * width + column]! > data[index]!) return false;
    }
  }
  return true;
}

function centreOf(index: number, width: number): Point {
  return { x: (index % width) + 0.5, y: Math.floor(index / width) + 0.5 };
}

function apart(indices: readonly number[], width: number, count: number, distance: number): Point[] {
  const found: Point[] = [];
  for (const index of indices) {
    if (found.length >= count) break;
    const point = centreOf(index, width);
    if (found.every((other) => Math.hypot(other.x - point.x, other.y - point.y) >= distance)) {
      found.push(point);
    }
  }
  return found;
}

/** The lowest pixel, then the lowest that is far enough from it, and so on; of equal ones the first. */
function lowestApart({ width, data }: FloatMap, count: number, distance: number): Point[] {
  const found: Point[] = [];
  while (found.length < count) {
    let lowest = -1;
    for (let index = 0; index < data.length; index += 1) {
      if (lowest >= 0 && data[index]! >= data[lowest]!) continue;
      const point = centreOf(index, width);
      if (found.every((other) => Math.hypot(other.x - point.x, other.y - point.y) >= distance)) {
        lowest = index;
      }
    }
    if (lowest < 0) break;
    found.push(centreOf(lowest, width));
  }
  return found;
}
