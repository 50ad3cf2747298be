/**
 * The boundary F of DAVIS (Perazzi and others, 2016): how much of one mask's outline lies near the other's, both ways.
 * Near is within 0.8% of the image's diagonal, rounded up to whole pixels.
 */
import { decodeRunLength } from '../../../common/geometry/rle';
import type { BitMask, RunLengthMask } from '../../../common/geometry/types';

export const boundaryTolerance = 0.008;

/** Positions of the pixels whose right, lower or lower right neighbour is of the other kind; none lies past the border. */
function outlineOf({ width, height, data }: BitMask): number[] {
  const outline: number[] = [];
  for (let y = 0, index = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1, index += 1) {
      const here = data[index] ?? 0;
      const isLastColumn = x === width - 1;
      const isLastRow = y === height - 1;
      const right = isLastColumn ? here : data[index + 1];
      const below = isLastRow ? here : data[index + width];
      const corner = isLastColumn || isLastRow ? here : data[index + width + 1];
      if (here !== right || here !== below || here !== corner) outline.push(index);
    }
  }
  return outline;
}

/** All pixels within `radius` of the given ones. */
function widen(outline: readonly number[], width: number, height: number, radius: number): Uint8Array {
  const near = new Uint8Array(width * height);
  const reach = Array.from({ length: 2 * radius + 1 }, (_, row) =>
    Math.floor(Math.sqrt(radius ** 2 - (row - radius) ** 2)),
  );
  for (const index of outline) {
    const x = index % width;
    const y = Math.floor(index / width);
    for (let row = Math.max(0, y - radius); row <= Math.min(height - 1, y + radius); row += 1) {
      const half = reach[row - y + radius] ?? 0;
      near.fill(1, row * width + Math.max(0, x - half), row * width + Math.min(width - 1, x + half) + 1);
    }
  }
  return near;
}

function shareIn(outline: readonly number[], near: Uint8Array): number {
  let hits = 0;
  for (const index of outline) hits += near[index] ?? 0;
  return hits / outline.length;
}

/** 0..1; 1 where neither mask has an outline. Both must have the same size. */
export function boundaryF(predicted: RunLengthMask, truth: RunLengthMask): number {
  const [height, width] = truth.size;
  const radius = Math.ceil(boundaryTolerance * Math.hypot(width, height));
  const own = outlineOf(decodeRunLength(predicted));
  const wanted = outlineOf(decodeRunLength(truth));
  if (own.length === 0 || wanted.length === 0) return own.length === wanted.length ? 1 : 0;
  const precision = shareIn(own, widen(wanted, width, height, radius));
  const recall = shareIn(wanted, widen(own, width, height, radius));
  return precision + recall > 0 ? (2 * precision * recall) / (precision + recall) : 0;
}
