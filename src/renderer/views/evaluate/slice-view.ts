/** Slices as charts and tables show them. Pure. */
import { formatCount } from '../../composables/format';
import type { SliceCell } from '../../../common/contract';
import type { HeatCell } from '../../charts/HeatTable.vue';
import type { IntervalGroup } from '../../charts/IntervalPlot.vue';
import type { RunLook } from '../../charts/series';
import { interval, points } from './format';

export type SliceMetric = 'accuracy50' | 'meanIou';
export type SliceOrder = 'value' | 'deviation' | 'count';

export const nameOfValue = (value: string) => value || '(none)';

function valueOf(cell: SliceCell, runId: number, metric: SliceMetric): number {
  return cell.runs.find((run) => run.runId === runId)?.[metric].value ?? 0;
}

/** `whole`: the run's number over everything; deviating slices come first, small ones last, by its distance. */
export function inOrder(
  cells: readonly SliceCell[],
  order: SliceOrder,
  runId: number,
  metric: SliceMetric,
  whole: number,
): SliceCell[] {
  if (order === 'value') return [...cells];
  if (order === 'count') return cells.toSorted((a, b) => b.count - a.count);
  const distance = (cell: SliceCell) => Math.abs(valueOf(cell, runId, metric) - whole);
  return cells.toSorted((a, b) => Number(a.small) - Number(b.small) || distance(b) - distance(a));
}

export function intervalGroups(
  cells: readonly SliceCell[],
  looks: readonly RunLook[],
  metric: SliceMetric,
): IntervalGroup[] {
  return cells.map(({ values, count, small, chance, runs }) => ({
    value: values[0] ?? '',
    label: `${nameOfValue(values[0] ?? '')} (${formatCount(count)})`,
    small,
    chance,
    points: looks.flatMap((look) => {
      const run = runs.find((one) => one.runId === look.runId);
      return run ? [{ look, estimate: run[metric], count }] : [];
    }),
  }));
}

export interface Cross {
  rows: string[];
  columns: string[];
  cells: HeatCell[];
  /** Of the slice behind each cell. */
  values: [string, string][];
}

/** The crossed slices of one run as a table: rows are values of the first field, columns of the second. */
export function crossOf(cells: readonly SliceCell[], look: RunLook, metric: SliceMetric): Cross {
  const different = (place: number) => [...new Set(cells.map(({ values }) => values[place] ?? ''))];
  const [rows, columns] = [different(0), different(1).sort()];
  const values: [string, string][] = [];
  const drawn = cells.map((cell): HeatCell => {
    const [first = '', second = ''] = cell.values;
    values.push([first, second]);
    const run = cell.runs.find((one) => one.runId === look.runId);
    const estimate = run?.[metric] ?? null;
    return {
      row: rows.indexOf(first),
      column: columns.indexOf(second),
      tone: 'accent',
      strength: cell.small ? 0 : (estimate?.value ?? 0),
      small: cell.small,
      lines: estimate ? [points(estimate.value), interval(estimate), `n ${formatCount(cell.count)}`] : ['–'],
      description: `${look.name}, ${nameOfValue(first)} and ${nameOfValue(second)}: ${points(estimate?.value ?? null)} (95% interval ${estimate ? interval(estimate) : '–'}), n = ${cell.count}${cell.small ? ', too few for a test' : ''}. Show what is wrong`,
    };
  });
  return { rows: rows.map(nameOfValue), columns: columns.map(nameOfValue), cells: drawn, values };
}
