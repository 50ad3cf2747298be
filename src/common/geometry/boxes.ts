/** Boxes as x, y, width, height with edges on pixel borders: a box that covers one pixel has width 1. */
import type { Box, ImageBox, Point, Size } from './types';

export interface Edges {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export function edgesOf(box: Box): Edges {
  return { left: box.x, top: box.y, right: box.x + box.width, bottom: box.y + box.height };
}

export function boxFromEdges({ left, top, right, bottom }: Edges): Box {
  return { x: left, y: top, width: right - left, height: bottom - top };
}

export function boxArea(box: Box): number {
  return Math.max(0, box.width) * Math.max(0, box.height);
}

export function boxCentre(box: Box): Point {
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** Points on the border count as inside. */
export function boxContains(box: Box, point: Point): boolean {
  return (
    point.x >= box.x && point.y >= box.y && point.x <= box.x + box.width && point.y <= box.y + box.height
  );
}

/** The part of a box inside the frame; null where nothing is left. */
export function clipBox<Kind extends Box>(box: Kind, frame: Size): Kind | null {
  const left = Math.max(0, box.x);
  const top = Math.max(0, box.y);
  const right = Math.min(frame.width, box.x + box.width);
  const bottom = Math.min(frame.height, box.y + box.height);
  if (!(right > left && bottom > top)) return null;
  // A box already inside keeps its numbers to the last bit.
  if (left === box.x && top === box.y && right === box.x + box.width && bottom === box.y + box.height)
    return box;
  return { x: left, y: top, width: right - left, height: bottom - top } as Kind;
}

export function sameBox(a: Box | null, b: Box | null): boolean {
  if (a === null || b === null) return a === b;
  return a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height;
}

/** The smallest box that holds all points; null where there are none. */
export function boxAround(points: Iterable<readonly [number, number]>): ImageBox | null {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of points) {
    [left, right] = [Math.min(left, x), Math.max(right, x)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
  }
  return left <= right ? { x: left, y: top, width: right - left, height: bottom - top } : null;
}
