/** From rows to the numbers of an evaluation: which rows count, and what each run and each pair of runs comes to. */
import type {
  EvaluationOptions,
  PairedDifference,
  RunEvaluation,
  RunSummary,
} from '../../../common/contract';
import { accuracyCurveOf, iouHistogramOf, metricsOf, type Unit } from './metrics';
import type { EvaluationRow } from './rows';
import { comparePair } from './significance';
import { slicesBy } from './slices';

/** Each run's rows that count, in the order of the runs; with `common`, expressions that every run has answered. */
export function rowsThatCount(
  rows: readonly EvaluationRow[],
  runIds: readonly number[],
  coverage: EvaluationOptions['coverage'],
): EvaluationRow[][] {
  const predictedBy = new Map<number, number>();
  for (const { expressionId, predicted } of rows) {
    if (predicted) predictedBy.set(expressionId, (predictedBy.get(expressionId) ?? 0) + 1);
  }
  const counts = (row: EvaluationRow) =>
    row.iou !== null && (coverage === 'all' || predictedBy.get(row.expressionId) === runIds.length);
  return runIds.map((runId) => rows.filter((row) => row.runId === runId && counts(row)));
}

export function evaluateRun(run: RunSummary, rows: readonly EvaluationRow[], unit: Unit): RunEvaluation {
  return {
    runId: run.id,
    method: run.method,
    packId: run.packId,
    packVersion: run.packVersion,
    packHash: run.packHash,
    settings: run.settings,
    provider: run.provider,
    versions: run.versions,
    overall: metricsOf(rows, unit),
    byKind: slicesBy(rows, (row) => row.kind, unit),
    byCategory: slicesBy(rows, (row) => row.category, unit),
    iouHistogram: iouHistogramOf(rows, unit),
    accuracyCurve: accuracyCurveOf(rows, unit),
  };
}

/** Every two runs, each once, in the order of the runs. */
export function comparePairs(rowsOfRuns: readonly EvaluationRow[][], unit: Unit): PairedDifference[] {
  return rowsOfRuns.flatMap((rowsA, index) =>
    rowsOfRuns.slice(index + 1).map((rowsB) => comparePair(rowsA, rowsB, unit)),
  );
}
