/** Which part of a picture a small picture of a box shows. */
import type { ImageBox, Size } from '../../../common/geometry/types';

/** Pixels on the longer side of a picture that a thumbnail is cut from. */
const smallestSource = 256;

/**
 * The part around some boxes, with room beside them, in the shape of the thumbnail; inside the picture as far as its
 * shape allows. Without a box: all of the picture.
 */
export function thumbnailPart(boxes: readonly (ImageBox | null)[], image: Size, shape: Size): ImageBox {
  const known = boxes.filter((box): box is ImageBox => box !== null);
  const whole = { x: 0, y: 0, width: image.width, height: image.height };
  const hull = known.length > 0 ? hullOf(known) : whole;
  const room = known.length > 0 ? 0.25 * Math.max(hull.width, hull.height) + 4 : 0;
  const wanted = { width: hull.width + 2 * room, height: hull.height + 2 * room };
  const scale = Math.max(wanted.width / shape.width, wanted.height / shape.height);
  const part = { width: shape.width * scale, height: shape.height * scale };
  return {
    x: placed(hull.x + hull.width / 2, part.width, image.width),
    y: placed(hull.y + hull.height / 2, part.height, image.height),
    ...part,
  };
}

/** The longer side of the picture to ask for: as sharp as the thumbnail shows it, in a few sizes that are kept. */
export function thumbnailSource(part: ImageBox, image: Size, shape: Size, devicePixelRatio: number): number {
  const needed = (Math.max(image.width, image.height) * shape.width * devicePixelRatio) / part.width;
  return 2 ** Math.ceil(Math.log2(Math.max(smallestSource, needed)));
}

function hullOf(boxes: readonly ImageBox[]): ImageBox {
  const left = Math.min(...boxes.map(({ x }) => x));
  const top = Math.min(...boxes.map(({ y }) => y));
  const right = Math.max(...boxes.map(({ x, width }) => x + width));
  const bottom = Math.max(...boxes.map(({ y, height }) => y + height));
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** Start of a stretch around a middle, moved into 0..size; in the middle where it is longer than that. */
function placed(middle: number, length: number, size: number): number {
  if (length >= size) return (size - length) / 2;
  return Math.min(Math.max(0, middle - length / 2), size - length);
}
