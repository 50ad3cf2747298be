/** Pixels as files: always from decoded pixels, so that nothing of a stranger's file but these goes on. */
import sharp from 'sharp';
import { Grid } from '../../../common/geometry/grid';
import type { Size } from '../../../common/geometry/types';
import type { Raster } from '../../../common/maps/grid-map';
import type { DecodedImage } from './image';

function rawImage({ width, height, data }: DecodedImage) {
  return sharp(data, { raw: { width, height, channels: 3 } });
}

/** Without loss. */
export function encodePng(image: DecodedImage): Promise<Buffer> {
  return rawImage(image).png({ compressionLevel: 6 }).toBuffer();
}

/**
 * A small raster with opacity (four bytes a pixel, not premultiplied), enlarged smoothly until its longer side is about
 * `longestSide`: paper shows pixels where a screen would blend them.
 */
export function encodeRaster({ width, height, pixels }: Raster, longestSide: number): Promise<Buffer> {
  const scale = Math.max(1, Math.round(longestSide / Math.max(width, height)));
  return sharp(pixels, { raw: { width, height, channels: 4 } })
    .resize({ width: width * scale, height: height * scale, kernel: 'cubic' })
    .webp({ quality: 80, alphaQuality: 80 })
    .toBuffer();
}

/** For display; `longestSide` bounds the longer side in pixels and never enlarges. */
export function encodeJpeg(image: DecodedImage, longestSide: number, quality = 92): Promise<Buffer> {
  return rawImage(image)
    .resize({ width: longestSide, height: longestSide, fit: 'inside', withoutEnlargement: true })
    .jpeg({ quality, chromaSubsampling: '4:4:4' })
    .toBuffer();
}

/** Pixels of a picture that we encoded ourselves; `longestSide` bounds its longer side and never enlarges. */
export async function decodeOwn(picture: Uint8Array, longestSide: number): Promise<DecodedImage> {
  const { data, info } = await sharp(picture)
    .resize({ width: longestSide, height: longestSide, fit: 'inside', withoutEnlargement: true })
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return new Grid(info.width, info.height, data);
}

/** The same with opacity (four bytes a pixel, not premultiplied), stretched to a size. */
export function stretchOwn(picture: Uint8Array, { width, height }: Size): Promise<Uint8Array> {
  return sharp(picture)
    .ensureAlpha()
    .resize({ width, height, fit: 'fill', kernel: 'linear' })
    .raw()
    .toBuffer();
}
