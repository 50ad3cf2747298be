/** Connected parts of masks, and the box of a mask. */
import { Grid } from './grid';
import type { BitMask, ImageBox } from './types';

/** The largest 4-connected component; of two as large, the one met first in reading order. An empty mask stays so. */
export function largestComponent(mask: BitMask): BitMask {
  const { width, height, data } = mask;
  const labels = new Int32Array(data.length);
  const stack = new Int32Array(data.length);
  let bestLabel = 0;
  let bestArea = 0;
  let label = 0;
  for (let start = 0; start < data.length; start += 1) {
    if (!data[start] || labels[start]) continue;
    label += 1;
    let area = 0;
    let depth = 0;
    stack[depth++] = start;
    labels[start] = label;
    while (depth > 0) {
      const index = stack[--depth] ?? 0;
      area += 1;
      const x = index % width;
      // Written out rather than in a function: this is the innermost loop of every mask's box.
      if (x > 0 && data[index - 1] && !labels[index - 1]) {
        labels[index - 1] = label;
        stack[depth++] = index - 1;
      }
      if (x < width - 1 && data[index + 1] && !labels[index + 1]) {
        labels[index + 1] = label;
        stack[depth++] = index + 1;
      }
      if (index >= width && data[index - width] && !labels[index - width]) {
        labels[index - width] = label;
        stack[depth++] = index - width;
      }
      if (index < width * (height - 1) && data[index + width] && !labels[index + width]) {
        labels[index + width] = label;
        stack[depth++] = index + width;
      }
    }
    if (area > bestArea) {
      bestArea = area;
      bestLabel = label;
    }
  }
  const largest = new Uint8Array(data.length);
  if (bestLabel > 0)
    for (let index = 0; index < data.length; index += 1) largest[index] = labels[index] === bestLabel ? 1 : 0;
  return new Grid(width, height, largest);
}

/** Extent of the mask's pixels; null where it has none. */
export function boxOfMask({ width, height, data }: BitMask): ImageBox | null {
  let left = width;
  let right = -1;
  let top = -1;
  let bottom = -1;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if (!data[y * width + x]) continue;
      if (top < 0) top = y;
      bottom = y;
      if (x < left) left = x;
      if (x > right) right = x;
    }
  }
  return right < 0 ? null : { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}
