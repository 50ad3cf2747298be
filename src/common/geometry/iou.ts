/** Overlap of boxes. Areas in square pixels; no +1 anywhere. */
import { boxArea, sameBox } from './boxes';
import type { Box } from './types';

export function intersectionArea(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return width > 0 && height > 0 ? width * height : 0;
}

/** Intersection over union, 0..1. A box with itself is exactly 1, whatever rounding x + width does. */
export function boxIou(a: Box, b: Box): number {
  if (sameBox(a, b)) return boxArea(a) > 0 ? 1 : 0;
  const intersection = intersectionArea(a, b);
  const union = boxArea(a) + boxArea(b) - intersection;
  return union > 0 ? Math.min(1, intersection / union) : 0;
}

/**
 * Generalised IoU (Rezatofighi and others, 2019), −1..1: IoU less the share of the common hull that neither box fills.
 * Never above the IoU; exactly 1 for a box with itself.
 */
export function boxGiou(a: Box, b: Box): number {
  const iou = boxIou(a, b);
  if (iou === 1) return 1;
  const hull =
    (Math.max(a.x + a.width, b.x + b.width) - Math.min(a.x, b.x)) *
    (Math.max(a.y + a.height, b.y + b.height) - Math.min(a.y, b.y));
  const union = boxArea(a) + boxArea(b) - intersectionArea(a, b);
  return hull > 0 ? iou - (hull - union) / hull : iou;
}
