/** Masks as COCO polygons, for programs that read nothing else. */
import { outlineLoops, type Loop } from './mask-outline';
import { isDrawable, polygonsToRunLength } from './polygons';
import type { RunLengthMask } from './types';

const mostComparisons = 20_000_000;

/**
 * Polygons along the borders of the pixels that pycocotools draws to the very same mask; null where there are none.
 * A hole is cut by a seam: its loop is walked within the loop around it, there and back on one line.
 */
export function exactPolygons(mask: RunLengthMask): number[][] | null {
  const loops = outlineLoops(mask);
  if (loops.length === 0) return null;
  const parts = loops.filter((loop) => signedArea(loop) > 0);
  const holes = loops.filter((loop) => signedArea(loop) < 0);
  const corners = loops.reduce((sum, loop) => sum + loop.length / 2, 0);
  // A seam is looked for between every corner of a hole and of the outline around it: noise is no outline.
  if (!isDrawable(loops) || holes.length * corners > mostComparisons) return null;
  for (const hole of holes) {
    const around = smallestAround(parts, hole);
    if (!around) return null;
    cutSeam(around, hole);
  }
  return isDrawable(parts) && polygonsToRunLength(parts, mask.size).counts === mask.counts ? parts : null;
}

/** Positive for loops walked clockwise on the screen. */
function signedArea(loop: Loop): number {
  let area = 0;
  for (let at = 0; at < loop.length; at += 2) {
    const next = (at + 2) % loop.length;
    area += (loop[at] ?? 0) * (loop[next + 1] ?? 0) - (loop[next] ?? 0) * (loop[at + 1] ?? 0);
  }
  return area / 2;
}

/** The outline that a hole lies in: of those around its first corner, the smallest. */
function smallestAround(parts: Loop[], hole: Loop): Loop | null {
  const [x = 0, y = 0] = hole;
  // The middle of the mask's pixel above the hole's first corner.
  const found = parts.filter((part) => contains(part, x + 0.5, y + 0.5) || contains(part, x + 0.5, y - 0.5));
  return found.reduce<Loop | null>(
    (best, part) => (best === null || signedArea(part) < signedArea(best) ? part : best),
    null,
  );
}

function contains(loop: Loop, x: number, y: number): boolean {
  let inside = false;
  for (let at = 0; at < loop.length; at += 2) {
    const next = (at + 2) % loop.length;
    const [fromX = 0, fromY = 0, toX = 0, toY = 0] = [loop[at], loop[at + 1], loop[next], loop[next + 1]];
    if (fromY > y !== toY > y && x < ((toX - fromX) * (y - fromY)) / (toY - fromY) + fromX) inside = !inside;
  }
  return inside;
}

/** Walks from the outline's nearest corner to the hole's, around the hole, and back. */
function cutSeam(outline: Loop, hole: Loop): void {
  let best = { distance: Infinity, at: 0, from: 0 };
  for (let at = 0; at < outline.length; at += 2) {
    for (let from = 0; from < hole.length; from += 2) {
      const distance = Math.hypot(
        (outline[at] ?? 0) - (hole[from] ?? 0),
        (outline[at + 1] ?? 0) - (hole[from + 1] ?? 0),
      );
      if (distance < best.distance) best = { distance, at, from };
    }
  }
  const { at, from } = best;
  const around = [...hole.slice(from), ...hole.slice(0, from), ...hole.slice(from, from + 2)];
  outline.splice(at + 2, 0, ...around, ...outline.slice(at, at + 2));
}
