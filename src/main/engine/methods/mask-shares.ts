/** How much of each cell a mask covers, from its stretches: no picture of it is made, however large it is. */
import { columnsOf } from '../../../common/geometry/mask-columns';
import type { RunLengthMask, Size } from '../../../common/geometry/types';
import { applyAxes, bilinearAxis, resampleAxis, type AxisOperator, type FloatMap } from '../imaging/axis';

/** 0..1 for each cell; as Pillow resizes a map of 0 and 1, bilinear and widened where it shrinks. */
export function sharesInCells(mask: RunLengthMask, { width, height }: Size): FloatMap {
  const [fullHeight, fullWidth] = mask.size;
  const vertical = resampleAxis(fullHeight, height, 'bilinear');
  const sums = sumsOfWeights(vertical);
  const data = new Float64Array(height * fullWidth);
  columnsOf(mask).forEach((stretches, x) => {
    for (let at = 0; at < stretches.length; at += 2) {
      addStretch(stretches[at] ?? 0, stretches[at + 1] ?? 0, vertical, sums, (row, share) => {
        data[row * fullWidth + x]! += share;
      });
    }
  });
  const asTheyAre = bilinearAxis(height, height);
  const across = resampleAxis(fullWidth, width, 'bilinear');
  return applyAxes({ width: fullWidth, height, data }, asTheyAre, across);
}

/** For each row of an operator the sums of its weights before each tap, and of all. */
function sumsOfWeights({ output, taps, weights }: AxisOperator): Float64Array {
  const sums = new Float64Array(output * (taps + 1));
  for (let row = 0; row < output; row += 1) {
    for (let tap = 0; tap < taps; tap += 1) {
      const at = row * (taps + 1) + tap;
      sums[at + 1] = sums[at]! + weights[row * taps + tap]!;
    }
  }
  return sums;
}

/** What inputs from `top` to before `bottom` add to each row that reads them. */
function addStretch(
  top: number,
  bottom: number,
  { output, taps, starts }: AxisOperator,
  sums: Float64Array,
  add: (row: number, share: number) => void,
): void {
  let [low, high] = [0, output];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (starts[middle]! + taps <= top) low = middle + 1;
    else high = middle;
  }
  for (let row = low; row < output && starts[row]! < bottom; row += 1) {
    const at = row * (taps + 1);
    const until = Math.min(taps, bottom - starts[row]!);
    const from = Math.max(0, top - starts[row]!);
    add(row, sums[at + until]! - sums[at + from]!);
  }
}
