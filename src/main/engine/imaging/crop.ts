/** Cutting a rectangle out of a picture. */
import { Grid } from '../../../common/geometry/grid';
import type { ImageBox } from '../../../common/geometry/types';
import type { DecodedImage } from './image';

/** How much around a box is cut out: `square` on the longer side, or the `box`'s own shape; both enlarged. */
export interface CropRule {
  readonly shape: 'square' | 'box';
  readonly enlarge: number;
  /** RGB, 0..255, for what lies outside the picture. */
  readonly fill: readonly [number, number, number];
}

/** The whole pixels around a box, by a crop rule; may reach outside the picture. */
export function cropFrame(box: ImageBox, rule: CropRule): ImageBox {
  const longer = Math.max(box.width, box.height);
  const width = (rule.shape === 'square' ? longer : box.width) * rule.enlarge;
  const height = (rule.shape === 'square' ? longer : box.height) * rule.enlarge;
  const centreX = box.x + box.width / 2;
  const centreY = box.y + box.height / 2;
  const x = Math.floor(centreX - width / 2);
  const y = Math.floor(centreY - height / 2);
  return {
    x,
    y,
    width: Math.max(1, Math.ceil(centreX + width / 2) - x),
    height: Math.max(1, Math.ceil(centreY + height / 2) - y),
  };
}

/** The pixels of a frame of whole pixels; what lies outside the picture has the fill's colour. */
export function cropImage(image: DecodedImage, frame: ImageBox, fill: CropRule['fill']): DecodedImage {
  const { x, y, width, height } = frame;
  const data = new Uint8Array(width * height * 3);
  const left = Math.max(0, x);
  const right = Math.min(image.width, x + width);
  const top = Math.max(0, y);
  const bottom = Math.min(image.height, y + height);
  const covered = left === x && top === y && right === x + width && bottom === y + height;
  if (!covered) for (let index = 0; index < data.length; index += 1) data[index] = fill[index % 3] ?? 0;
  for (let row = top; row < bottom && left < right; row += 1) {
    const from = (row * image.width + left) * 3;
    data.set(image.data.subarray(from, from + (right - left) * 3), ((row - y) * width + left - x) * 3);
  }
  return new Grid(width, height, data);
}
