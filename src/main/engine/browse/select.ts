/** Which rows a filter keeps, and by which one condition each of the others falls out. */
import type { BrowseFilter } from '../../../common/contract';
import { answerTypeCodes, mostAnswerTypes } from '../evaluation/judge';
import { notAnswered, rowsOf, type CodedColumn, type Columns, type MoreColumns } from './columns';

/** What a person sets at one place of the filter panel; its counts leave its own conditions out. */
export type FacetName =
  | 'splits'
  | 'kinds'
  | 'categories'
  | 'reviewStates'
  | 'failureLabels'
  | 'corrected'
  | 'disagreement'
  | 'lengths'
  | `outcome:${number}`
  | `iou:${number}`
  | `error:${number}`
  | `attribute:${string}`;

export interface Selection {
  /** Rows that meet every condition, in the order of the dataset. */
  rows: Int32Array;
  /** By facet with a condition: the rows that fall out by that facet alone. */
  nearly: ReadonlyMap<FacetName, Int32Array>;
}

/** Conditions that only the workspace can answer, as 1 at each row that meets them. */
export interface NamedRows {
  text(text: string): Uint8Array | null;
  attribute(name: string, values: readonly string[]): Uint8Array;
}

/** Counts for each row the facets that it fails, up to two: more make no difference. */
class Sieve {
  readonly facets: FacetName[] = [];
  readonly #fails: Uint8Array;
  readonly #failedBy: Uint16Array;

  constructor(count: number) {
    this.#fails = new Uint8Array(count);
    this.#failedBy = new Uint16Array(count);
  }

  /** Only these rows, whatever a facet counts. */
  keepOnly(kept: Uint8Array): void {
    const fails = this.#fails;
    for (let row = 0; row < fails.length; row += 1) if (kept[row] === 0) fails[row] = 2;
  }

  /** A facet's condition; one call a facet. */
  add(facet: FacetName, holds: (row: number) => boolean): void {
    const [fails, failedBy] = [this.#fails, this.#failedBy];
    const own = this.facets.push(facet) - 1;
    for (let row = 0; row < fails.length; row += 1) {
      const before = fails[row] ?? 0;
      if (before < 2 && !holds(row)) {
        fails[row] = before + 1;
        failedBy[row] = own;
      }
    }
  }

  selection(): Selection {
    const [fails, failedBy] = [this.#fails, this.#failedBy];
    let kept = 0;
    const falling = new Int32Array(this.facets.length);
    for (let row = 0; row < fails.length; row += 1) {
      if (fails[row] === 0) kept += 1;
      else if (fails[row] === 1) falling[failedBy[row] ?? 0] = (falling[failedBy[row] ?? 0] ?? 0) + 1;
    }
    const rows = new Int32Array(kept);
    const fallen = Array.from(falling, (count) => new Int32Array(count));
    let at = 0;
    falling.fill(0);
    for (let row = 0; row < fails.length; row += 1) {
      if (fails[row] === 0) {
        rows[at] = row;
        at += 1;
      } else if (fails[row] === 1) {
        const facet = failedBy[row] ?? 0;
        const place = falling[facet] ?? 0;
        const list = fallen[facet];
        if (list) list[place] = row;
        falling[facet] = place + 1;
      }
    }
    return { rows, nearly: new Map(this.facets.map((facet, index) => [facet, fallen[index] ?? noRows])) };
  }
}

const noRows = new Int32Array(0);

export function select(
  columns: Columns,
  more: MoreColumns,
  named: NamedRows,
  filter: BrowseFilter,
): Selection {
  const sieve = new Sieve(columns.count);
  const found = named.text(filter.text);
  if (found) sieve.keepOnly(found);
  if (filter.expressionIds !== null) sieve.keepOnly(rowsOf(columns.ids, filter.expressionIds));
  for (const facet of ['splits', 'kinds', 'categories', 'reviewStates', 'failureLabels'] as const) {
    addAnyOf(sieve, facet, columns[facet], filter[facet]);
  }
  if (filter.corrected !== null) {
    const [wanted, { corrected }] = [Number(filter.corrected), columns];
    sieve.add('corrected', (row) => corrected[row] === wanted);
  }
  addResults(sieve, more, filter);
  if (filter.disagreement.length > 0) {
    const disagree = disagreementOf(more, filter.disagreement);
    sieve.add('disagreement', disagree);
  }
  if (filter.lengthFrom !== null || filter.lengthTo !== null) {
    const { words } = columns;
    const [from, to] = [filter.lengthFrom ?? 0, filter.lengthTo ?? Infinity];
    sieve.add('lengths', (row) => (words[row] ?? 0) >= from && (words[row] ?? 0) <= to);
  }
  for (const [name, values] of Object.entries(filter.attributes)) {
    if (values.length === 0) continue;
    const column = more.attributes().get(name);
    if (column) addAnyOf(sieve, `attribute:${name}`, column, values);
    else sieve.keepOnly(named.attribute(name, values));
  }
  return sieve.selection();
}

function addAnyOf(
  sieve: Sieve,
  facet: FacetName,
  column: CodedColumn | CodedColumn<string | null>,
  values: readonly string[],
): void {
  if (values.length === 0) return;
  const { codes } = column;
  const wanted = column.flags(values);
  sieve.add(facet, (row) => wanted[codes[row] ?? 0] === 1);
}

function addResults(sieve: Sieve, more: MoreColumns, filter: BrowseFilter): void {
  const conditions = new Map<FacetName, ((row: number) => boolean)[]>();
  const add = (facet: FacetName, holds: (row: number) => boolean) =>
    conditions.set(facet, [...(conditions.get(facet) ?? []), holds]);
  for (const { runId, outcome, errors, iouFrom, iouTo, openFrom, openTo } of filter.results) {
    const { iou, type } = more.results(runId);
    if (outcome === 'right') add(`outcome:${runId}`, (row) => type[row] === rightCode);
    if (outcome === 'wrong') add(`outcome:${runId}`, (row) => (type[row] ?? 0) > rightCode);
    if (outcome === 'missing') add(`outcome:${runId}`, (row) => type[row] === notAnswered);
    if (errors !== undefined && errors.length > 0) {
      const wanted = new Uint8Array(mostAnswerTypes);
      for (const error of errors) wanted[answerTypeCodes[error]] = 1;
      add(`error:${runId}`, (row) => wanted[type[row] ?? 0] === 1);
    }
    // Comparisons with NaN do not hold.
    if (iouFrom !== undefined) {
      add(`iou:${runId}`, (row) => (openFrom ? (iou[row] ?? 0) > iouFrom : (iou[row] ?? 0) >= iouFrom));
    }
    if (iouTo !== undefined) {
      add(`iou:${runId}`, (row) => (openTo ? (iou[row] ?? 0) < iouTo : (iou[row] ?? 0) <= iouTo));
    }
  }
  for (const [facet, all] of conditions) sieve.add(facet, (row) => all.every((holds) => holds(row)));
}

/** All that is answered and not right has a greater one. */
export const rightCode = answerTypeCodes.right;

/** Whether one of the runs is right and another wrong. */
export function disagreementOf(more: MoreColumns, runIds: readonly number[]): (row: number) => boolean {
  const types = runIds.map((runId) => more.results(runId).type);
  return (row) => {
    let [right, wrong] = [false, false];
    for (const type of types) {
      const code = type[row] ?? 0;
      if (code === rightCode) right = true;
      else if (code > rightCode) wrong = true;
    }
    return right && wrong;
  };
}
