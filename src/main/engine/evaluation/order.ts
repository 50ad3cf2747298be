/** Sorting many numbers without a comparison in JavaScript for each two of them. */

/** Places of the values in ascending order; equal ones (0 and -0 too) keep theirs. No value is NaN. */
export function ascendingOrder(values: Float64Array): Int32Array {
  const sorted = values.map((value) => value + 0).sort();
  const order = new Int32Array(values.length);
  // How many of the values that start at a place of the sorted ones have been placed.
  const placed = new Int32Array(values.length);
  for (let place = 0; place < values.length; place += 1) {
    const start = firstPlace(sorted, values[place] ?? 0);
    const before = placed[start] ?? 0;
    order[start + before] = place;
    placed[start] = before + 1;
  }
  return order;
}

/** Where a value that is among the sorted ones stands first. */
function firstPlace(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
