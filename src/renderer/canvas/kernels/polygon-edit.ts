/** What of a polygon that is being drawn lies under the pointer. Corners and pointer are in screen pixels. */
import type { ScreenPoint } from '../../../common/geometry/types';

/** Index of the nearest corner within `reach`; null: none. */
export function cornerAt(corners: readonly ScreenPoint[], point: ScreenPoint, reach: number): number | null {
  return nearestOf(
    corners.map((corner) => Math.hypot(corner.x - point.x, corner.y - point.y)),
    reach,
  );
}

/**
 * Index that a new corner on the edge under the pointer gets; null: none is within `reach`. The edge from the last
 * corner to the first one counts, too: closing draws it.
 */
export function edgeAt(corners: readonly ScreenPoint[], point: ScreenPoint, reach: number): number | null {
  if (corners.length < 2) return null;
  const distances = corners.map((from, index) => {
    const to = corners[(index + 1) % corners.length] ?? from;
    return distanceToEdge(point, from, to);
  });
  const edge = nearestOf(distances, reach);
  return edge === null ? null : edge + 1;
}

function nearestOf(distances: readonly number[], reach: number): number | null {
  const nearest = Math.min(...distances);
  return nearest <= reach ? distances.indexOf(nearest) : null;
}

function distanceToEdge(point: ScreenPoint, from: ScreenPoint, to: ScreenPoint): number {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = dx * dx + dy * dy;
  const along = length > 0 ? ((point.x - from.x) * dx + (point.y - from.y) * dy) / length : 0;
  const share = Math.min(1, Math.max(0, along));
  return Math.hypot(point.x - from.x - share * dx, point.y - from.y - share * dy);
}
