/**
 * What a brush, an eraser and a polygon make of a mask: stretches in the columns that they touch, never all pixels.
 * So a stroke takes as long on the largest picture as on a small one.
 */
import {
  columnsOf,
  maskFromColumns,
  noStretches,
  subtractStretches,
  uniteStretches,
  type MaskColumns,
} from '../../../common/geometry/mask-columns';
import { polygonToRunLength } from '../../../common/geometry/polygons';
import { runLengthBox } from '../../../common/geometry/rle';
import type { Box, ImagePoint, RunLengthMask, Size } from '../../../common/geometry/types';

export type Paint = 'add' | 'take-away';

/** The mask after the inside of a polygon was added or taken away; fewer than three corners change nothing. */
export function polygonMask(
  mask: RunLengthMask | null,
  image: Size,
  points: readonly ImagePoint[],
  paint: Paint,
): RunLengthMask | null {
  if (points.length < 3) return mask;
  const corners = points.flatMap(({ x, y }) => [x, y]);
  const inside = polygonToRunLength(corners, [image.height, image.width]);
  return paintTouched(mask, image, columnsOf(inside), paint);
}

/** Whether a box is a mask's extent, to a pixel at each edge; then it follows when the mask changes. */
export function isExtentOf(mask: RunLengthMask | null, box: Box | null): boolean {
  const extent = mask && runLengthBox(mask);
  if (!extent || !box) return false;
  const edges = ({ x, y, width, height }: Box) => [x, y, x + width, y + height];
  const wanted = edges(box);
  return edges(extent).every((edge, index) => Math.abs(edge - (wanted[index] ?? 0)) <= 1);
}

/** What a stroke has touched that has not begun. */
export function nothingTouched({ width }: Size): MaskColumns {
  return new Array<MaskColumns[number]>(width).fill(noStretches);
}

/** The mask after what was touched is added or taken away; null: nothing is left. */
export function paintTouched(
  mask: RunLengthMask | null,
  image: Size,
  touched: MaskColumns,
  paint: Paint,
): RunLengthMask | null {
  const combine = paint === 'add' ? uniteStretches : subtractStretches;
  const columns = mask ? columnsOf(mask) : nothingTouched(image);
  touched.forEach((stretches, column) => {
    if (stretches.length > 0) columns[column] = combine(columns[column] ?? noStretches, stretches);
  });
  if (columns.every((stretches) => stretches.length === 0)) return null;
  return maskFromColumns(columns, [image.height, image.width]);
}

/** Touches every pixel whose middle lies within `radius` pixels of the line from one point to the next. */
export function touchSegment(
  touched: MaskColumns,
  image: Size,
  from: ImagePoint,
  to: ImagePoint,
  radius: number,
): void {
  const left = Math.max(0, Math.floor(Math.min(from.x, to.x) - radius));
  const right = Math.min(image.width - 1, Math.ceil(Math.max(from.x, to.x) + radius));
  const top = Math.max(0, Math.floor(Math.min(from.y, to.y) - radius));
  const bottom = Math.min(image.height - 1, Math.ceil(Math.max(from.y, to.y) + radius));
  if (top > bottom) return;
  for (let column = left; column <= right; column += 1) {
    const x = column + 0.5;
    const isNear = (row: number) => squaredDistance(x, row + 0.5, from, to) <= radius * radius;
    // The distance grows upwards and downwards from where the line is nearest to the column.
    const below = Math.min(bottom + 1, Math.max(top, Math.ceil(nearestTo(x, from, to) - 0.5)));
    const last = lastNear(below, bottom, isNear);
    const first = -lastNear(1 - below, -top, (row) => isNear(-row));
    if (first <= last) touched[column] = uniteStretches(touched[column] ?? noStretches, [first, last + 1]);
  }
}

/** Height at which a line comes nearest to a column. */
function nearestTo(x: number, from: ImagePoint, to: ImagePoint): number {
  const dx = to.x - from.x;
  const share = dx === 0 ? 0 : Math.min(1, Math.max(0, (x - from.x) / dx));
  return from.y + share * (to.y - from.y);
}

/** The last row from `first` to `last` that is near, where all before it are; `first` − 1: none is. */
function lastNear(first: number, last: number, isNear: (row: number) => boolean): number {
  let [near, far] = [first - 1, last + 1];
  while (far - near > 1) {
    const middle = (near + far) >> 1;
    if (isNear(middle)) near = middle;
    else far = middle;
  }
  return near;
}

function squaredDistance(x: number, y: number, from: ImagePoint, to: ImagePoint): number {
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  const length = dx * dx + dy * dy;
  const along = length > 0 ? ((x - from.x) * dx + (y - from.y) * dy) / length : 0;
  const share = Math.min(1, Math.max(0, along));
  return (x - from.x - share * dx) ** 2 + (y - from.y - share * dy) ** 2;
}
