/** What of the boxes on the screen lies under the pointer, and which of several is meant. */
import { boxArea, boxContains } from '../../../common/geometry/boxes';
import type { Box, Point, ScreenBox, ScreenPoint } from '../../../common/geometry/types';

/** Screen pixels that a press may shake and still be a click. */
export const clickReach = 3;

/** The eight handles, by compass: `nw` is the top-left corner, `e` the right edge. */
export const handles = ['nw', 'n', 'ne', 'e', 'se', 's', 'sw', 'w'] as const;
export type Handle = (typeof handles)[number];

export const handleNames: Record<Handle, string> = {
  nw: 'top-left corner',
  n: 'top edge',
  ne: 'top-right corner',
  e: 'right edge',
  se: 'bottom-right corner',
  s: 'bottom edge',
  sw: 'bottom-left corner',
  w: 'left edge',
};

/** Where a handle sits on its box. */
export function handlePoint(box: ScreenBox, handle: Handle): ScreenPoint {
  const x = handle.includes('w') ? 0 : handle.includes('e') ? 1 : 0.5;
  const y = handle.includes('n') ? 0 : handle.includes('s') ? 1 : 0.5;
  return { x: box.x + box.width * x, y: box.y + box.height * y };
}

export function handleCursor(handle: Handle): string {
  if (handle === 'n' || handle === 's') return 'ns-resize';
  if (handle === 'e' || handle === 'w') return 'ew-resize';
  return handle === 'nw' || handle === 'se' ? 'nwse-resize' : 'nesw-resize';
}

/**
 * The part of a box under the pointer: a corner within `reach` screen pixels before an edge, an edge anywhere
 * along its length, then `inside`. On boxes too small to hold handles apart, the middle stays free for moving.
 */
export function partAt(box: ScreenBox, point: ScreenPoint, reach = 7): Handle | 'inside' | null {
  const outwards = { x: box.x - reach, y: box.y - reach, width: 0, height: 0 };
  if (!boxContains({ ...outwards, width: box.width + 2 * reach, height: box.height + 2 * reach }, point))
    return null;
  const inwardsX = Math.min(reach, box.width / 4);
  const inwardsY = Math.min(reach, box.height / 4);
  const west = point.x <= box.x + inwardsX;
  const east = point.x >= box.x + box.width - inwardsX;
  const north = point.y <= box.y + inwardsY;
  const south = point.y >= box.y + box.height - inwardsY;
  const vertical = north ? 'n' : south ? 's' : '';
  const horizontal = west ? 'w' : east ? 'e' : '';
  return vertical || horizontal ? (`${vertical}${horizontal}` as Handle) : 'inside';
}

/**
 * Indices of the boxes that contain the point, smallest first: the small one under the large is meant more often.
 * Boxes and point are in one space.
 */
export function boxesUnder(boxes: readonly (Box | null)[], point: Point): number[] {
  const areas = boxes.map((box) => (box ? boxArea(box) : 0));
  return boxes
    .flatMap((box, index) => (box && boxContains(box, point) ? [index] : []))
    .sort((a, b) => (areas[a] ?? 0) - (areas[b] ?? 0) || a - b);
}

/** Pressing again on the same place goes on to the next box there, and round; null where there is none. */
export function pickNext(under: readonly number[], current: number | null): number | null {
  if (under.length === 0) return null;
  const position = current === null ? -1 : under.indexOf(current);
  return under[(position + 1) % under.length] ?? null;
}
