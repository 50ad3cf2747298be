/** Exact colours of a picture for the pointer's reading: the window itself only has a re-encoded, scaled copy. */
import type { contract, DomainService } from '../../../common/contract';
import { WorkbenchError } from '../../../common/errors';
import type { DecodedImage } from '../imaging/image';

export interface PixelsParts {
  decode(imageId: number): Promise<DecodedImage>;
  heldImage(heldId: number): DecodedImage;
}

type Pixels = DomainService<typeof contract.expressions>['pixels'];

export function createPixels(parts: PixelsParts): Pixels {
  /** The picture under the pointer: it is not decoded for each of its tiles. */
  let last: { imageId: number; image: Promise<DecodedImage> } | null = null;

  function decoded(imageId: number): Promise<DecodedImage> {
    if (last?.imageId === imageId) return last.image;
    const own = { imageId, image: parts.decode(imageId) };
    last = own;
    own.image.catch(() => {
      if (last === own) last = null;
    });
    return own.image;
  }

  return async ({ picture, x, y, side }) => {
    const image = 'heldId' in picture ? parts.heldImage(picture.heldId) : await decoded(picture.imageId);
    if (x >= image.width || y >= image.height) {
      throw new WorkbenchError('invalid', 'There are no pixels: the place lies outside the image.');
    }
    const width = Math.min(side, image.width - x);
    const height = Math.min(side, image.height - y);
    const colours = new Uint8Array(width * height * 3);
    for (let row = 0; row < height; row += 1) {
      const from = ((y + row) * image.width + x) * 3;
      colours.set(image.data.subarray(from, from + width * 3), row * width * 3);
    }
    return { x, y, width, height, colours };
  };
}
