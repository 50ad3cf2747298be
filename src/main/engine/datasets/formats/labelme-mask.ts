/** labelme's mask shapes: a box of pixels, its last ones included, and a picture of that part in Base64. */
import sharp from 'sharp';
import { WorkbenchError } from '../../../../common/errors';
import { decodeRunLength, encodeRunLength, runLengthBox } from '../../../../common/geometry/rle';
import type { RunLengthMask, Size } from '../../../../common/geometry/types';

const mostPixels = 100_000_000;

export interface MaskShape {
  points: [[number, number], [number, number]];
  /** A greyscale PNG of zeros and ones. */
  mask: string;
}

export async function maskToShape(mask: RunLengthMask): Promise<MaskShape | null> {
  const box = runLengthBox(mask);
  if (!box) return null;
  const { width, data } = decodeRunLength(mask);
  const part = Buffer.alloc(box.width * box.height);
  for (let y = 0; y < box.height; y += 1) {
    const start = (box.y + y) * width + box.x;
    part.set(data.subarray(start, start + box.width), y * box.width);
  }
  const png = await sharp(part, { raw: { width: box.width, height: box.height, channels: 1 } })
    .toColourspace('b-w')
    .png()
    .toBuffer();
  const points: MaskShape['points'] = [
    [box.x, box.y],
    [box.x + box.width - 1, box.y + box.height - 1],
  ];
  return { points, mask: png.toString('base64') };
}

/** Throws `invalid` where picture, points and image do not fit each other. */
export async function shapeToMask({ points, mask }: MaskShape, image: Size): Promise<RunLengthMask> {
  const [[x1, y1], [x2, y2]] = points.map(([x, y]) => [Math.trunc(x), Math.trunc(y)]) as MaskShape['points'];
  const { data, info } = await sharp(Buffer.from(mask, 'base64'), { limitInputPixels: mostPixels })
    .extractChannel(0)
    .raw()
    .toBuffer({ resolveWithObject: true })
    .catch((error: unknown) => {
      throw new WorkbenchError('invalid', 'The mask is no picture.', '', { cause: error });
    });
  const fits =
    info.width === x2 - x1 + 1 &&
    info.height === y2 - y1 + 1 &&
    x1 >= 0 &&
    y1 >= 0 &&
    x2 < image.width &&
    y2 < image.height;
  if (!fits) throw new WorkbenchError('invalid', 'The mask does not fit its points or its image.');
  const whole = new Uint8Array(image.width * image.height);
  for (let y = 0; y < info.height; y += 1) {
    for (let x = 0; x < info.width; x += 1) {
      whole[(y1 + y) * image.width + x1 + x] = data[y * info.width + x] ? 1 : 0;
    }
  }
  return encodeRunLength({ ...image, data: whole });
}
