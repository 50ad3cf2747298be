/** Non-maximum suppression. */
import { boxIou } from '../../../common/geometry/iou';
import type { Box } from '../../../common/geometry/types';

export interface ScoredBox<Kind extends Box = Box> {
  readonly box: Kind;
  readonly score: number;
}

/**
 * The best boxes, best first, whatever their category: a box that overlaps a better one by more than `iou` is
 * dropped, and after `limit` the rest. Equal scores keep their order.
 */
export function suppress<Item extends ScoredBox>(items: readonly Item[], iou: number, limit: number): Item[] {
  const kept: Item[] = [];
  for (const item of [...items].sort((a, b) => b.score - a.score)) {
    if (kept.length >= limit) break;
    if (kept.every((other) => boxIou(item.box, other.box) <= iou)) kept.push(item);
  }
  return kept;
}
