/**
 * Pictures from disk. The only file that hands a stranger's bytes to a decoder, so every bound is here: which
 * formats (by content, never by name), how many pixels, and what counts as broken.
 *
 * Pixels equal what PIL's `ImageOps.exif_transpose(Image.open(path)).convert('RGB')` gives, because models were
 * trained on those: alpha is dropped, not blended; colour profiles are not applied; grey is repeated over the three
 * channels; of an animation the first frame counts. Two differences: CMYK is converted through a real profile where
 * PIL inverts naively, and 16-bit grey keeps its high byte where PIL clips.
 */
import { constants, open } from 'node:fs/promises';
import { basename } from 'node:path';
import sharp, { type Metadata, type Sharp, type SharpOptions } from 'sharp';
import { WorkbenchError } from '../../../common/errors';
import { Grid } from '../../../common/geometry/grid';
import type { Size } from '../../../common/geometry/types';
import type { DecodedImage } from './image';
import { jpegSize } from './jpeg-size';
import { formatOfBytes, looksComplete, type ImageFormat } from './signature';

/** A decoded picture of this size takes 300 MB. */
export const pixelLimit = 100_000_000;

const largestSide = 65_500;
const headBytes = 16_384;
const tailBytes = 4_096;
const allowed: readonly ImageFormat[] = ['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif'];
const formatsHint = 'Pictures may be JPEG, PNG, WebP, GIF, TIFF or AVIF; convert the file.';

// Second fence behind the signature: the decoder library itself refuses to start any other loader.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: [
    'VipsForeignLoadJpeg',
    'VipsForeignLoadPng',
    'VipsForeignLoadWebp',
    'VipsForeignLoadNsgif',
    'VipsForeignLoadTiff',
    'VipsForeignLoadHeif',
  ],
});
// A picture that is replaced on disk must not be answered from memory; the engine keeps its own cache.
sharp.cache(false);

const options: SharpOptions = {
  limitInputPixels: pixelLimit,
  // Truncated and damaged data is an error; mere warnings (stray bytes before a marker) are not.
  failOn: 'error',
  sequentialRead: true,
  pages: 1,
};

export interface ImageProbe {
  /** Pixels after the EXIF orientation is applied. */
  width: number;
  height: number;
  format: string;
}

/** RGB pixels of the oriented image; throws `not-found`, `unreadable`, `unsupported` or `too-large`. */
export async function decodeImage(path: string): Promise<DecodedImage> {
  await checkFile(path);
  return decoding(path, async () => {
    const { data, info } = await toPlainColour(sharp(path, { ...options, ignoreIcc: true }).autoOrient())
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return new Grid(info.width, info.height, data);
  });
}

/**
 * Size and format from the header; same errors as decoding. Pixels are decoded only where the file's end does not
 * look like the end of its format, so that a truncated file is found here and a whole one costs no decoding.
 */
export async function probeImage(path: string): Promise<ImageProbe> {
  const { format, complete, head } = await checkFile(path);
  const plain = format === 'jpeg' ? jpegSize(head) : null;
  const { width, height } = plain
    ? withinLimits(plain, path)
    : await decoding(path, async () => sizeOf(await sharp(path, options).metadata(), path));
  // All pixels, not `stats()`: that sometimes ends before the decoder has met the missing part.
  if (!complete) await decoding(path, () => sharp(path, options).raw().toBuffer());
  return { width, height, format };
}

/** How much of a picture is kept: colour at full or at half the resolution. */
export interface JpegForm {
  quality: number;
  chromaSubsampling: '4:4:4' | '4:2:0';
}

/**
 * The picture for the window, always re-encoded, so that nothing of the file but its pixels gets there. `size` bounds
 * the longer side in pixels and never enlarges; null keeps the size.
 */
export async function encodeForDisplay(
  path: string,
  size: number | null,
  form: JpegForm = { quality: size === null ? 92 : 86, chromaSubsampling: '4:4:4' },
): Promise<{ bytes: Uint8Array; contentType: string }> {
  await checkFile(path);
  return decoding(path, async () => {
    const metadata = await sharp(path, options).metadata();
    sizeOf(metadata, path);
    const fitted = fit(
      metadata.hasAlpha ? await withoutAlpha(path) : sharp(path, options).autoOrient(),
      size,
    );
    const bytes = await toPlainColour(fitted).jpeg(form).toBuffer();
    return { bytes, contentType: 'image/jpeg' };
  });
}

