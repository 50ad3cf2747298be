/** How geometry and JSON lie in columns. */
import type { ImageBox, RunLengthMask, Size } from '../../../common/geometry/types';

export interface BoxColumns {
  box_x: number | null;
  box_y: number | null;
  box_width: number | null;
  box_height: number | null;
}

export function boxFromColumns(row: BoxColumns): ImageBox | null {
  const { box_x: x, box_y: y, box_width: width, box_height: height } = row;
  return x === null || y === null || width === null || height === null ? null : { x, y, width, height };
}

/** Four values in the order of the columns. */
export function boxToColumns(
  box: ImageBox | null,
): [number, number, number, number] | [null, null, null, null] {
  return box ? [box.x, box.y, box.width, box.height] : [null, null, null, null];
}

/** A mask's size is always its image's, so only the counts are stored. */
export function maskFromColumn(counts: string | null, image: Size): RunLengthMask | null {
  return counts === null ? null : { size: [image.height, image.width], counts };
}

export function fromJson<Value>(text: string): Value {
  return JSON.parse(text) as Value;
}

export const now = () => new Date().toISOString();
