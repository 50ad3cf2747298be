/** The table of expressions: one row for each expression and run. */
import type { Evaluation, RunEvaluation } from '../../../common/contract';
import { csvLine, type CsvCell as Cell } from '../../../common/csv';
import type { ImageBox } from '../../../common/geometry/types';
import { maskIouAt } from '../evaluation/measures';
import type { AnswerDetail, ExpressionAnswers } from '../evaluation/rows';
import { reaches, type EvaluationTable, type MeasuredName, type RunColumns } from '../evaluation/table';

/** One row of the table before it is written. */
export interface TableRow {
  evaluation: Evaluation;
  run: RunEvaluation;
  table: EvaluationTable;
  columns: RunColumns;
  /** Position in the table. */
  row: number;
  expression: ExpressionAnswers;
  answer: AnswerDetail;
}

const orNull = (value: number | undefined) => (value === undefined || Number.isNaN(value) ? null : value);
const measured =
  (name: MeasuredName) =>
  ({ columns, row }: TableRow): Cell =>
    orNull(columns[name][row]);
/** A measurement that is 0 or 1, as a truth value. */
const measuredTruth =
  (name: MeasuredName) =>
  ({ columns, row }: TableRow): Cell => {
    const value = orNull(columns[name][row]);
    return value === null ? null : value === 1;
  };

const boxColumns = (prefix: string, boxOf: (row: TableRow) => ImageBox | null) =>
  (['x', 'y', 'width', 'height'] as const).map((side): [string, (row: TableRow) => Cell] => [
    `${prefix}_${side}`,
    (row) => boxOf(row)?.[side] ?? null,
  ]);

/** What each column holds; docs/evaluation.md describes them in this order. */
const columns: readonly (readonly [string, (row: TableRow) => Cell])[] = [
  ['dataset', ({ evaluation }) => evaluation.dataset.name],
  ['split', ({ expression }) => expression.split],
  ['image', ({ expression }) => expression.imageKey],
  ['image_file', ({ expression }) => expression.imageFile],
  ['referent', ({ expression }) => expression.referentKey],
  ['expression', ({ expression }) => expression.expressionKey],
  ['text', ({ expression }) => expression.text],
  ['kind', ({ expression }) => expression.kind],
  ['category', ({ expression }) => expression.category],
  ['chance', ({ table, row }) => orNull(table.chance[row])],
  ['review_state', ({ expression }) => expression.reviewState],
  ['failure_label', ({ expression }) => expression.failureLabel],
  ['note', ({ expression }) => expression.note],
  ['corrected', ({ expression }) => expression.corrected],
  ...boxColumns('truth', ({ expression }) => expression.truth.box),
  ['run', ({ run }) => run.runId],
  ['method', ({ run }) => run.method],
  ['predicted', ({ columns: { predicted }, row }) => predicted[row] === 1],
  ...boxColumns('box', ({ answer }) => answer.box),
  ['score', ({ answer }) => answer.score],
  ['missing_reason', ({ answer }) => answer.missingReason],
  ['iou', measured('iou')],
  [
    'right',
    ({ evaluation, columns, row }) =>
      reaches(columns.iou[row] ?? 0, 0.5, evaluation.protocol.boxMatch.includes('>=') ? '>=' : '>'),
  ],
  ['giou', measured('giou')],
  ['centre_inside', measuredTruth('centreInside')],
  ['mask_intersection', measured('maskIntersection')],
  ['mask_union', measured('maskUnion')],
  [
    'mask_iou',
    ({ columns, row }) => (orNull(columns.maskUnion[row]) === null ? null : maskIouAt(columns, row)),
  ],
  ['boundary_f', measured('boundaryF')],
  ['best_proposal_iou', measured('bestProposalIou')],
  ['rank_by_similarity', measured('rankBySimilarity')],
  ['rank_by_score', measured('rankByScore')],
  ['point_inside', measuredTruth('pointInside')],
  ['energy_in_box', measured('energyInBox')],
  ['energy_in_mask', measured('energyInMask')],
  ['map_auc', measured('mapAuc')],
  ['attainable_iou', measured('attainableIou')],
  ['milliseconds', ({ answer }) => answer.milliseconds],
  ['dataset_hash', ({ evaluation }) => evaluation.dataset.contentHash],
  ['ground_truth', ({ evaluation }) => evaluation.protocol.groundTruth],
  ['ground_truth_revision', ({ evaluation }) => evaluation.protocol.revision],
  ['box_match', ({ evaluation }) => evaluation.protocol.boxMatch],
  ['unit', ({ evaluation }) => evaluation.protocol.unit],
  ['coverage', ({ evaluation }) => evaluation.protocol.coverage],
  ['pack', ({ run }) => `${run.packId} ${run.packVersion}`],
  ['pack_hash', ({ run }) => run.packHash],
  ['settings', ({ run }) => JSON.stringify(run.settings)],
  ['provider', ({ run }) => run.provider],
  ['versions', ({ run }) => JSON.stringify(run.versions)],
  ['workbench', ({ evaluation }) => evaluation.workbench.version],
];

export const csvHeader = csvLine(columns.map(([name]) => name));

export function csvRow(row: TableRow): string {
  return csvLine(columns.map(([, of]) => of(row)));
}
