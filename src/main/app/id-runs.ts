/** Many ids in little room: what is selected is mostly what stands beside each other. */

/** The ids in rising order, as start and count of each run without a gap, one pair after the other. */
export function runsOfIds(ids: readonly number[]): number[] {
  const runs: number[] = [];
  let next = NaN;
  for (const id of Float64Array.from(ids).sort()) {
    if (id === next) runs[runs.length - 1] = (runs.at(-1) ?? 0) + 1;
    else if (id !== next - 1) runs.push(id, 1);
    else continue;
    next = id + 1;
  }
  return runs;
}

/** The ids of such runs; of more than `most` ids nothing at all. */
export function idsOfRuns(runs: readonly number[], most: number): number[] {
  const ids: number[] = [];
  for (let place = 0; place + 1 < runs.length; place += 2) {
    const [start = 0, count = 0] = runs.slice(place, place + 2);
    if (ids.length + count > most) return [];
    for (let step = 0; step < count; step += 1) ids.push(start + step);
  }
  return ids;
}
