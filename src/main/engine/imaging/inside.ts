/** Places inside a mask. */
import type { BitMask, ImagePoint } from '../../../common/geometry/types';

/**
 * Centre of the pixel that lies deepest inside the mask: farthest from any pixel that is not of it, those beyond
 * the border included; the first one in reading order where several lie as deep. null for an empty mask.
 * Exact Euclidean distances by lower envelopes of parabolas (Felzenszwalb and Huttenlocher 2012).
 */
export function deepestInside({ width, height, data }: BitMask): ImagePoint | null {
  // With a border of pixels outside, so that the picture's edge is an edge of the mask.
  const columns = width + 2;
  const rows = height + 2;
  const squares = new Float64Array(columns * rows);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if (data[y * width + x]) squares[(y + 1) * columns + x + 1] = Infinity;
    }
  }
  const down = envelope(rows);
  for (let x = 0; x < columns; x += 1) down(squares, x, columns);
  const across = envelope(columns);
  for (let y = 0; y < rows; y += 1) across(squares, y * columns, 1);
  let best = -1;
  let deepest = 0;
  for (let index = 0; index < squares.length; index += 1) {
    if (squares[index]! > deepest) {
      deepest = squares[index]!;
      best = index;
    }
  }
  if (best < 0) return null;
  return { x: (best % columns) - 1 + 0.5, y: Math.floor(best / columns) - 1 + 0.5 };
}

/** Squared distances along one line of `length` values, in place. */
function envelope(length: number): (values: Float64Array, start: number, stride: number) => void {
  const line = new Float64Array(length);
  const vertices = new Int32Array(length);
  const borders = new Float64Array(length + 1);
  return (values, start, stride) => {
    for (let index = 0; index < length; index += 1) line[index] = values[start + index * stride]!;
    let count = 0;
    for (let index = 0; index < length; index += 1) {
      if (line[index] === Infinity) continue;
      let border = -Infinity;
      while (count > 0) {
        const vertex = vertices[count - 1]!;
        border = (line[index]! + index * index - line[vertex]! - vertex * vertex) / (2 * (index - vertex));
        if (border > borders[count - 1]!) break;
        count -= 1;
        border = -Infinity;
      }
      vertices[count] = index;
      borders[count] = border;
      count += 1;
    }
    let nearest = 0;
    for (let index = 0; index < length; index += 1) {
      while (nearest + 1 < count && borders[nearest + 1]! < index) nearest += 1;
      const vertex = vertices[nearest]!;
      values[start + index * stride] = (index - vertex) ** 2 + line[vertex]!;
    }
  };
}
