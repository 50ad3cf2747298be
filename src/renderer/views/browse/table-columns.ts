/** The columns of the table: names, widths and what each sorts by. */
import {
  methodIds,
  methodNames,
  type BrowseSort,
  type MethodId,
  type TableColumn,
} from '../../../common/contract';

export const columnNames: Readonly<Record<TableColumn, string>> = {
  text: 'Expression',
  kind: 'Kind',
  category: 'Category',
  split: 'Split',
  length: 'Words',
  review: 'Review',
  label: 'Failure label',
  ...methodNames,
};

/** As a grid track. */
export const columnWidths: Readonly<Record<TableColumn, string>> = {
  text: 'minmax(180px, 1fr)',
  kind: '96px',
  category: '112px',
  split: '88px',
  length: '60px',
  review: '96px',
  label: '148px',
  'yolo-clip': '92px',
  'blip-sam': '92px',
  risclip: '92px',
};

export function methodOfColumn(column: TableColumn): MethodId | null {
  return methodIds.find((method) => method === column) ?? null;
}

/** What a press on the column's head sorts by; null: it cannot be sorted by. */
export function sortOfColumn(column: TableColumn): { by: BrowseSort['by']; method: MethodId | null } | null {
  const method = methodOfColumn(column);
  if (method) return { by: 'iou', method };
  if (column === 'review' || column === 'label') return null;
  return { by: column as 'text' | 'kind' | 'category' | 'split' | 'length', method: null };
}
