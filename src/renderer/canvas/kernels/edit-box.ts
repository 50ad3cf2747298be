/**
 * Drawing, moving, resizing and nudging a box. All in image pixels. Edges that a person moves come to lie on
 * pixel borders and inside the image; edges that nobody touched keep their numbers to the last bit.
 */
import { boxFromEdges, edgesOf, type Edges } from '../../../common/geometry/boxes';
import type { ImageBox, ImagePoint, Size } from '../../../common/geometry/types';
import type { Handle } from './hit-test';

/** No side of a box that a person makes is shorter, in image pixels. */
export const smallestSide = 1;

export type Edge = keyof Edges;
export const edgeNames = ['left', 'top', 'right', 'bottom'] as const satisfies readonly Edge[];

/** How edges settle: within `snap` image pixels of the image's border they lie on it. */
export interface EditOptions {
  readonly image: Size;
  /** Image pixels; usually a few screen pixels divided by the scale. */
  readonly snap: number;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), Math.max(low, high));
}

/** A coordinate on a pixel border, inside 0..size, on the image's border when near it. */
function settle(value: number, size: number, snap: number): number {
  if (value <= snap) return 0;
  if (value >= size - snap) return size;
  return clamp(Math.round(value), 0, size);
}

/** The box between two corners in any order; null while it is smaller than a box may be. */
export function drawBox(from: ImagePoint, to: ImagePoint, { image, snap }: EditOptions): ImageBox | null {
  const left = settle(Math.min(from.x, to.x), image.width, snap);
  const right = settle(Math.max(from.x, to.x), image.width, snap);
  const top = settle(Math.min(from.y, to.y), image.height, snap);
  const bottom = settle(Math.max(from.y, to.y), image.height, snap);
  if (right - left < smallestSide || bottom - top < smallestSide) return null;
  return boxFromEdges({ left, top, right, bottom });
}

/** Keeps its size. Moved by whole pixels; stops, and snaps, at the image's border. */
export function moveBox(box: ImageBox, dx: number, dy: number, { image, snap }: EditOptions): ImageBox {
  return {
    ...box,
    x: dx === 0 ? box.x : settleStart(box.x + dx, box.x, box.width, image.width, snap),
    y: dy === 0 ? box.y : settleStart(box.y + dy, box.y, box.height, image.height, snap),
  };
}

function settleStart(start: number, before: number, length: number, size: number, snap: number): number {
  const last = Math.max(0, size - length);
  if (start <= snap) return 0;
  if (start >= last - snap) return last;
  return clamp(before + Math.round(start - before), 0, last);
}

/** Moves the edges that a handle holds. An edge stops before the opposite one: boxes do not turn inside out. */
export function resizeBox(
  box: ImageBox,
  handle: Handle,
  dx: number,
  dy: number,
  { image, snap }: EditOptions,
): ImageBox {
  const edges = edgesOf(box);
  const moved = { ...edges };
  if (handle.includes('w'))
    moved.left = clamp(settle(edges.left + dx, image.width, snap), 0, edges.right - smallestSide);
  if (handle.includes('e'))
    moved.right = clamp(
      settle(edges.right + dx, image.width, snap),
      edges.left + smallestSide,
      Math.max(image.width, edges.left + smallestSide),
    );
  if (handle.includes('n'))
    moved.top = clamp(settle(edges.top + dy, image.height, snap), 0, edges.bottom - smallestSide);
  if (handle.includes('s'))
    moved.bottom = clamp(
      settle(edges.bottom + dy, image.height, snap),
      edges.top + smallestSide,
      Math.max(image.height, edges.top + smallestSide),
    );
  return boxFromMovedEdges(box, edges, moved);
}

/** Rebuilds a box from edges; an untouched axis is copied instead of computed, so that nothing is rounded. */
function boxFromMovedEdges(box: ImageBox, before: Edges, after: Edges): ImageBox {
  const sameX = before.left === after.left && before.right === after.right;
  const sameY = before.top === after.top && before.bottom === after.bottom;
  return {
    x: sameX ? box.x : after.left,
    y: sameY ? box.y : after.top,
    width: sameX ? box.width : after.right - after.left,
    height: sameY ? box.height : after.bottom - after.top,
  };
}

export type Direction = 'left' | 'right' | 'up' | 'down';

const steps: Record<Direction, { dx: number; dy: number }> = {
  left: { dx: -1, dy: 0 },
  right: { dx: 1, dy: 0 },
  up: { dx: 0, dy: -1 },
  down: { dx: 0, dy: 1 },
};

/**
 * One press of an arrow key: moves the box, or one of its edges, by `distance` pixels and no further than the
 * image and the smallest side allow. An arrow along an edge leaves that edge where it is.
 */
export function nudgeBox(
  box: ImageBox,
  part: Edge | 'whole',
  direction: Direction,
  distance: number,
  image: Size,
): ImageBox {
  const dx = steps[direction].dx * distance;
  const dy = steps[direction].dy * distance;
  if (part === 'whole') {
    return {
      ...box,
      x: clamp(box.x + dx, 0, image.width - box.width),
      y: clamp(box.y + dy, 0, image.height - box.height),
    };
  }
  const edges = edgesOf(box);
  const moved: { -readonly [Name in Edge]: number } = { ...edges };
  if (part === 'left') moved.left = clamp(edges.left + dx, 0, edges.right - smallestSide);
  if (part === 'right') moved.right = clamp(edges.right + dx, edges.left + smallestSide, image.width);
  if (part === 'top') moved.top = clamp(edges.top + dy, 0, edges.bottom - smallestSide);
  if (part === 'bottom') moved.bottom = clamp(edges.bottom + dy, edges.top + smallestSide, image.height);
  return boxFromMovedEdges(box, edges, moved);
}

/**
 * One typed number: x and y move the box, width and height move its right and bottom edge. The rest is kept
 * inside the image; null where the number is no number.
 */
export function setBoxField(
  box: ImageBox,
  field: 'x' | 'y' | 'width' | 'height',
  value: number,
  image: Size,
): ImageBox | null {
  if (!Number.isFinite(value)) return null;
  const size = field === 'x' || field === 'width' ? image.width : image.height;
  if (field === 'x') return { ...box, x: clamp(value, 0, size - box.width) };
  if (field === 'y') return { ...box, y: clamp(value, 0, size - box.height) };
  const start = field === 'width' ? box.x : box.y;
  return { ...box, [field]: clamp(value, Math.min(smallestSide, size - start), size - start) };
}
