/**
 * Browse's questions asked of the workspace itself, in plain SQL without any of the engine's columns: what tests hold
 * the engine's answers against.
 */
import type { Database } from 'better-sqlite3';
import type { BrowseFilter, BrowseSort } from '../../src/common/contract';
import { answerTypeCodes } from '../../src/main/engine/evaluation/judge';
import { textTerms } from '../../src/common/query/filter';

/** The run's answer to an expression, to its text as it is now; no row where there is none. */
const answer = (runId: number) =>
  `FROM predictions WHERE run_id = ${runId} AND expression_id = expressions.id AND stale = 0`;
const iouOf = (runId: number) => `(SELECT iou ${answer(runId)})`;
const isRight = (runId: number) => `EXISTS (SELECT 1 ${answer(runId)} AND answer_type = 1)`;
const isWrong = (runId: number) => `EXISTS (SELECT 1 ${answer(runId)} AND answer_type > 1)`;

const text = (value: string) => `'${value.replaceAll("'", "''")}'`;
const list = (values: readonly (string | number)[]) =>
  `(${values.map((value) => (typeof value === 'number' ? value : text(value))).join(', ')})`;

function conditions(filter: BrowseFilter): string[] {
  const all = [`dataset_id = ${filter.datasetId}`];
  for (const [column, values] of [
    ['split', filter.splits],
    ['kind', filter.kinds],
    ['category', filter.categories],
    ['review_state', filter.reviewStates],
    ['failure_label', filter.failureLabels],
  ] as const) {
    if (values.length > 0) all.push(`expressions.${column} IN ${list(values)}`);
  }
  if (filter.corrected !== null) all.push(`corrected = ${Number(filter.corrected)}`);
  if (filter.lengthFrom !== null) all.push(`word_count >= ${filter.lengthFrom}`);
  if (filter.lengthTo !== null) all.push(`word_count <= ${filter.lengthTo}`);
  if (filter.expressionIds !== null) all.push(`expressions.id IN ${list(filter.expressionIds)}`);
  for (const [name, values] of Object.entries(filter.attributes)) {
    if (values.length > 0) {
      const value = `json_extract(attributes, ${text(`$.${JSON.stringify(name)}`)})`;
      const printed = `CASE json_type(attributes, ${text(`$.${JSON.stringify(name)}`)})
        WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' ELSE CAST(${value} AS TEXT) END`;
      all.push(`${printed} IN ${list(values)}`);
    }
  }
  for (const { runId, outcome, errors, iouFrom, iouTo, openFrom, openTo } of filter.results) {
    if (outcome === 'right') all.push(isRight(runId));
    if (outcome === 'wrong') all.push(isWrong(runId));
    if (outcome === 'missing') all.push(`NOT EXISTS (SELECT 1 ${answer(runId)})`);
    if (errors && errors.length > 0) {
      all.push(
        `EXISTS (SELECT 1 ${answer(runId)} AND answer_type IN ${list(errors.map((error) => answerTypeCodes[error]))})`,
      );
    }
    if (iouFrom !== undefined) all.push(`${iouOf(runId)} ${openFrom ? '>' : '>='} ${iouFrom}`);
    if (iouTo !== undefined) all.push(`${iouOf(runId)} ${openTo ? '<' : '<='} ${iouTo}`);
  }
  if (filter.disagreement.length > 0) {
    all.push(`(${filter.disagreement.map(isRight).join(' OR ')})`);
    all.push(`(${filter.disagreement.map(isWrong).join(' OR ')})`);
  }
  const terms = textTerms(filter.text);
  if (terms.length > 0) {
    const match = terms.map((term) => `"${term}"${term.includes(' ') ? '' : '*'}`).join(' AND ');
    all.push(
      `expressions.id IN (SELECT rowid FROM expression_texts WHERE expression_texts MATCH ${text(match)})`,
    );
  }
  return all;
}

function sortTerm({ by, runId }: BrowseSort, compared: readonly number[]): string {
  switch (by) {
    case 'dataset':
      return 'expressions.id';
    case 'text':
      return 'text COLLATE NOCASE';
    case 'length':
      return 'word_count';
    case 'review':
      return 'review_state';
    case 'label':
      return 'failure_label';
    case 'iou':
      return runId === null ? '1' : iouOf(runId);
    case 'spread':
      return `(SELECT max(iou) - min(iou) FROM predictions
        WHERE expression_id = expressions.id AND stale = 0 AND run_id IN ${list(compared)})`;
    default:
      return `expressions.${by}`;
  }
}

/** `compared`: the runs whose IoU the order by spread compares. */
export function idsBySql(
  database: Database,
  filter: BrowseFilter,
  sorts: readonly BrowseSort[] = [],
  compared: readonly number[] = [],
): number[] {
  const order = sorts.map(
    (sort) => `${sortTerm(sort, compared)} ${sort.descending ? 'DESC' : 'ASC'} NULLS LAST`,
  );
  return database
    .prepare(
      `SELECT id FROM expressions WHERE ${conditions(filter)
        .map((condition) => `(${condition})`)
        .join(' AND ')} ORDER BY ${[...order, 'expressions.id'].join(', ')}`,
    )
    .pluck()
    .all() as number[];
}
