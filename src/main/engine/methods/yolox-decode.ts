/** From YOLOX's raw output to boxes in the picture. */
import { boxFromEdges } from '../../../common/geometry/boxes';
import type { ImageBox, Size } from '../../../common/geometry/types';
import type { Placement } from '../imaging/tensor';

export interface Detection {
  readonly box: ImageBox;
  /** Objectness × best class score. */
  readonly score: number;
  /** Index of the best class. */
  readonly category: number;
}

/**
 * `output` has `anchors` rows of cx, cy, w, h (raw), objectness and class scores. One row a cell, the strides in
 * order, cells row-major over `frame`. Keeps scores from `threshold` on, in the order of the rows, clipped to the picture.
 */
export function decodeDetections(
  output: Float32Array,
  anchors: number,
  strides: readonly number[],
  frame: Size,
  picture: Size,
  placement: Placement,
  threshold: number,
): Detection[] {
  const columns = output.length / anchors;
  const found: Detection[] = [];
  let row = 0;
  for (const stride of strides) {
    const across = Math.floor(frame.width / stride);
    const down = Math.floor(frame.height / stride);
    for (let cell = 0; cell < across * down && row < anchors; cell += 1, row += 1) {
      const from = row * columns;
      const objectness = output[from + 4]!;
      let category = 0;
      for (let index = 1; index < columns - 5; index += 1) {
        if (output[from + 5 + index]! > output[from + 5 + category]!) category = index;
      }
      const score = objectness * output[from + 5 + category]!;
      if (!(score >= threshold)) continue;
      const centreX = (output[from]! + (cell % across)) * stride;
      const centreY = (output[from + 1]! + Math.floor(cell / across)) * stride;
      const halfWidth = (Math.exp(output[from + 2]!) * stride) / 2;
      const halfHeight = (Math.exp(output[from + 3]!) * stride) / 2;
      found.push({
        box: boxFromEdges({
          left: limited((centreX - halfWidth) / placement.scaleX, picture.width),
          top: limited((centreY - halfHeight) / placement.scaleY, picture.height),
          right: limited((centreX + halfWidth) / placement.scaleX, picture.width),
          bottom: limited((centreY + halfHeight) / placement.scaleY, picture.height),
        }),
        score,
        category,
      });
    }
  }
  return found;
}

function limited(value: number, most: number): number {
  return Math.min(most, Math.max(0, value));
}
