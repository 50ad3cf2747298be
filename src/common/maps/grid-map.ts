/** Heat and probability maps: from the bytes of the evidence to pixels, values and the place of the maximum. */
import type { GridMap } from '../contract';
import type { ImagePoint, Size } from '../geometry/types';
import { colourMaps, type Colour } from './colour-maps';

/** Pixels of a raster layer: four bytes each, not premultiplied, as ImageData wants them. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8ClampedArray<ArrayBuffer>;
}

/** The bytes of a map, row by row; null where they do not fill it. */
export function gridBytes(map: GridMap): Uint8Array | null {
  let text: string;
  try {
    text = atob(map.values);
  } catch {
    return null;
  }
  if (text.length !== map.width * map.height) return null;
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index += 1) bytes[index] = text.charCodeAt(index);
  return bytes;
}

export interface GridColouring {
  /** 256 colours, low to high. */
  readonly colours?: readonly Colour[];
  /** Cells below this share of the range are clear, 0..1. */
  readonly threshold?: number;
  /** Opacity grows with value^exponent, so that the picture shows where the map says nothing. */
  readonly exponent?: number;
}

/**
 * Colours a map, one pixel a cell. A probability map is coloured over 0..1, not over its own range: a map
 * that is low everywhere must look low.
 */
export function colourGrid(
  map: GridMap,
  range: { low: number; high: number },
  colouring: GridColouring = {},
): Raster | null {
  const bytes = gridBytes(map);
  if (!bytes) return null;
  const shares = Array.from({ length: 256 }, (_, byte) => {
    const value = map.minimum + (byte / 255) * (map.maximum - map.minimum);
    return range.high > range.low
      ? Math.min(1, Math.max(0, (value - range.low) / (range.high - range.low)))
      : 0;
  });
  return colourCells(map, (cell) => shares[bytes[cell] ?? 0] ?? 0, colouring);
}

/** Colours cells by their share of a range, 0..1. */
export function colourCells(
  { width, height }: Size,
  shareOf: (cell: number) => number,
  { colours = colourMaps.inferno, threshold = 0, exponent = 0.7 }: GridColouring = {},
): Raster {
  const pixels = new Uint8ClampedArray(width * height * 4);
  for (let cell = 0; cell < width * height; cell += 1) {
    const share = shareOf(cell);
    pixels.set(colours[Math.round(share * 255)] ?? [0, 0, 0], cell * 4);
    pixels[cell * 4 + 3] = share < threshold ? 0 : 255 * share ** exponent;
  }
  return { width, height, pixels };
}

/** The map's value under an image point, from the cell it falls into; null outside the image. */
export function gridValueAt(map: GridMap, point: ImagePoint, image: Size): number | null {
  const column = Math.floor((point.x / image.width) * map.width);
  const row = Math.floor((point.y / image.height) * map.height);
  if (column < 0 || row < 0 || column >= map.width || row >= map.height) return null;
  const byte = gridBytes(map)?.[row * map.width + column];
  return byte === undefined ? null : map.minimum + (byte / 255) * (map.maximum - map.minimum);
}

/** The middle of the highest cell, in image pixels; null for a map that is the same everywhere. */
export function gridPeak(map: GridMap, image: Size): ImagePoint | null {
  const bytes = gridBytes(map);
  if (!bytes || !(map.maximum > map.minimum)) return null;
  let best = 0;
  bytes.forEach((byte, index) => {
    if (byte > (bytes[best] ?? 0)) best = index;
  });
  return {
    x: (((best % map.width) + 0.5) * image.width) / map.width,
    y: ((Math.floor(best / map.width) + 0.5) * image.height) / map.height,
  };
}
