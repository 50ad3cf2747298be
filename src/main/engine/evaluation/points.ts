/** Two runs against each other, expression by expression. */
import type { RunPoints } from '../../../common/contract';
import { WorkbenchError } from '../../../common/errors';
import type { Counted } from './evaluate';
import { maskIouAt } from './measures';
import type { RunColumns } from './table';

/** Of the rows that count; with `maskIou`, of those where both runs have masks to compare. */
export function pointsOf(
  { table, rows }: Pick<Counted, 'table' | 'rows'>,
  runA: number,
  runB: number,
  measure: 'iou' | 'maskIou',
): RunPoints {
  const runOf = (runId: number): RunColumns => {
    const run = table.runs.find((one) => one.runId === runId);
    if (!run) throw new WorkbenchError('not-found', `Run ${runId} is not in this evaluation.`);
    return run;
  };
  const [a, b] = [runOf(runA), runOf(runB)];
  const hasMask = (run: RunColumns, row: number) => !Number.isNaN(run.maskUnion[row] ?? Number.NaN);
  const shown = measure === 'iou' ? rows : rows.filter((row) => hasMask(a, row) && hasMask(b, row));
  const valueAt = (run: RunColumns, row: number) =>
    measure === 'iou' ? (run.iou[row] ?? 0) : maskIouAt(run, row);
  return {
    expressionIds: Array.from(shown, (row) => table.expressionIds[row] ?? 0),
    a: Array.from(shown, (row) => valueAt(a, row)),
    b: Array.from(shown, (row) => valueAt(b, row)),
  };
}
