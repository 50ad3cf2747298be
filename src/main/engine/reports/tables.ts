/**
 * What was measured, as three tables: expressions, what each run answered to each, and the runs. Nothing stands in two of
 * them but the keys, `expression` and `run`, by which they are joined.
 */
import type { Evaluation, RunEvaluation } from '../../../common/contract';
import { csvLine, type CsvCell as Cell } from '../../../common/csv';
import type { ImageBox } from '../../../common/geometry/types';
import { maskIouAt } from '../evaluation/measures';
import type { AnswerDetail, ExpressionAnswers } from '../evaluation/rows';
import { reaches, type EvaluationTable, type MeasuredName, type RunColumns } from '../evaluation/table';
import type { RunNote } from './contents';

/** An expression that counts. */
interface ExpressionRow {
  table: EvaluationTable;
  /** Position in the table. */
  row: number;
  expression: ExpressionAnswers;
}

/** What one run made of it. */
interface AnswerRow extends ExpressionRow {
  evaluation: Evaluation;
  run: RunEvaluation;
  columns: RunColumns;
  answer: AnswerDetail;
}

interface RunRow {
  evaluation: Evaluation;
  run: RunEvaluation;
  note: string;
}

/** Names of columns and what they hold; docs/evaluation.md describes them in this order. */
type Columns<Row> = readonly (readonly [name: string, of: (row: Row) => Cell])[];

const headerOf = <Row>(columns: Columns<Row>) => csvLine(columns.map(([name]) => name));
const lineOf = <Row>(columns: Columns<Row>, row: Row) => csvLine(columns.map(([, of]) => of(row)));

/** Decimals that are written. An IoU is then off by 0.0000005 at most, a side of a box by 0.0005 pixels. */
const decimals = { share: 6, pixels: 3, milliseconds: 2 } as const;

function rounded(value: number | null | undefined, kind: keyof typeof decimals): number | null {
  if (value === null || value === undefined || Number.isNaN(value)) return null;
  return Number(value.toFixed(decimals[kind]));
}

const measured =
  (name: MeasuredName) =>
  ({ columns, row }: AnswerRow): Cell =>
    rounded(columns[name][row], 'share');
/** A measurement that is 0 or 1, as a truth value. */
const measuredTruth =
  (name: MeasuredName) =>
  ({ columns, row }: AnswerRow): Cell => {
    const value = rounded(columns[name][row], 'share');
    return value === null ? null : value === 1;
  };

const boxColumns = <Row>(prefix: string, boxOf: (row: Row) => ImageBox | null): Columns<Row> =>
  (['x', 'y', 'width', 'height'] as const).map((side) => [
    `${prefix}_${side}`,
    (row) => rounded(boxOf(row)?.[side], 'pixels'),
  ]);

const expressionColumns: Columns<ExpressionRow> = [
  ['expression', ({ expression }) => expression.expressionKey],
  ['split', ({ expression }) => expression.split],
  ['image', ({ expression }) => expression.imageKey],
  ['image_file', ({ expression }) => expression.imageFile],
  ['referent', ({ expression }) => expression.referentKey],
  ['text', ({ expression }) => expression.text],
  ['kind', ({ expression }) => expression.kind],
  ['category', ({ expression }) => expression.category],
  ['chance', ({ table, row }) => rounded(table.chance[row], 'share')],
  ['review_state', ({ expression }) => expression.reviewState],
  ['failure_label', ({ expression }) => expression.failureLabel],
  ['note', ({ expression }) => expression.note],
  ['corrected', ({ expression }) => expression.corrected],
  ...boxColumns<ExpressionRow>('truth', ({ expression }) => expression.truth.box),
];

const answerColumns: Columns<AnswerRow> = [
  ['expression', ({ expression }) => expression.expressionKey],
  ['run', ({ run }) => run.runId],
  ['predicted', ({ columns: { predicted }, row }) => predicted[row] === 1],
  ...boxColumns<AnswerRow>('box', ({ answer }) => answer.box),
  ['score', ({ answer }) => rounded(answer.score, 'share')],
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
    ({ columns, row }) =>
      Number.isNaN(columns.maskUnion[row] ?? Number.NaN) ? null : rounded(maskIouAt(columns, row), 'share'),
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
  ['milliseconds', ({ answer }) => rounded(answer.milliseconds, 'milliseconds')],
];

const runColumns: Columns<RunRow> = [
  ['run', ({ run }) => run.runId],
  ['method', ({ run }) => run.method],
  ['pack', ({ run }) => run.packId],
  ['pack_name', ({ run }) => run.packName],
  ['pack_version', ({ run }) => run.packVersion],
  ['pack_hash', ({ run }) => run.packHash],
  ['settings', ({ run }) => JSON.stringify(run.settings)],
  ['provider', ({ run }) => run.provider],
  ['versions', ({ run }) => JSON.stringify(run.versions)],
  ['note', ({ note }) => note],
  ['dataset', ({ evaluation }) => evaluation.dataset.name],
  ['dataset_hash', ({ evaluation }) => evaluation.dataset.contentHash],
  ['split', ({ evaluation }) => evaluation.dataset.split],
  ['ground_truth', ({ evaluation }) => evaluation.protocol.groundTruth],
  ['ground_truth_revision', ({ evaluation }) => evaluation.protocol.revision],
  ['box_match', ({ evaluation }) => evaluation.protocol.boxMatch],
  ['unit', ({ evaluation }) => evaluation.protocol.unit],
  ['coverage', ({ evaluation }) => evaluation.protocol.coverage],
  ['workbench', ({ evaluation }) => evaluation.workbench.version],
];

/** Names of each table's columns. */
export const tableColumns = {
  expressions: expressionColumns.map(([name]) => name),
  answers: answerColumns.map(([name]) => name),
  runs: runColumns.map(([name]) => name),
};

/** The beginning of the tables of expressions and of answers. */
export const tableHeads = [headerOf(expressionColumns), headerOf(answerColumns)] as const;

/** An expression's lines in the table of expressions and in the table of answers. */
export function expressionLines(
  evaluation: Evaluation,
  table: EvaluationTable,
  row: number,
  expression: ExpressionAnswers,
): [expression: string, answers: string] {
  const answers = evaluation.runs.map((run, index) => {
    const [columns, answer] = [table.runs[index], expression.answers[index]];
    return columns && answer
      ? lineOf(answerColumns, { evaluation, run, table, columns, row, expression, answer })
      : '';
  });
  return [lineOf(expressionColumns, { table, row, expression }), answers.join('')];
}

/** The table of runs, with what they were measured on and by which protocol. */
export function* runsCsv(evaluation: Evaluation, notes: readonly RunNote[]): Iterable<string> {
  yield headerOf(runColumns);
  for (const run of evaluation.runs) {
    const note = notes.find(({ runId }) => runId === run.runId)?.note ?? '';
    yield lineOf(runColumns, { evaluation, run, note });
  }
}
