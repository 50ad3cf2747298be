/**
 * The table of expressions: one row for each expression and run, in RFC 4180 (CRLF, quotes doubled). Spreadsheets run
 * cells that look like formulas, so text that begins like one gets a quote in front; numbers stay numbers.
 */
import type { Evaluation, RunEvaluation } from '../../../common/contract';
import type { ImageBox } from '../../../common/geometry/types';
import { maskIou } from '../evaluation/metrics';
import type { AnswerDetail, EvaluationRow, ExpressionAnswers } from '../evaluation/rows';

export type Cell = string | number | boolean | null;

/** One row of the table before it is written. */
export interface TableRow {
  evaluation: Evaluation;
  run: RunEvaluation;
  row: EvaluationRow;
  expression: ExpressionAnswers;
  answer: AnswerDetail;
}

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
  ['chance', ({ row }) => row.chance],
  ['review_state', ({ expression }) => expression.reviewState],
  ['failure_label', ({ expression }) => expression.failureLabel],
  ['corrected', ({ expression }) => expression.corrected],
  ...boxColumns('truth', ({ expression }) => expression.truth.box),
  ['run', ({ run }) => run.runId],
  ['method', ({ run }) => run.method],
  ['predicted', ({ row }) => row.predicted],
  ...boxColumns('box', ({ answer }) => answer.box),
  ['score', ({ answer }) => answer.score],
  ['missing_reason', ({ answer }) => answer.missingReason],
  ['iou', ({ row }) => row.iou],
  ['right', ({ row }) => (row.iou ?? 0) >= 0.5],
  ['mask_intersection', ({ row }) => row.maskIntersection],
  ['mask_union', ({ row }) => row.maskUnion],
  ['mask_iou', ({ row }) => maskIou(row)],
  ['best_proposal_iou', ({ row }) => row.bestProposalIou],
  ['point_inside', ({ row }) => row.pointInside],
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

/** Text that a spreadsheet could take for a formula gets a quote in front (CWE-1236). */
function safeText(text: string): string {
  return /^[=+\-@\t\r\0]/.test(text) ? `'${text}` : text;
}

export function csvCell(value: Cell): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const text = safeText(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

export const csvHeader = csvLine(columns.map(([name]) => name));

export function csvRow(row: TableRow): string {
  return csvLine(columns.map(([, of]) => of(row)));
}
