/** The same metrics on parts of the rows: by kind of expression, by category of the referent. */
import type { Slice } from '../../../common/contract';
import { metricsOf, type Unit } from './metrics';
import type { EvaluationRow } from './rows';

function groupBy(
  rows: readonly EvaluationRow[],
  keyOf: (row: EvaluationRow) => string,
): Map<string, EvaluationRow[]> {
  const groups = new Map<string, EvaluationRow[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group) group.push(row);
    else groups.set(keyOf(row), [row]);
  }
  return groups;
}

/** By code unit: the same order on every machine, whatever its language. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** One slice for each value of the key, in order of the values; none where no row has a value. */
export function slicesBy(
  rows: readonly EvaluationRow[],
  keyOf: (row: EvaluationRow) => string,
  unit: Unit,
): Slice[] {
  const groups = groupBy(rows, keyOf);
  if (groups.size === 0 || (groups.size === 1 && groups.has(''))) return [];
  return [...groups]
    .sort(([a], [b]) => compareText(a, b))
    .map(([value, group]) => ({ value, metrics: metricsOf(group, unit) }));
}
