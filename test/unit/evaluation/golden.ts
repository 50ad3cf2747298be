/** What numpy, scipy, scikit-learn and pycocotools make of random answers, and what the workbench makes of them. */
import { readFileSync } from 'node:fs';
import { ownMethodIds, type Metrics, type OwnMethodId, type Prediction } from '../../../src/common/contract';
import { boxCentre, boxContains } from '../../../src/common/geometry/boxes';
import { boxGiou } from '../../../src/common/geometry/iou';
import type { RunLengthMask, Size } from '../../../src/common/geometry/types';
import { includeLastPixels } from '../../../src/main/engine/evaluation/box-convention';
import { accuracyCurveOf, iouHistogramOf } from '../../../src/main/engine/evaluation/distribution';
import { confidenceOf, rankingOf } from '../../../src/main/engine/evaluation/confidence';
import { scoreSlices } from '../../../src/main/engine/evaluation/evaluate';
import { measure, measureMissing } from '../../../src/main/engine/evaluation/measure';
import { noReferentOf } from '../../../src/main/engine/evaluation/no-referent';
import { orderScores } from '../../../src/main/engine/evaluation/order-scores';
import { metricsFrom, type Scored } from '../../../src/main/engine/evaluation/scores';
import { comparePairs } from '../../../src/main/engine/evaluation/significance';
import {
  rowsThatCount,
  type Comparator,
  type EvaluationTable,
  type Rows,
  type Unit,
} from '../../../src/main/engine/evaluation/table';
import { tableOf, type SampleRow } from './sample-rows';
import { atOnce } from '../../../src/main/engine/jobs/pieces';

type Four = [number, number, number, number];

interface GoldenExpression {
  expressionId: number;
  referentId: number;
  imageId: number;
  size: Size;
  kind: string;
  category: string;
  chance: number | null;
  truth: { box: Four; mask: RunLengthMask | null };
  predictions: Record<
    OwnMethodId,
    (Omit<Prediction, 'box' | 'evidence'> & { box: Four | null; evidence: never }) | null
  >;
}

interface Interval {
  value: number;
  low: number;
  high: number;
}

/** An answer about a present or an absent referent. */
interface ScoredAnswer {
  image: number;
  score: number | null;
}

export interface Golden {
  expressions: GoldenExpression[];
  evaluations: {
    unit: Unit;
    coverage: 'common' | 'all';
    comparator: Comparator;
    runs: {
      overall: Metrics;
      byKind: Record<string, Metrics>;
      scores: Record<string, unknown>;
      confidence: { aurc: Interval; calibrationError: Interval | null };
      curve: number[];
      histogram: number[];
    }[];
    pairs: Record<string, unknown>[];
  }[];
  random: { seed: number; numbers: number[] };
  absents: { present: ScoredAnswer[]; absent: ScoredAnswer[]; auroc: Interval; detection: Interval }[];
  scipyInterval: { low: number; high: number };
  inclusive: { iou: number; giou: number; centre: number }[][];
  mcnemar: { onlyA: number; onlyB: number; pValue: number }[];
}

// Made by numpy, scipy, scikit-learn and pycocotools; see evaluation.py beside it.
export const golden = JSON.parse(readFileSync('test/fixtures/metrics/evaluation.json', 'utf8')) as Golden;
const box = ([x, y, width, height]: Four) => ({ x, y, width, height });

/** Proposals come as four numbers too. */
function toPrediction(stored: NonNullable<GoldenExpression['predictions'][OwnMethodId]>): Prediction {
  const evidence = structuredClone(stored.evidence) as Prediction['evidence'];
  if (evidence.method === 'yolo-clip') {
    for (const proposal of evidence.proposals) proposal.box = box(proposal.box as unknown as Four);
  }
  return { ...stored, box: stored.box && box(stored.box), evidence };
}

