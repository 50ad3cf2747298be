/** What the two CSV formats share: which file, which columns, and reading a box from a row. */
import { basename, join } from 'node:path';
import type { ImportProblem } from '../../../../common/contract';
import { WorkbenchError } from '../../../../common/errors';
import type { ImageBox } from '../../../../common/geometry/types';
import type { Breather } from '../breathe';
import { detectDelimiter, headerColumns, readTable, type CsvTable } from '../csv';
import { filesAt, readHead, readText } from '../files';

const headBytes = 8_192;

export const expressionColumns = ['expression', 'caption', 'text'];

/** The column names of a CSV file, from its first line; empty where it is no table with an expression column. */
export async function columnsOf(path: string): Promise<string[]> {
  const head = await readHead(path, headBytes);
  const firstLine = head.slice(0, head.search(/[\r\n]|$/));
  const delimiter = detectDelimiter(firstLine, expressionColumns);
  return delimiter === null ? [] : headerColumns(firstLine, delimiter);
}

/** CSV files at a path whose columns fit. */
export async function tablesAt(
  path: string,
  fits: (columns: readonly string[]) => boolean,
): Promise<{ folder: string; names: string[] }> {
  const { folder, names } = await filesAt(path);
  const fitting: string[] = [];
  for (const name of names) {
    if (/\.csv$/i.test(name) && fits(await columnsOf(join(folder, name)))) fitting.push(name);
  }
  return { folder, names: fitting };
}

/** The one name there is; several must be told apart by the person. */
export function onlyOne(names: readonly string[], what: string): string {
  const [only, another] = names;
  if (only !== undefined && another === undefined) return only;
  if (only === undefined)
    throw new WorkbenchError('not-found', `There is no ${what}.`, 'See docs/formats.md.');
  throw new WorkbenchError(
    'invalid',
    `There are several: ${names.slice(0, 5).join(', ')}. One ${what} is wanted.`,
    'Choose the file instead of its folder, or move the others away.',
  );
}

/** The table of a file; rows with a wrong number of fields are noted and the rest goes on. */
export async function tableOf(
  path: string,
  rejected: ImportProblem[],
  breather: Breather,
): Promise<CsvTable> {
  const name = basename(path);
  const table = readTable(await readText(path, breather), name, expressionColumns, {
    breather,
    uneven(line, fields) {
      const message = `the row has ${fields} fields; the first line names ${table.columns.length}`;
      rejected.push({ kind: 'row-fields', where: `${name}:${line}`, message });
    },
  });
  return table;
}

export function textOfRow(values: ReadonlyMap<string, string>): string {
  return expressionColumns.map((column) => values.get(column)).find((value) => value !== undefined) ?? '';
}

const sizeColumns = ['x', 'y', 'width', 'height'];
const cornerColumns = ['x0', 'y0', 'x1', 'y1'];

export function hasBoxColumns(columns: readonly string[]): boolean {
  return [['bbox'], sizeColumns, cornerColumns].some((wanted) =>
    wanted.every((column) => columns.includes(column)),
  );
}

/**
 * The box of a row: `bbox` (four numbers, with or without brackets), x, y, width, height, or the corners x0, y0, x1,
 * y1. null: all fields are empty; undefined: they are not four numbers.
 */
export function boxOfRow(values: ReadonlyMap<string, string>): ImageBox | null | undefined {
  const corners = values.has('x0');
  const fields = values.has('bbox')
    ? splitBox(values.get('bbox') ?? '')
    : (corners ? cornerColumns : sizeColumns).map((column) => (values.get(column) ?? '').trim());
  if (fields.every((field) => field === '')) return null;
  const [a, b, c, d, more] = fields.map((field) => (field === '' ? NaN : Number(field)));
  if (a === undefined || b === undefined || c === undefined || d === undefined || more !== undefined)
    return undefined;
  if (![a, b, c, d].every(Number.isFinite)) return undefined;
  return corners && !values.has('bbox')
    ? { x: a, y: b, width: c - a, height: d - b }
    : { x: a, y: b, width: c, height: d };
}

function splitBox(text: string): string[] {
  return text
    .trim()
    .replace(/^[[(]|[\])]$/g, '')
    .trim()
    .split(/[\s,;]+/);
}
