/** What a brush, an eraser and a polygon make of a mask. Masks stay run lengths outside; inside they are pixels. */
import { polygonToRunLength } from '../../../common/geometry/polygons';
import { decodeRunLength, encodeRunLength, runLengthBox } from '../../../common/geometry/rle';
import type { BitMask, Box, ImagePoint, RunLengthMask, Size } from '../../../common/geometry/types';

export type Paint = 'add' | 'take-away';

/**
 * The mask after a stroke: every pixel whose middle lies within `radius` pixels of the line through `points` is
 * added or taken away. null: nothing is left.
 */
export function strokeMask(
  mask: RunLengthMask | null,
  image: Size,
  points: readonly ImagePoint[],
  radius: number,
  paint: Paint,
): RunLengthMask | null {
  const bits = bitsOf(mask, image);
  const value = paint === 'add' ? 1 : 0;
  points.forEach((point, index) => paintSegment(bits, points[index - 1] ?? point, point, radius, value));
  return packed(bits);
}

/** The mask after the inside of a polygon was added or taken away; fewer than three corners change nothing. */
export function polygonMask(
  mask: RunLengthMask | null,
  image: Size,
  points: readonly ImagePoint[],
  paint: Paint,
): RunLengthMask | null {
  if (points.length < 3) return mask;
  const bits = bitsOf(mask, image);
  const inside = decodeRunLength(
    polygonToRunLength(
      points.flatMap(({ x, y }) => [x, y]),
      [image.height, image.width],
    ),
  );
  const value = paint === 'add' ? 1 : 0;
  inside.data.forEach((bit, index) => {
    if (bit) bits.data[index] = value;
  });
  return packed(bits);
}

/** Whether a box is a mask's extent, to a pixel at each edge; then it follows when the mask changes. */
export function isExtentOf(mask: RunLengthMask | null, box: Box | null): boolean {
  const extent = mask && runLengthBox(mask);
  if (!extent || !box) return false;
  const edges = ({ x, y, width, height }: Box) => [x, y, x + width, y + height];
  const wanted = edges(box);
  return edges(extent).every((edge, index) => Math.abs(edge - (wanted[index] ?? 0)) <= 1);
}

function bitsOf(mask: RunLengthMask | null, { width, height }: Size): BitMask {
  return mask ? decodeRunLength(mask) : { width, height, data: new Uint8Array(width * height) };
}

function packed(bits: BitMask): RunLengthMask | null {
  return bits.data.includes(1) ? encodeRunLength(bits) : null;
}

function paintSegment(bits: BitMask, from: ImagePoint, to: ImagePoint, radius: number, value: 0 | 1): void {
  const { width, height, data } = bits;
  const left = Math.max(0, Math.floor(Math.min(from.x, to.x) - radius));
  const right = Math.min(width - 1, Math.ceil(Math.max(from.x, to.x) + radius));
  const top = Math.max(0, Math.floor(Math.min(from.y, to.y) - radius));
  const bottom = Math.min(height - 1, Math.ceil(Math.max(from.y, to.y) + radius));
  for (let y = top; y <= bottom; y += 1) {
    for (let x = left; x <= right; x += 1) {
      if (distanceToSegment({ x: x + 0.5, y: y + 0.5 }, from, to) <= radius) data[y * width + x] = value;
    }
  }
}

function distanceToSegment(point: ImagePoint, from: ImagePoint, to: ImagePoint): number {
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  const length = dx * dx + dy * dy;
  const along = length > 0 ? ((point.x - from.x) * dx + (point.y - from.y) * dy) / length : 0;
  const share = Math.min(1, Math.max(0, along));
  return Math.hypot(point.x - from.x - share * dx, point.y - from.y - share * dy);
}
