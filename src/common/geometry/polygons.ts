/**
 * COCO polygons as masks, pixel for pixel as pycocotools draws them (maskApi.c: rleFrPoly): edges are walked at
 * five times the resolution, crossings of pixel columns become run borders. Several polygons are united.
 */
import { maskFromRuns, uniteRunLengths } from './rle';
import type { RunLengthMask } from './types';

const scale = 5;
const mostNumbers = 200_000;
/** Pixels of the image along all edges together: drawing keeps five points for each of them. */
const longestOutline = 2_000_000;

/** Whether polygons are drawn in a moment: every edge is walked, however few numbers make it long. */
export function isDrawable(polygons: readonly (readonly number[])[]): boolean {
  let numbers = 0;
  let length = 0;
  for (const points of polygons) {
    numbers += points.length;
    if (numbers > mostNumbers) return false;
    for (let at = 0; at < points.length; at += 2) {
      const next = (at + 2) % points.length;
      length += Math.max(
        Math.abs((points[next] ?? 0) - (points[at] ?? 0)),
        Math.abs((points[next + 1] ?? 0) - (points[at + 1] ?? 0)),
      );
    }
  }
  return length <= longestOutline;
}

/** C's cast of a positive double to int after adding a half. */
function toInteger(value: number): number {
  return Math.trunc(value);
}

/** `points` is x0, y0, x1, y1 … in pixels; size is [height, width]. */
export function polygonToRunLength(
  points: readonly number[],
  size: readonly [number, number],
): RunLengthMask {
  const [height, width] = size;
  const count = Math.floor(points.length / 2);
  const x: number[] = [];
  const y: number[] = [];
  for (let index = 0; index < count; index += 1) {
    x.push(toInteger(scale * (points[2 * index] ?? 0) + 0.5));
    y.push(toInteger(scale * (points[2 * index + 1] ?? 0) + 0.5));
  }
  x.push(x[0] ?? 0);
  y.push(y[0] ?? 0);
  const walkX: number[] = [];
  const walkY: number[] = [];
  for (let index = 0; index < count; index += 1) {
    walkEdge(x[index] ?? 0, y[index] ?? 0, x[index + 1] ?? 0, y[index + 1] ?? 0, walkX, walkY);
  }
  const borders: number[] = [];
  for (let index = 1; index < walkX.length; index += 1) {
    const u = walkX[index] ?? 0;
    const before = walkX[index - 1] ?? 0;
    if (u === before) continue;
    let column = u < before ? u : u - 1;
    column = (column + 0.5) / scale - 0.5;
    if (Math.floor(column) !== column || column < 0 || column > width - 1) continue;
    const v = walkY[index] ?? 0;
    const vBefore = walkY[index - 1] ?? 0;
    let row = v < vBefore ? v : vBefore;
    row = (row + 0.5) / scale - 0.5;
    row = Math.ceil(Math.min(Math.max(row, 0), height));
    borders.push(column * height + row);
  }
  borders.push(height * width);
  borders.sort((a, b) => a - b);
  let previous = 0;
  const differences = borders.map((border) => {
    const difference = border - previous;
    previous = border;
    return difference;
  });
  // Two borders on one pixel cancel: the runs around them join.
  const runs: number[] = [differences[0] ?? 0];
  for (let index = 1; index < differences.length;) {
    const difference = differences[index] ?? 0;
    if (difference > 0) {
      runs.push(difference);
      index += 1;
    } else {
      index += 1;
      if (index < differences.length) {
        runs[runs.length - 1] = (runs[runs.length - 1] ?? 0) + (differences[index] ?? 0);
        index += 1;
      }
    }
  }
  return maskFromRuns(size, runs);
}

function walkEdge(x0: number, y0: number, x1: number, y1: number, walkX: number[], walkY: number[]): void {
  let [xs, xe, ys, ye] = [x0, x1, y0, y1];
  const dx = Math.abs(xe - xs);
  const dy = Math.abs(ys - ye);
  const flip = (dx >= dy && xs > xe) || (dx < dy && ys > ye);
  if (flip) [xs, xe, ys, ye] = [xe, xs, ye, ys];
  const slope = dx >= dy ? (ye - ys) / dx : (xe - xs) / dy;
  const steps = Math.max(dx, dy);
  for (let step = 0; step <= steps; step += 1) {
    const t = flip ? steps - step : step;
    if (dx >= dy) {
      walkX.push(t + xs);
      walkY.push(toInteger(ys + (dx === 0 ? 0 : slope * t) + 0.5));
    } else {
      walkY.push(t + ys);
      walkX.push(toInteger(xs + slope * t + 0.5));
    }
  }
}

/** The union of several polygons: COCO's `segmentation` of one object. */
export function polygonsToRunLength(
  polygons: readonly (readonly number[])[],
  size: readonly [number, number],
): RunLengthMask {
  const masks = polygons.map((points) => polygonToRunLength(points, size));
  return united(masks) ?? maskFromRuns(size, [size[0] * size[1]]);
}

/** By halves, so that thousands of polygons do not each walk along what is there already. */
function united(masks: readonly RunLengthMask[]): RunLengthMask | undefined {
  if (masks.length < 2) return masks[0];
  const middle = masks.length >> 1;
  const [left, right] = [united(masks.slice(0, middle)), united(masks.slice(middle))];
  return left && right && uniteRunLengths(left, right);
}
