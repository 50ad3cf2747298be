/** Exact colours come in square tiles, so that a moving pointer rarely waits for the engine. */
import type { PixelTile } from '../../../common/contract';
import type { ImagePoint } from '../../../common/geometry/types';

/** Side of a tile in image pixels. */
export const tileSide = 64;

export type PixelColour = readonly [red: number, green: number, blue: number];

/** Top left pixel of the tile that holds a place. */
export function tileOrigin({ x, y }: ImagePoint): { x: number; y: number } {
  return {
    x: Math.floor(x / tileSide) * tileSide,
    y: Math.floor(y / tileSide) * tileSide,
  };
}

/** null: the tile does not hold the place. */
export function colourIn(tile: PixelTile, point: ImagePoint): PixelColour | null {
  const column = Math.floor(point.x) - tile.x;
  const row = Math.floor(point.y) - tile.y;
  if (column < 0 || row < 0 || column >= tile.width || row >= tile.height) return null;
  const at = (row * tile.width + column) * 3;
  return [tile.colours[at] ?? 0, tile.colours[at + 1] ?? 0, tile.colours[at + 2] ?? 0];
}

export function hexOf(colour: PixelColour): string {
  return `#${colour.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}
