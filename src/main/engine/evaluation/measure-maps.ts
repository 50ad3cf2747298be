/** How much of a method's map lies where the ground truth is. A cell's value is its byte: 0 the lowest, 255 the highest. */
import type { GridMap } from '../../../common/contract';
import { columnsOf } from '../../../common/geometry/mask-columns';
import type { ImageBox, ImagePoint, RunLengthMask, Size } from '../../../common/geometry/types';

/** The map's cells, row by row. */
export function cellBytes(map: GridMap): Uint8Array {
  return Buffer.from(map.values, 'base64');
}

/** Centre of the map's highest cell in pixels of the image; the first one where several are as high. */
export function peakOf(map: GridMap, image: Size): ImagePoint {
  const bytes = cellBytes(map);
  let best = 0;
  for (let index = 1; index < bytes.length; index += 1) {
    if ((bytes[index] ?? 0) > (bytes[best] ?? 0)) best = index;
  }
  return {
    x: (((best % map.width) + 0.5) * image.width) / map.width,
    y: ((Math.floor(best / map.width) + 0.5) * image.height) / map.height,
  };
}

/** Length of each cell of an axis that lies between two places, all in pixels. */
function overlaps(cells: number, length: number, from: number, to: number): Float64Array {
  return Float64Array.from({ length: cells }, (_, cell) =>
    Math.max(0, Math.min(to, ((cell + 1) * length) / cells) - Math.max(from, (cell * length) / cells)),
  );
}

/** Share of the map's energy (sum of value times area) inside the box, 0..1; 0 where the map is flat at its lowest. */
export function energyInBox(map: GridMap, box: ImageBox, image: Size): number {
  const bytes = cellBytes(map);
  const across = overlaps(map.width, image.width, box.x, box.x + box.width);
  const down = overlaps(map.height, image.height, box.y, box.y + box.height);
  const cell = (image.width / map.width) * (image.height / map.height);
  let inside = 0;
  let total = 0;
  for (let y = 0, index = 0; y < map.height; y += 1) {
    for (let x = 0; x < map.width; x += 1, index += 1) {
      const value = bytes[index] ?? 0;
      total += value * cell;
      inside += value * (across[x] ?? 0) * (down[y] ?? 0);
    }
  }
  return total > 0 ? Math.min(1, inside / total) : 0;
}

/** The cell that the centre of each pixel of an axis lies in. */
function cellsOf(pixels: number, cells: number): Int32Array {
  return Int32Array.from({ length: pixels }, (_, pixel) => Math.floor(((pixel + 0.5) * cells) / pixels));
}

/** Counts of the pixels with each byte value: in the mask, and in all of the image. */
function pixelsByValue(map: GridMap, mask: RunLengthMask): { inside: Float64Array; all: Float64Array } {
  const [height, width] = mask.size;
  const bytes = cellBytes(map);
  const cellOfColumn = cellsOf(width, map.width);
  const cellOfRow = cellsOf(height, map.height);
  // The row after the last of each row of cells.
  const endOfCell: number[] = [];
  cellOfRow.forEach((cell, y) => (endOfCell[cell] = y + 1));
  const inside = new Float64Array(256);
  const all = new Float64Array(256);
  const columns = new Float64Array(map.width);
  for (const cell of cellOfColumn) columns[cell] = (columns[cell] ?? 0) + 1;
  const rows = new Float64Array(map.height);
  for (const cell of cellOfRow) rows[cell] = (rows[cell] ?? 0) + 1;
  bytes.forEach((value, index) => {
    const pixels = (columns[index % map.width] ?? 0) * (rows[Math.floor(index / map.width)] ?? 0);
    all[value] = (all[value] ?? 0) + pixels;
  });
  columnsOf(mask).forEach((stretches, x) => {
    const column = cellOfColumn[x] ?? 0;
    for (let at = 0; at < stretches.length; at += 2) {
      const bottom = stretches[at + 1] ?? 0;
      for (let y = stretches[at] ?? 0; y < bottom;) {
        const cell = cellOfRow[y] ?? 0;
        const end = Math.min(bottom, endOfCell[cell] ?? bottom);
        const value = bytes[cell * map.width + column] ?? 0;
        inside[value] = (inside[value] ?? 0) + end - y;
        y = end;
      }
    }
  });
  return { inside, all };
}

export interface MapInMask {
  /** Share of the map's energy on pixels of the mask, 0..1. */
  energy: number;
  /** Probability that a pixel of the mask has a higher value than one outside, ties half; 0.5 where either is missing. */
  auc: number;
}

/** Each pixel of the image has the value of the cell that its centre lies in. */
export function mapInMask(map: GridMap, mask: RunLengthMask): MapInMask {
  const { inside, all } = pixelsByValue(map, mask);
  let energy = 0;
  let total = 0;
  let pairs = 0;
  let positives = 0;
  let negatives = 0;
  for (let value = 0; value < 256; value += 1) {
    const positive = inside[value] ?? 0;
    const negative = (all[value] ?? 0) - positive;
    energy += value * positive;
    total += value * (all[value] ?? 0);
    pairs += positive * (negatives + negative / 2);
    positives += positive;
    negatives += negative;
  }
  return {
    energy: total > 0 ? energy / total : 0,
    auc: positives > 0 && negatives > 0 ? pairs / (positives * negatives) : 0.5,
  };
}
