/** Place of an id among ascending ids; −1: it is not there. */
export function placeOfId(ids: Int32Array, id: number): number {
  // Ids of one import follow each other.
  const guess = id - (ids[0] ?? 0);
  if (ids[guess] === id) return guess;
  let [low, high] = [0, ids.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = ids[middle] ?? 0;
    if (found === id) return middle;
    if (found < id) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
