/**
 * The grid's SQL. A filter becomes one join for each run that it names and one condition for each of its fields.
 * A condition knows which facet it belongs to, because a facet's counts ignore their own condition.
 */
import type { BrowseFilter, BrowseSort } from '../../../../common/contract';
import { textTerms } from '../../../../common/query/filter';

/** `run:<id>`: all conditions on that run's result; null: a condition that no facet offers (the text search). */
export type FacetName =
  | 'splits'
  | 'kinds'
  | 'categories'
  | 'reviewStates'
  | 'failureLabels'
  | 'corrected'
  | 'disagreement'
  | 'lengths'
  | `run:${number}`;

interface Condition {
  facet: FacetName | null;
  sql: string;
}

export type Parameters = Record<string, string | number>;

/** A prediction is right from this IoU on. One without a box, or without ground truth to compare with, is wrong. */
export const rightFrom = 0.5;

export class BrowseQuery {
  readonly conditions: Condition[] = [];
  readonly parameters: Parameters;
  readonly #runs = new Map<number, string>();

  constructor(filter: BrowseFilter) {
    this.parameters = { datasetId: filter.datasetId };
    const match = textMatch(filter.text);
    if (match !== null) {
      const found = `SELECT rowid FROM expression_texts WHERE expression_texts MATCH ${this.#bind(match)}`;
      this.#add(null, `expressions.id IN (${found})`);
    }
    if (filter.expressionIds !== null) {
      const named = `SELECT value FROM json_each(${this.#bind(JSON.stringify(filter.expressionIds))})`;
      this.#add(null, `expressions.id IN (${named})`);
    }
    this.#addAnyOf('splits', 'split', filter.splits);
    this.#addAnyOf('kinds', 'kind', filter.kinds);
    this.#addAnyOf('categories', 'category', filter.categories);
    this.#addAnyOf('reviewStates', 'review_state', filter.reviewStates);
    this.#addAnyOf('failureLabels', 'failure_label', filter.failureLabels);
    if (filter.corrected !== null) {
      this.#add('corrected', `corrected = ${this.#bind(Number(filter.corrected))}`);
    }
    for (const { runId, outcome, iouFrom, iouTo, openFrom, openTo } of filter.results) {
      const facet: FacetName = `run:${runId}`;
      const iou = this.iouOf(runId);
      if (outcome === 'right') this.#add(facet, this.#isRight(runId));
      if (outcome === 'wrong') this.#add(facet, `${iou} < ${rightFrom}`);
      if (outcome === 'missing') this.#add(facet, `${iou} IS NULL`);
      if (iouFrom !== undefined) this.#add(facet, `${iou} ${openFrom ? '>' : '>='} ${this.#bind(iouFrom)}`);
      if (iouTo !== undefined) this.#add(facet, `${iou} ${openTo ? '<' : '<='} ${this.#bind(iouTo)}`);
    }
    if (filter.disagreement.length > 0) {
      this.#add('disagreement', this.disagreementOf(filter.disagreement));
    }
    if (filter.lengthFrom !== null) this.#add('lengths', `word_count >= ${this.#bind(filter.lengthFrom)}`);
    if (filter.lengthTo !== null) this.#add('lengths', `word_count <= ${this.#bind(filter.lengthTo)}`);
    for (const [name, values] of Object.entries(filter.attributes)) this.#addAttribute(name, values);
  }

  /** The run's IoU: 0 where it found nothing, NULL where it has no prediction of the expression as it reads now. */
  iouOf(runId: number): string {
    const alias = this.#joined(runId);
    return `iif(${alias}.run_id IS NULL, NULL, coalesce(${alias}.iou, 0))`;
  }

