/** Choosing points by drawing round them, and what a cloud of too many points looks like. Pure. */

export interface Place {
  x: number;
  y: number;
}

/** Whether a point lies in a polygon (even-odd rule); its last corner is joined to its first. */
export function isInside({ x, y }: Place, polygon: readonly Place[]): boolean {
  let inside = false;
  let before = polygon.at(-1);
  for (const corner of polygon) {
    if (before && corner.y > y !== before.y > y) {
      const crossing = corner.x + ((y - corner.y) / (before.y - corner.y)) * (before.x - corner.x);
      if (x < crossing) inside = !inside;
    }
    before = corner;
  }
  return inside;
}

/** Indexes of the points inside the polygon. A polygon of fewer than three corners holds none. */
export function indexesInside(
  xs: readonly number[],
  ys: readonly number[],
  polygon: readonly Place[],
): number[] {
  if (polygon.length < 3) return [];
  const left = Math.min(...polygon.map(({ x }) => x));
  const right = Math.max(...polygon.map(({ x }) => x));
  const found: number[] = [];
  xs.forEach((x, index) => {
    if (x < left || x > right) return;
    if (isInside({ x, y: ys[index] ?? 0 }, polygon)) found.push(index);
  });
  return found;
}

/** The corners without those that are nearer to the last one kept than `distance`: a hand draws many. */
export function thinned(polygon: readonly Place[], distance: number): Place[] {
  const kept: Place[] = [];
  for (const corner of polygon) {
    const last = kept.at(-1);
    if (!last || Math.hypot(corner.x - last.x, corner.y - last.y) >= distance) kept.push(corner);
  }
  return kept;
}

export interface DensityCell {
  column: number;
  row: number;
  count: number;
}

/** Counts points of [0, 1]² on a grid of so many cells a side; cells without points are left out. */
export function densityGrid(xs: readonly number[], ys: readonly number[], cells: number): DensityCell[] {
  const counts = new Map<number, number>();
  const at = (value: number) => Math.min(cells - 1, Math.max(0, Math.floor(value * cells)));
  xs.forEach((x, index) => {
    const key = at(ys[index] ?? 0) * cells + at(x);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  });
  return [...counts].map(([key, count]) => ({ column: key % cells, row: Math.floor(key / cells), count }));
}