function rowOf(expression: GoldenExpression, method: OwnMethodId): SampleRow {
  const { expressionId, referentId, imageId, kind, category, chance } = expression;
  const truth = { box: box(expression.truth.box), mask: expression.truth.mask };
  const stored = expression.predictions[method];
  const prediction = stored && toPrediction(stored);
  const found = prediction?.box ?? null;
  return {
    truth: truth.box,
    box: found,
    ...{ expressionId, referentId, imageId, kind, category, chance },
    ...(prediction ? measure(prediction, truth, expression.size) : measureMissing(method, truth)),
    giou: found ? boxGiou(found, truth.box) : -1,
    centreInside: found !== null && boxContains(truth.box, boxCentre(found)),
    predicted: prediction !== null,
    answered: found !== null,
    score: prediction?.score ?? null,
  };
}

export const goldenTable = (): EvaluationTable =>
  tableOf(
    ownMethodIds.map((method) => ({ method, rows: golden.expressions.map((one) => rowOf(one, method)) })),
  );

type Protocol = Golden['evaluations'][number];

function metricsOfRun(
  table: EvaluationTable,
  index: number,
  rows: Rows,
  unit: Unit,
  scored: Scored,
): Metrics {
  const [run, own] = [table.runs[index], scored.runs[index]];
  if (!run || !own) throw new Error('no such run');
  return metricsFrom(table, run, rows, unit, own, scored.images);
}

/** The workbench's numbers under a protocol, in the shape of the golden ones. */
export function evaluateGolden({
  unit,
  coverage,
  comparator,
}: Pick<Protocol, 'unit' | 'coverage' | 'comparator'>) {
  const table = goldenTable();
  const rows = rowsThatCount(table, coverage);
  const counting = { unit, comparator };
  const { overall, slices } = atOnce(scoreSlices(table, rows, [table.kinds], counting));
  const rankings = table.runs.map((run) => rankingOf(run, rows, table.imageIds, comparator));
  const ordered = atOnce(orderScores(table, rows, unit, rankings));
  const runs = table.runs.map((run, index) => {
    const [order, ranking, own] = [ordered[index], rankings[index], overall.runs[index]];
    if (!order || !ranking || !own) throw new Error('a run has scores');
    const { medianIou, aurc, calibrationError } = order;
    return {
      overall: metricsOfRun(table, index, rows, unit, overall),
      byKind: Object.fromEntries(
        (slices[0] ?? []).map((slice) => [
          slice.value,
          metricsOfRun(table, index, slice.rows, unit, slice.scored),
        ]),
      ),
      scores: { ...own.scores, medianIou },
      confidence: { aurc, calibrationError },
      asDrawn: confidenceOf(ranking),
      curve: accuracyCurveOf(table, run, rows, counting).map(({ accuracy }) => accuracy),
      histogram: iouHistogramOf(table, run, rows, counting),
    };
  });
  return { runs, pairs: atOnce(comparePairs(table, rows, overall.runs, counting)) };
}

/** The numbers of one group of answers about present and absent referents. */
export function absentGolden({ present, absent }: Golden['absents'][number]) {
  const groupOf = (answers: readonly ScoredAnswer[]) => ({
    run: {
      answered: Uint8Array.from(answers, ({ score }) => Number(score !== null)),
      score: Float64Array.from(answers, ({ score }) => score ?? Number.NaN),
    },
    rows: Int32Array.from(answers.keys()),
    imageIds: Int32Array.from(answers, ({ image }) => image),
  });
  const found = atOnce(noReferentOf(groupOf(present), groupOf(absent)));
  if (!found) throw new Error('both groups have answers');
  return found;
}

/** Each run's answers where the last pixel belongs to a box. */
export function inclusiveGolden(): Golden['inclusive'] {
  const table = goldenTable();
  includeLastPixels(table);
  return table.runs.map((run) =>
    Array.from({ length: table.count }, (_, row) => ({
      iou: run.iou[row] ?? Number.NaN,
      giou: run.giou[row] ?? Number.NaN,
      centre: run.centreInside[row] ?? Number.NaN,
    })),
  );
}
