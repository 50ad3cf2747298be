/** The counts beside the filter's choices, from the rows that a selection keeps and nearly keeps. */
import { answerTypes, type FacetCount, type Facets, type RunFacet } from '../../../common/contract';
import { answerTypeCodes, mostAnswerTypes } from '../evaluation/judge';
import { notAnswered, type CodedColumn, type Columns, type MoreColumns } from './columns';
import { disagreementOf, rightCode, type FacetName, type Selection } from './select';

const histogramBins = 20;

/** `compared`: the runs whose disagreement is counted. */
export function countFacets(
  columns: Columns,
  more: MoreColumns,
  selection: Selection,
  runIds: readonly number[],
  compared: readonly number[],
): Facets {
  /** The rows that meet all conditions but the facet's own. */
  const rowsFor = (facet: FacetName): Int32Array[] => [selection.rows, selection.nearly.get(facet) ?? noRows];
  const listed = (facet: FacetName, column: AnyColumn) => byValue(counted(column, rowsFor(facet)));
  return {
    total: selection.rows.length,
    splits: listed('splits', columns.splits),
    kinds: listed('kinds', columns.kinds),
    categories: listed('categories', columns.categories),
    reviewStates: listed('reviewStates', columns.reviewStates),
    failureLabels: listed('failureLabels', columns.failureLabels),
    ...correctedCounts(columns, rowsFor('corrected')),
    disagreement:
      compared.length < 2 ? 0 : countWhere(rowsFor('disagreement'), disagreementOf(more, compared)),
    lengths: lengthCounts(columns, rowsFor('lengths')),
    runs: runIds.map((runId) => runFacet(more, runId, rowsFor)),
    attributes: [...more.attributes()].map(([name, column]) => ({
      name,
      values: listed(`attribute:${name}`, column).sort((a, b) => b.count - a.count),
    })),
  };
}

type AnyColumn = CodedColumn | CodedColumn<string | null>;

const noRows = new Int32Array(0);

function counted(
  { codes, values }: Pick<AnyColumn, 'codes' | 'values'>,
  lists: readonly Int32Array[],
): FacetCount[] {
  const counts = new Int32Array(values.length);
  for (const rows of lists) {
    for (let index = 0; index < rows.length; index += 1) {
      const code = codes[rows[index] ?? 0] ?? 0;
      counts[code] = (counts[code] ?? 0) + 1;
    }
  }
  return values.flatMap((value, code) => {
    const count = counts[code] ?? 0;
    return value === null || count === 0 ? [] : [{ value, count }];
  });
}

/** Of all rows. */
export function countRows({ codes, values }: AnyColumn): FacetCount[] {
  return counted({ codes, values }, [Int32Array.from(codes.keys())]);
}

export function byValue(counts: FacetCount[]): FacetCount[] {
  return counts.sort((a, b) => (a.value < b.value ? -1 : a.value > b.value ? 1 : 0));
}

function countWhere(lists: readonly Int32Array[], holds: (row: number) => boolean): number {
  let count = 0;
  for (const rows of lists) {
    for (let index = 0; index < rows.length; index += 1) if (holds(rows[index] ?? 0)) count += 1;
  }
  return count;
}

function correctedCounts({ corrected }: Columns, lists: readonly Int32Array[]) {
  const yes = countWhere(lists, (row) => corrected[row] === 1);
  const all = lists.reduce((sum, rows) => sum + rows.length, 0);
  return { corrected: yes, asImported: all - yes };
}

function lengthCounts({ words }: Columns, lists: readonly Int32Array[]): Facets['lengths'] {
  const counts: number[] = [];
  for (const rows of lists) {
    for (let index = 0; index < rows.length; index += 1) {
      const length = words[rows[index] ?? 0] ?? 0;
      counts[length] = (counts[length] ?? 0) + 1;
    }
  }
  return [...counts.entries()].flatMap(([length, count = 0]) =>
    count > 0 ? [{ words: length, count }] : [],
  );
}

function runFacet(more: MoreColumns, runId: number, rowsFor: (facet: FacetName) => Int32Array[]): RunFacet {
  const { iou, type } = more.results(runId);
  const byType = (facet: FacetName) => {
    const counts = new Int32Array(mostAnswerTypes);
    for (const rows of rowsFor(facet)) {
      for (let index = 0; index < rows.length; index += 1) {
        const code = type[rows[index] ?? 0] ?? 0;
        counts[code] = (counts[code] ?? 0) + 1;
      }
    }
    return counts;
  };
  const outcomes = byType(`outcome:${runId}`);
  const right = outcomes[rightCode] ?? 0;
  const missing = outcomes[notAnswered] ?? 0;
  const errors = byType(`error:${runId}`);
  const iouHistogram = new Array<number>(histogramBins).fill(0);
  for (const rows of rowsFor(`iou:${runId}`)) {
    for (let index = 0; index < rows.length; index += 1) {
      const value = iou[rows[index] ?? 0] ?? Number.NaN;
      if (Number.isNaN(value)) continue;
      const bin = Math.min(histogramBins - 1, Math.floor(value * histogramBins));
      iouHistogram[bin] = (iouHistogram[bin] ?? 0) + 1;
    }
  }
  return {
    runId,
    right,
    wrong: outcomes.reduce((sum, count) => sum + count, 0) - right - missing,
    missing,
    iouHistogram,
    errors: answerTypes.flatMap((value) => {
      const count = errors[answerTypeCodes[value]] ?? 0;
      return value === 'right' || count === 0 ? [] : [{ value, count }];
    }),
  };
}