  /** Whether one of the runs is right and another wrong. */
  disagreementOf(runIds: readonly number[]): string {
    if (runIds.length < 2) return '0';
    const right = runIds.map((runId) => this.#isRight(runId)).join(' OR ');
    const wrong = runIds.map((runId) => `${this.iouOf(runId)} < ${rightFrom}`).join(' OR ');
    return `((${right}) IS TRUE AND (${wrong}) IS TRUE)`;
  }

  /**
   * `ORDER BY` terms: each decides between what those before it find equal, at last the dataset's order.
   * `spreadRuns`: the runs that `spread` compares.
   */
  orderBy(sorts: readonly BrowseSort[], spreadRuns: readonly number[]): string {
    const terms: string[] = [];
    for (const sort of sorts) {
      const direction = sort.descending ? 'DESC' : 'ASC';
      // Nothing comes after the dataset's order: no two expressions are equal in it.
      if (sort.by === 'dataset') return [...terms, `expressions.id ${direction}`].join(', ');
      const key = this.#sortKey(sort, spreadRuns);
      // What has no prediction comes last in either direction.
      if (key !== null) terms.push(`${key} ${direction} NULLS LAST`);
    }
    return [...terms, 'expressions.id'].join(', ');
  }

  #sortKey({ by, runId }: BrowseSort, spreadRuns: readonly number[]): string | null {
    switch (by) {
      case 'text':
        return 'expressions.text COLLATE NOCASE';
      case 'length':
        return 'word_count';
      case 'kind':
      case 'category':
      case 'split':
        return `expressions.${by}`;
      case 'iou':
        return runId === null ? null : this.iouOf(runId);
      case 'spread': {
        const runs = this.#bind(JSON.stringify(spreadRuns));
        return `(SELECT max(coalesce(iou, 0)) - min(coalesce(iou, 0))
          FROM predictions INDEXED BY predictions_by_expression
          WHERE expression_id = expressions.id AND stale = 0 AND run_id IN (SELECT value FROM json_each(${runs})))`;
      }
      case 'dataset':
        return null;
    }
  }

  /** The grid's covering index and, for each run, the covering index of its results. Call last: the joins are then known. */
  from(): string {
    const joins = [...this.#runs].map(
      ([runId, alias]) =>
        `LEFT JOIN predictions AS ${alias} INDEXED BY predictions_by_result
           ON ${alias}.run_id = ${runId} AND ${alias}.expression_id = expressions.id AND ${alias}.stale = 0`,
    );
    return `expressions INDEXED BY expressions_for_grid ${joins.join(' ')}`;
  }

  /** All conditions. */
  where(): string {
    return ['dataset_id = @datasetId', ...this.conditions.map(({ sql }) => `(${sql})`)].join(' AND ');
  }

  #isRight(runId: number): string {
    return `${this.#joined(runId)}.iou >= ${rightFrom}`;
  }

  #joined(runId: number): string {
    const alias = this.#runs.get(runId) ?? `result${this.#runs.size}`;
    this.#runs.set(runId, alias);
    return alias;
  }

  /** JSON tells 1 from "1"; a person who chooses a printed value does not. */
  #addAttribute(name: string, values: readonly string[]): void {
    if (values.length === 0) return;
    const path = this.#bind(`$.${JSON.stringify(name)}`);
    const written = values.flatMap((value) =>
      /^(true|false|-?\d+(\.\d+)?)$/.test(value) ? [value, JSON.stringify(value)] : [JSON.stringify(value)],
    );
    const wanted = this.#bind(JSON.stringify(written));
    this.#add(null, `attributes -> ${path} IN (SELECT value FROM json_each(${wanted}))`);
  }

  #addAnyOf(facet: FacetName, column: string, values: readonly string[]): void {
    if (values.length === 0) return;
    this.#add(
      facet,
      `expressions.${column} IN (SELECT value FROM json_each(${this.#bind(JSON.stringify(values))}))`,
    );
  }

  #add(facet: FacetName | null, sql: string): void {
    this.conditions.push({ facet, sql });
  }

  #bind(value: string | number): string {
    const name = `value${Object.keys(this.parameters).length}`;
    this.parameters[name] = value;
    return `@${name}`;
  }
}

/** The search as FTS5 takes it: words match by their beginning, phrases as they are. null: nothing is searched for. */
function textMatch(text: string): string | null {
  const terms = textTerms(text);
  if (terms.length === 0) return null;
  return terms.map((term) => `"${term}"${term.includes(' ') ? '' : '*'}`).join(' AND ');
}
