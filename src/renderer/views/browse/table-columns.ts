/** The columns of the table: names, widths and what each sorts by. */
import {
  methodIds,
  methodNames,
  type BrowseSort,
  type MethodId,
  type TableColumn,
} from '../../../common/contract';
import { methodName } from '../../composables/useMethodColours';

const columnNames: Readonly<Record<TableColumn, string>> = {
  text: 'Expression',
  kind: 'Kind',
  category: 'Category',
  split: 'Split',
  length: 'Words',
  review: 'Review',
  label: 'Failure label',
  ...methodNames,
};

/** A method's column has its name; that of the imported one is its run's. */
export function columnName(column: TableColumn): string {
  const method = methodOfColumn(column);
  return method ? methodName(method) : columnNames[column];
}

/** CSS pixels; the text takes what is left over as well. */
const columnWidths: Readonly<Record<TableColumn, number>> = {
  text: 172,
  kind: 84,
  category: 92,
  split: 80,
  length: 60,
  review: 84,
  label: 148,
  'yolo-clip': 80,
  'blip-sam': 80,
  risclip: 64,
  imported: 80,
};
const pictureWidth = 52;
export const columnGap = 12;

/** As `grid-template-columns`, the picture first, and the least width that it needs in CSS pixels. */
export function tableTracks(columns: readonly TableColumn[]): { tracks: string; leastWidth: number } {
  const tracks = columns.map((column) => {
    const width = `${columnWidths[column]}px`;
    return column === 'text' ? `minmax(${width}, 1fr)` : width;
  });
  const widths = columns.reduce((sum, column) => sum + columnWidths[column] + columnGap, pictureWidth);
  return { tracks: [`${pictureWidth}px`, ...tracks].join(' '), leastWidth: widths };
}

export function methodOfColumn(column: TableColumn): MethodId | null {
  return methodIds.find((method) => method === column) ?? null;
}

/** What a press on the column's head sorts by. */
export function sortOfColumn(column: TableColumn): { by: BrowseSort['by']; method: MethodId | null } {
  const method = methodOfColumn(column);
  if (method) return { by: 'iou', method };
  return { by: column as Exclude<TableColumn, MethodId>, method: null };
}
