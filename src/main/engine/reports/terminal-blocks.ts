/** Sections of a report as text for a terminal. */
import type { SliceCell } from '../../../common/contract';
import type { Block, Cell, Part } from './blocks';
import { alignColumns } from './terminal';
import { count, interval, percent } from './words';

export function formatPart({ title, note, blocks }: Pick<Part, 'title' | 'note' | 'blocks'>): string {
  return [note ? `${title} (${note})` : title, ...blocks.map(formatBlock)].join('\n\n');
}

function formatBlock(block: Block): string {
  switch (block.kind) {
    case 'heading':
    case 'paragraph':
      return block.text;
    case 'terms':
      return alignColumns(block.terms.map(({ name, value }) => [`${name}: ${value}`]));
    case 'table':
      return alignColumns([
        block.head,
        ...block.rows.map((row) =>
          'group' in row ? [`${row.group}:`] : [`  ${row.heading}`, ...row.cells.map(cellText)],
        ),
      ]);
  }
}

function cellText({ value, interval: ends }: Cell): string {
  return ends ? `${value} (${ends})` : value;
}

/** Acc@0.5 of each run in each slice; those below the minimum are in brackets. `names`: of the runs. */
export function formatSlices(title: string, cells: readonly SliceCell[], names: readonly string[]): string {
  const rows = cells.map(({ values, count: units, small, chance, runs }) => {
    const value = values.map((one) => one || 'none').join(' / ');
    return [
      small ? `(${value})` : value,
      count(units),
      percent(chance),
      ...runs.map(({ accuracy50 }) => `${percent(accuracy50.value)} (${interval(accuracy50)})`),
    ];
  });
  return alignColumns([[`Acc@0.5 by ${title}`, 'n', 'chance', ...names], ...rows]);
}
