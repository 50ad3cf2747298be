/** From a table to the numbers of an evaluation: what each run and each pair of runs comes to. */
import type { PairedDifference, RunEvaluation, RunSummary, Slice } from '../../../common/contract';
import { drawsFor, sliceDrawsFor } from './bootstrap';
import { confidenceOf } from './confidence';
import { accuracyCurveOf, iouHistogramOf } from './distribution';
import { noReferentOf } from './no-referent';
import { imagesOf, metricsFrom, plain, scoreRuns, type Counting } from './scores';
import { comparePairs } from './significance';
import { rowsByValue } from './slices';
import type { AbsentTable, EvaluationTable, Rows } from './table';

/** What counts of a selection, and how. */
export interface Counted {
  table: EvaluationTable;
  rows: Rows;
  absent: { table: AbsentTable; rows: Rows };
  counting: Counting;
}

export function imageCount({ table, rows }: Pick<Counted, 'table' | 'rows'>): number {
  return imagesOf(table.imageIds, rows).count;
}

/** `summaries`: of the runs, in the order of the table's. */
export function evaluateRuns(
  summaries: readonly RunSummary[],
  { table, rows, absent, counting }: Counted,
): { runs: RunEvaluation[]; pairs: PairedDifference[] } {
  const draws = drawsFor(imageCount({ table, rows }));
  const overall = scoreRuns(table, rows, counting, { draws });
  const kinds = slicesBy(table.kinds, table, rows, counting);
  const categories = slicesBy(table.categories, table, rows, counting);
  const runs = summaries.flatMap((summary, index): RunEvaluation[] => {
    const run = table.runs[index];
    const scored = overall.runs[index];
    if (!run || !scored) return [];
    const confidence = confidenceOf(run, rows, counting.comparator);
    const absentRun = absent.table.runs[index];
    const noReferent = absentRun ? noReferentOf({ run, rows }, { run: absentRun, rows: absent.rows }) : null;
    const scores = { ...scored.scores };
    if (confidence) {
      scores.aurc = plain(confidence.aurc);
      if (confidence.calibrationError !== null) scores.calibrationError = plain(confidence.calibrationError);
    }
    if (noReferent) {
      const { value, low, high } = noReferent.detection;
      scores.noReferentDetection = { ...plain(value), wilson: { low, high } };
      scores.noReferentAuroc = plain(noReferent.auroc);
    }
    return [
      {
        runId: summary.id,
        method: summary.method,
        packId: summary.packId,
        packName: summary.packName,
        packVersion: summary.packVersion,
        packHash: summary.packHash,
        settings: summary.settings,
        provider: summary.provider,
        versions: summary.versions,
        overall: metricsFrom(table, run, rows, counting.unit, scored, overall.images),
        byKind: kinds[index] ?? [],
        byCategory: categories[index] ?? [],
        iouHistogram: iouHistogramOf(table, run, rows, counting),
        accuracyCurve: accuracyCurveOf(table, run, rows, counting),
        scores,
        confidence,
        noReferent,
      },
    ];
  });
  return { runs, pairs: comparePairs(table, rows, overall.runs, counting) };
}

/** Each run's slices by a value of the rows. */
export function slicesBy(
  values: readonly string[],
  table: EvaluationTable,
  rows: Rows,
  counting: Counting,
): Slice[][] {
  const slices: Slice[][] = table.runs.map(() => []);
  const draws = sliceDrawsFor(imageCount({ table, rows }));
  for (const { value, rows: own } of rowsByValue(values, rows)) {
    const { images, runs } = scoreRuns(table, own, counting, { draws, slice: true });
    table.runs.forEach((run, index) => {
      const scored = runs[index];
      if (scored) {
        const metrics = metricsFrom(table, run, own, counting.unit, scored, images);
        slices[index]?.push({ value, metrics });
      }
    });
  }
  return slices;
}
