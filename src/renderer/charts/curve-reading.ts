/** Reading numbers off curves with a pointer. Pure. */

/** Index of the value nearest to the wanted one; 0 where there is none. */
export function nearestIndex(values: readonly number[], wanted: number): number {
  let best = 0;
  for (const [index, value] of values.entries()) {
    if (Math.abs(value - wanted) < Math.abs((values[best] ?? Infinity) - wanted)) best = index;
  }
  return best;
}

/** Index of the line that is nearest to a height in pixels; lines without a value there (null) are passed over; −1: none. */
export function nearestLine(heights: readonly (number | null)[], wanted: number): number {
  let best = -1;
  for (const [index, height] of heights.entries()) {
    if (height === null) continue;
    const known = heights[best];
    if (known === undefined || known === null || Math.abs(height - wanted) < Math.abs(known - wanted))
      best = index;
  }
  return best;
}
