/** Pixels as files: always from decoded pixels, so that nothing of a stranger's file but these goes on. */
import sharp from 'sharp';
import type { Raster } from '../../../common/maps/grid-map';
import type { DecodedImage } from './image';

function rawImage({ width, height, data }: DecodedImage) {
  return sharp(data, { raw: { width, height, channels: 3 } });
}

/** Without loss. */
export function encodePng(image: DecodedImage): Promise<Buffer> {
  return rawImage(image).png({ compressionLevel: 6 }).toBuffer();
}

/** A raster with opacity (four bytes a pixel, not premultiplied), without loss. */
export function encodeRaster({ width, height, pixels }: Raster): Promise<Buffer> {
  return sharp(pixels, { raw: { width, height, channels: 4 } })
    .png({ compressionLevel: 9 })
    .toBuffer();
}

/** For display; `longestSide` bounds the longer side in pixels and never enlarges. */
export function encodeJpeg(image: DecodedImage, longestSide: number): Promise<Buffer> {
  return rawImage(image)
    .resize({ width: longestSide, height: longestSide, fit: 'inside', withoutEnlargement: true })
    .jpeg({ quality: 92, chromaSubsampling: '4:4:4' })
    .toBuffer();
}