/** Red, green and blue (0–255) of so many places along each side, from the upper left, row by row. */
export async function coloursOf(path: string, along: number): Promise<Uint8Array> {
  await checkFile(path);
  return decoding(path, async () => {
    const metadata = await sharp(path, options).metadata();
    sizeOf(metadata, path);
    const whole = metadata.hasAlpha ? await withoutAlpha(path) : sharp(path, options).autoOrient();
    return toPlainColour(whole.resize({ width: along, height: along, fit: 'fill' }))
      .raw()
      .toBuffer();
  });
}

function toPlainColour(image: Sharp): Sharp {
  return image.toColourspace('srgb').removeAlpha();
}

function fit(image: Sharp, size: number | null): Sharp {
  return size === null
    ? image
    : image.resize({ width: size, height: size, fit: 'inside', withoutEnlargement: true });
}

/** Resizing weighs colours by alpha; a picture whose alpha is to be ignored must lose it before. */
async function withoutAlpha(path: string): Promise<Sharp> {
  const { data, info } = await toPlainColour(sharp(path, options).autoOrient())
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return sharp(data, { raw: { width: info.width, height: info.height, channels: info.channels } });
}

/** Width and height after orientation; refuses what no decoder here takes. */
function sizeOf(metadata: Metadata, path: string): Size {
  // A HEIF container may hold a codec other than AV1.
  if (metadata.format === 'heif' && metadata.compression !== 'av1') throw unsupported(path, 'HEIC');
  const { width, height } = metadata.autoOrient;
  if (!(width > 0 && height > 0)) throw unreadable(path, 'it has no pixels');
  return withinLimits({ width, height }, path);
}

function withinLimits({ width, height }: Size, path: string): Size {
  if (width > largestSide || height > largestSide || width * height > pixelLimit)
    throw tooLarge(path, width, height);
  return { width, height };
}

/** Opens the file itself and looks at its first and last bytes. */
async function checkFile(path: string): Promise<{ format: ImageFormat; complete: boolean; head: Buffer }> {
  let head: Buffer;
  let tail: Buffer;
  let length: number;
  try {
    // Opening a pipe would wait for somebody who writes to it, were it not for O_NONBLOCK (which Windows lacks).
    const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const found = await file.stat();
      if (!found.isFile()) throw unreadable(path, 'it is not a file');
      length = found.size;
      head = await readAt(file, 0, Math.min(length, headBytes));
      tail =
        length <= headBytes ? head.subarray(-tailBytes) : await readAt(file, length - tailBytes, tailBytes);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof WorkbenchError) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new WorkbenchError(
        'not-found',
        `The picture ${path} does not exist.`,
        'Put the file back, or import the dataset again with the folder that holds its pictures.',
        { cause: error },
      );
    }
    throw unreadable(path, code === 'EACCES' ? 'its permissions forbid it' : String(code ?? error), error);
  }
  if (length === 0) throw unreadable(path, 'the file is empty');
  const format = formatOfBytes(head);
  if (format === null) throw unreadable(path, 'its content is not a picture');
  if (!allowed.includes(format)) throw unsupported(path, format.toUpperCase());
  return { format, complete: looksComplete(format, head, tail, length), head };
}

async function readAt(
  file: Awaited<ReturnType<typeof open>>,
  position: number,
  length: number,
): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}

/** Runs the decoder library and turns its errors into ours. */
async function decoding<Value>(path: string, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof WorkbenchError) throw error;
    const message = error instanceof Error ? error.message : String(error);
    if (/exceeds pixel limit|exceeds.*maximum|too large/i.test(message))
      throw tooLarge(path, null, null, error);
    throw unreadable(path, message.split('\n')[0] ?? 'it cannot be decoded', error);
  }
}

function unreadable(path: string, reason: string, cause?: unknown): WorkbenchError {
  return new WorkbenchError(
    'unreadable',
    `The picture ${basename(path)} cannot be read: ${reason}.`,
    'The file is damaged or not a picture; replace it.',
    { cause },
  );
}

function unsupported(path: string, what: string): WorkbenchError {
  return new WorkbenchError('unsupported', `The picture ${basename(path)} is ${what}.`, formatsHint);
}

function tooLarge(
  path: string,
  width: number | null,
  height: number | null,
  cause?: unknown,
): WorkbenchError {
  const size = width === null || height === null ? '' : ` (${width}×${height})`;
  return new WorkbenchError(
    'too-large',
    `The picture ${basename(path)} is too large${size}: at most ${pixelLimit / 1_000_000} million pixels.`,
    'Scale it down and correct its annotations accordingly.',
    { cause },
  );
}
