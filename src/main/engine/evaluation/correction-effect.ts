/** What corrections did to the numbers: the same answers against the ground truth as it is and as it was imported. */
import { metricNames, type CorrectionEffect } from '../../../common/contract';
import { itemsTogether, type Pieces } from '../jobs/pieces';
import { bootstrapDraws } from './bootstrap';
import { correctionShares, type Known } from './correction-shares';
import { scoreRuns } from './scores';
import { differenceOf } from './significance';
import { measuredNames, type EvaluationTable, type Rows, type RunColumns } from './table';

function pickBoxes(boxes: Float64Array, rows: Rows): Float64Array {
  return Float64Array.from({ length: 4 * rows.length }, (_, at) => {
    return boxes[4 * (rows[Math.floor(at / 4)] ?? 0) + (at % 4)] ?? Number.NaN;
  });
}

function pickRun(run: RunColumns, rows: Rows): RunColumns {
  const pick = (column: Float64Array) => Float64Array.from(rows, (row) => column[row] ?? Number.NaN);
  const measured = Object.fromEntries(measuredNames.map((name) => [name, pick(run[name])]));
  return {
    ...run,
    ...measured,
    predicted: Uint8Array.from(rows, (row) => run.predicted[row] ?? 0),
    answered: Uint8Array.from(rows, (row) => run.answered[row] ?? 0),
    boxes: pickBoxes(run.boxes, rows),
    score: pick(run.score),
  };
}

function pickRows(table: EvaluationTable, rows: Rows): EvaluationTable {
  return {
    count: rows.length,
    expressionIds: Int32Array.from(rows, (row) => table.expressionIds[row] ?? 0),
    referentIds: Int32Array.from(rows, (row) => table.referentIds[row] ?? 0),
    imageIds: Int32Array.from(rows, (row) => table.imageIds[row] ?? 0),
    kinds: Array.from(rows, (row) => table.kinds[row] ?? ''),
    categories: Array.from(rows, (row) => table.categories[row] ?? ''),
    truth: pickBoxes(table.truth, rows),
    chance: Float64Array.from(rows, (row) => table.chance[row] ?? Number.NaN),
    runs: table.runs.map((run) => pickRun(run, rows)),
  };
}

/** Whether a row has another box, or the same answer other measurements: the mask is another one. */
function hasOtherTruth(now: EvaluationTable, before: EvaluationTable, row: number): boolean {
  if ([0, 1, 2, 3].some((side) => now.truth[4 * row + side] !== before.truth[4 * row + side])) return true;
  return now.runs.some((run, index) => {
    const earlier = before.runs[index];
    if (!earlier || run.predicted[row] !== earlier.predicted[row] || !haveSameBox(run, earlier, row))
      return false;
    return measuredNames.some((name) => !Object.is(run[name][row], earlier[name][row]));
  });
}

function haveSameBox(a: RunColumns, b: RunColumns, row: number): boolean {
  return [0, 1, 2, 3].every((side) => Object.is(a.boxes[4 * row + side], b.boxes[4 * row + side]));
}

/** Every metric that is resampled, and the shares of errors and of sets of runs, over the expressions that count in both. */
export function* correctionEffect(
  { counted: corrected, facts }: Known,
  { counted: original, facts: originalFacts }: Known,
): Pieces<CorrectionEffect> {
  const before = new Map(Array.from(original.rows, (row) => [original.table.expressionIds[row] ?? 0, row]));
  const rowsNow: number[] = [];
  const rowsBefore: number[] = [];
  for (const row of corrected.rows) {
    const was = before.get(corrected.table.expressionIds[row] ?? 0);
    if (was === undefined) continue;
    rowsNow.push(row);
    rowsBefore.push(was);
  }
  yield;
  const now = pickRows(corrected.table, Int32Array.from(rowsNow));
  yield;
  const imported = pickRows(original.table, Int32Array.from(rowsBefore));
  // One table, so that both are resampled by the same draws.
  const table: EvaluationTable = { ...now, runs: [...now.runs, ...imported.runs] };
  const rows = Int32Array.from(rowsNow.keys());
  const scored = yield* scoreRuns(table, rows, corrected.counting, { draws: bootstrapDraws });
  yield;
  let changed = 0;
  for (const row of rows) {
    if (hasOtherTruth(now, imported, row)) changed += 1;
    if (row % itemsTogether === 0) yield;
  }
  yield;
  const shares = yield* correctionShares(
    { counted: { ...corrected, rows: Int32Array.from(rowsNow) }, facts },
    { counted: { ...original, rows: Int32Array.from(rowsBefore) }, facts: originalFacts },
  );
  return {
    ...shares,
    count: rows.length,
    corrected: changed,
    runs: now.runs.flatMap((run, index) => {
      const [after, earlier] = [scored.runs[index], scored.runs[index + now.runs.length]];
      if (!after || !earlier) return [];
      return metricNames.flatMap((metric) => {
        const difference = differenceOf(after, earlier, metric)?.estimate;
        if (!difference) return [];
        const [value, was] = [after.scores[metric]?.value ?? 0, earlier.scores[metric]?.value ?? 0];
        return [{ runId: run.runId, metric, original: was, now: value, difference }];
      });
    }),
  };
}
