/** From a table to the numbers of an evaluation: what each run and each pair of runs comes to. */
import type { PairedDifference, RunEvaluation, RunSummary, Slice } from '../../../common/contract';
import type { Pieces } from '../jobs/pieces';
import { bootstrapDraws, fewerDrawsFor } from './bootstrap';
import { confidenceOf, rankingOf } from './confidence';
import { accuracyCurveOf, iouHistogramOf } from './distribution';
import { noReferentOf } from './no-referent';
import { orderScores } from './order-scores';
import { metricsFrom, scoreParts, type Scored } from './scores';
import { comparePairs } from './significance';
import { rowsByValue } from './slices';
import { imagesOf, type Counting, type Part } from './sums';
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

/** A slice by a value of the rows, with every run's numbers. */
export interface ScoredSlice {
  value: string;
  rows: Rows;
  scored: Scored;
}

/**
 * The rows and their slices by each of the fields (a value for each row of the table), all from the same draws of the
 * rows' images.
 */
export function* scoreSlices(
  table: EvaluationTable,
  rows: Rows,
  fields: readonly (readonly string[])[],
  counting: Counting,
): Pieces<{ overall: Scored; slices: ScoredSlice[][] }> {
  const images = imageCount({ table, rows });
  const found = fields.map((values) => rowsByValue(values, rows));
  const whole: Part = { rows, draws: bootstrapDraws, slice: false };
  const parts = found.flat().map(({ rows: own }): Part => {
    return { rows: own, draws: fewerDrawsFor(images), slice: true };
  });
  const scored = yield* scoreParts(table, rows, [whole, ...parts], counting);
  const [overall = { images: 0, runs: [] }, ...others] = scored;
  let next = 0;
  const slices = found.map((field) =>
    field.flatMap((slice): ScoredSlice[] => {
      const own = others[next];
      next += 1;
      return own ? [{ ...slice, scored: own }] : [];
    }),
  );
  return { overall, slices };
}

/** One run's slices. */
function slicesOf(
  index: number,
  slices: readonly ScoredSlice[],
  table: EvaluationTable,
  { unit }: Counting,
): Slice[] {
  const run = table.runs[index];
  return slices.flatMap(({ value, rows, scored }): Slice[] => {
    const own = scored.runs[index];
    return run && own ? [{ value, metrics: metricsFrom(table, run, rows, unit, own, scored.images) }] : [];
  });
}

/** `summaries`: of the runs, in the order of the table's. */
export function* evaluateRuns(
  summaries: readonly RunSummary[],
  { table, rows, absent, counting }: Counted,
): Pieces<{ runs: RunEvaluation[]; pairs: PairedDifference[] }> {
  const { overall, slices } = yield* scoreSlices(table, rows, [table.kinds, table.categories], counting);
  const rankings: ReturnType<typeof rankingOf>[] = [];
  for (const run of table.runs) {
    rankings.push(rankingOf(run, rows, table.imageIds, counting.comparator));
    yield;
  }
  const ordered = yield* orderScores(table, rows, counting.unit, rankings);
  const runs: RunEvaluation[] = [];
  for (const [index, summary] of summaries.entries()) {
    const run = table.runs[index];
    const scored = overall.runs[index];
    const order = ordered[index];
    if (!run || !scored || !order) continue;
    const ranking = rankings[index] ?? null;
    const absentRun = absent.table.runs[index];
    const about = absentRun
      ? yield* noReferentOf(
          { run, rows, imageIds: table.imageIds },
          { run: absentRun, rows: absent.rows, imageIds: absent.table.imageIds },
        )
      : null;
    yield;
    const accuracyCurve = accuracyCurveOf(table, run, rows, counting);
    yield;
    const confidence = ranking && confidenceOf(ranking);
    yield;
    runs.push({
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
      byKind: slicesOf(index, slices[0] ?? [], table, counting),
      byCategory: slicesOf(index, slices[1] ?? [], table, counting),
      iouHistogram: iouHistogramOf(table, run, rows, counting),
      accuracyCurve,
      scores: {
        ...scored.scores,
        medianIou: order.medianIou,
        ...(order.aurc && { aurc: order.aurc }),
        ...(order.calibrationError && { calibrationError: order.calibrationError }),
        ...(about && { noReferentDetection: about.detection, noReferentAuroc: about.auroc }),
      },
      confidence,
      noReferent: about?.noReferent ?? null,
    });
  }
  return { runs, pairs: yield* comparePairs(table, rows, overall.runs, counting) };
}
