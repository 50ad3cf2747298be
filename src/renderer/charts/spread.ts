/** Labels that would lie on one another, moved apart. Pure. */

/**
 * Places as near to the wanted ones as they can be while neighbours are at least `gap` apart and all are between
 * `from` and `to`; in the order that was given. Where there is not room enough for all, they go over `to`.
 */
export function spread(wanted: readonly number[], gap: number, from: number, to: number): number[] {
  const order = wanted.map((place, index) => ({ place, index })).sort((a, b) => a.place - b.place);
  const places = order.map(({ place }) => Math.min(to, Math.max(from, place)));
  // From below upwards each makes way for the one before it, then all that left the room are pushed back.
  for (let at = 1; at < places.length; at += 1)
    places[at] = Math.max(places[at] ?? to, (places[at - 1] ?? from) + gap);
  let highest = to;
  for (let at = places.length - 1; at >= 0; at -= 1) {
    places[at] = Math.max(Math.min(places[at] ?? to, highest), from + at * gap);
    highest = (places[at] ?? to) - gap;
  }
  const result = Array<number>(wanted.length);
  for (const [rank, { index }] of order.entries()) result[index] = places[rank] ?? to;
  return result;
}
