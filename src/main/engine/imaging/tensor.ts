/** Pictures as model inputs: the resize rules of docs/packs.md, then normalised to channel, row, column. */
import { WorkbenchError } from '../../../common/errors';
import type { Size } from '../../../common/geometry/types';
import type { ResampleFilter } from './axis';
import { cropImage } from './crop';
import type { DecodedImage } from './image';
import { resizeImage } from './resize';

/** Counts up with every change of the numbers that pictures become here, in crop.ts or in resize.ts. */
export const preprocessingVersion = 2;

/** How a role wants to see a picture; the manifest's `image` entry. */
export interface ImageRule {
  /** Width and height of the model frame in pixels. */
  readonly size: readonly [number, number];
  readonly resize: 'squash' | 'letterbox' | 'longest-side' | 'centre-crop';
  readonly filter: ResampleFilter;
  readonly pad: readonly [number, number, number];
  readonly channels: 'rgb' | 'bgr';
  readonly scale: number;
  readonly mean: readonly [number, number, number];
  readonly std: readonly [number, number, number];
}

/** Where a picture lies in the model frame: it covers `covered` pixels from the top left, scaled by `scaleX`, `scaleY`. */
export interface Placement {
  readonly covered: Size;
  /** Model pixels per picture pixel. */
  readonly scaleX: number;
  readonly scaleY: number;
}

/** To the nearest whole number, halves to the even one, as Python rounds. */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const part = value - floor;
  if (part !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

/** How a picture is placed by rules that keep all of it; `centre-crop` does not and is refused for such roles. */
export function placementOf(picture: Size, rule: ImageRule): Placement {
  const [width, height] = rule.size;
  switch (rule.resize) {
    case 'letterbox': {
      const ratio = Math.min(width / picture.width, height / picture.height);
      const covered = letterboxed(picture, ratio);
      return { covered, scaleX: ratio, scaleY: ratio };
    }
    case 'longest-side': {
      const scale = width / Math.max(picture.width, picture.height);
      const covered = {
        width: Math.max(1, Math.trunc(picture.width * scale + 0.5)),
        height: Math.max(1, Math.trunc(picture.height * scale + 0.5)),
      };
      return {
        covered,
        scaleX: covered.width / picture.width,
        scaleY: covered.height / picture.height,
      };
    }
    case 'squash':
    case 'centre-crop':
      return {
        covered: { width, height },
        scaleX: width / picture.width,
        scaleY: height / picture.height,
      };
  }
}

function letterboxed(picture: Size, ratio: number): Size {
  return {
    width: Math.max(1, Math.trunc(picture.width * ratio)),
    height: Math.max(1, Math.trunc(picture.height * ratio)),
  };
}

/** Writes a picture as float32 [3, height, width] into `target` at `offset`. */
export function writeImage(image: DecodedImage, rule: ImageRule, target: Float32Array, offset = 0): void {
  const [width, height] = rule.size;
  let framed: DecodedImage;
  switch (rule.resize) {
    case 'squash':
      framed = resized(image, width, height, rule.filter);
      break;
    case 'letterbox': {
      const { covered } = placementOf(image, rule);
      const whole = resized(image, covered.width, covered.height, rule.filter);
      framed = cropImage(whole, { x: 0, y: 0, width, height }, rule.pad);
      break;
    }
    case 'longest-side': {
      const { covered } = placementOf(image, rule);
      framed = resized(image, covered.width, covered.height, rule.filter);
      break;
    }
    case 'centre-crop': {
      const scale = Math.max(width / image.width, height / image.height);
      const whole = resized(
        image,
        Math.max(width, roundHalfEven(image.width * scale)),
        Math.max(height, roundHalfEven(image.height * scale)),
        rule.filter,
      );
      const x = Math.floor((whole.width - width) / 2);
      const y = Math.floor((whole.height - height) / 2);
      framed = cropImage(whole, { x, y, width, height }, rule.pad);
      break;
    }
  }
  writeNormalised(framed, rule, target, offset);
}

const resizedPictures = new WeakMap<DecodedImage, Map<string, DecodedImage>>();

/** Several roles often see a picture at the same size: each size is made once while the picture is held. */
function resized(image: DecodedImage, width: number, height: number, filter: ResampleFilter): DecodedImage {
  const key = `${width}×${height}/${filter}`;
  const sizes = resizedPictures.get(image) ?? new Map<string, DecodedImage>();
  resizedPictures.set(image, sizes);
  const made = sizes.get(key) ?? resizeImage(image, width, height, filter);
  sizes.set(key, made);
  return made;
}

/** A picture alone as a batch of one, float32 [1, 3, height, width]. */
export function imageToTensor(image: DecodedImage, rule: ImageRule): Float32Array {
  const target = new Float32Array(3 * rule.size[0] * rule.size[1]);
  writeImage(image, rule, target);
  return target;
}

/** A picture smaller than the frame leaves zeros to its right and below it. */
function writeNormalised(
  { width, height, data }: DecodedImage,
  rule: ImageRule,
  target: Float32Array,
  offset: number,
): void {
  const [frameWidth, frameHeight] = rule.size;
  // A model answers on anything: a picture that contradicts itself must not become an answer.
  if (width > frameWidth || height > frameHeight || data.length !== 3 * width * height) {
    throw new WorkbenchError('internal', `A picture of ${width} × ${height} has ${data.length} values.`);
  }
  const plane = frameWidth * frameHeight;
  const [first, second, third] = tablesOf(rule);
  // Where the colours of the first and the third channel lie in a pixel.
  const start = rule.channels === 'bgr' ? 2 : 0;
  const end = 2 - start;
  for (let y = 0, from = 0; y < height; y += 1) {
    for (let x = 0, to = offset + y * frameWidth; x < width; x += 1, to += 1, from += 3) {
      target[to] = first[data[from + start]!]!;
      target[to + plane] = second[data[from + 1]!]!;
      target[to + 2 * plane] = third[data[from + end]!]!;
    }
  }
}

type ChannelTables = readonly [Float32Array, Float32Array, Float32Array];
const tables = new WeakMap<ImageRule, ChannelTables>();

function tablesOf(rule: ImageRule): ChannelTables {
  let known = tables.get(rule);
  if (!known) {
    known = [normalisedValues(rule, 0), normalisedValues(rule, 1), normalisedValues(rule, 2)];
    tables.set(rule, known);
  }
  return known;
}

/** What each of the 256 pixel values becomes in a channel, rounded to 32 bits after each step as numpy does. */
function normalisedValues(rule: ImageRule, channel: number): Float32Array {
  const scale = Math.fround(rule.scale);
  const mean = Math.fround(rule.mean[channel] ?? 0);
  const std = Math.fround(rule.std[channel] ?? 1);
  return Float32Array.from({ length: 256 }, (_, value) =>
    Math.fround(Math.fround(Math.fround(value * scale) - mean) / std),
  );
}
