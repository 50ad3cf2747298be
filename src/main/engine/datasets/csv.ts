/** Comma-separated values, strictly as RFC 4180 says, with `,` `;` or a tab between the fields. */
import { WorkbenchError } from '../../../common/errors';
import type { Breather } from './breathe';

export interface CsvRow {
  /** Line of the file on which the row begins, from 1. */
  line: number;
  fields: string[];
}

export interface CsvTable {
  columns: string[];
  /** Rows with as many fields as there are columns; they can be gone through once. */
  rows: AsyncIterable<{ line: number; values: Map<string, string> }>;
}

const mostColumns = 1_000;

/** Splits text into rows; a line break inside quotes belongs to its field. Empty lines are left out. */
export function* csvRows(text: string, delimiter: string): Generator<CsvRow> {
  let line = 1;
  let position = 0;
  while (position < text.length) {
    const row: CsvRow = { line, fields: [] };
    for (;;) {
      let field: string;
      if (text[position] === '"') {
        const quoted = readQuoted(text, position, line);
        field = quoted.field;
        position = quoted.end;
        line += quoted.breaks;
      } else {
        const start = position;
        while (position < text.length && text[position] !== delimiter && !isBreak(text, position)) {
          if (text[position] === '"')
            throw broken(line, 'a quotation mark stands inside a field that does not begin with one');
          position += 1;
        }
        field = text.slice(start, position);
      }
      row.fields.push(field);
      if (text[position] !== delimiter) break;
      position += 1;
    }
    if (position < text.length && !isBreak(text, position))
      throw broken(line, 'something follows a closing quotation mark');
    position += text.startsWith('\r\n', position) ? 2 : 1;
    line += 1;
    if (row.fields.length > 1 || row.fields[0] !== '') yield row;
  }
}

function isBreak(text: string, position: number): boolean {
  return text[position] === '\n' || text[position] === '\r';
}

function readQuoted(
  text: string,
  start: number,
  line: number,
): { field: string; end: number; breaks: number } {
  let field = '';
  for (let position = start + 1; ;) {
    const quote = text.indexOf('"', position);
    if (quote < 0) throw broken(line, 'a quotation mark is never closed');
    field += text.slice(position, quote);
    if (text[quote + 1] !== '"') {
      return { field, end: quote + 1, breaks: field.split(/\r\n|\n|\r/).length - 1 };
    }
    field += '"';
    position = quote + 2;
  }
}

/** The delimiter of a table, by its first line: the one that gives a column of the wanted names. */
export function detectDelimiter(firstLine: string, wanted: readonly string[]): string | null {
  for (const delimiter of [',', ';', '\t']) {
    const columns = headerColumns(firstLine, delimiter);
    if (wanted.some((name) => columns.includes(name))) return delimiter;
  }
  return null;
}

/** Names of the columns as the first line has them, in lower case. */
export function headerColumns(firstLine: string, delimiter: string): string[] {
  return columnNames(firstLine.split(delimiter).map((name) => name.replace(/^"|"$/g, '')));
}

function columnNames(fields: readonly string[]): string[] {
  return fields.map((name) => name.trim().toLowerCase());
}

/**
 * A table by the names of its columns; throws `unreadable` where the file is not one. `uneven` is told of the rows that
 * have more or fewer fields than columns.
 */
export function readTable(
  text: string,
  name: string,
  wanted: readonly string[],
  { breather, uneven }: { breather: Breather; uneven(line: number, fields: number): void },
): CsvTable {
  const firstLine = text.slice(0, text.search(/[\r\n]|$/));
  const delimiter = detectDelimiter(firstLine, wanted);
  if (delimiter === null) {
    throw new WorkbenchError(
      'unreadable',
      `The first line of ${name} names no column ${wanted.map((column) => `"${column}"`).join(' or ')}: ${firstLine.slice(0, 200)}`,
      'The first line must name the columns, separated by commas, semicolons or tabs.',
    );
  }
  const parsed = csvRows(text, delimiter);
  const header = parsed.next();
  const columns = header.done ? [] : columnNames(header.value.fields);
  checkColumns(columns, name);
  async function* rows(): AsyncGenerator<{ line: number; values: Map<string, string> }> {
    for (const { line, fields } of parsed) {
      await breather.breathe();
      if (fields.length === columns.length) {
        yield { line, values: new Map(columns.map((column, index) => [column, fields[index] ?? ''])) };
      } else uneven(line, fields.length);
    }
  }
  return { columns, rows: rows() };
}

function checkColumns(columns: readonly string[], name: string): void {
  if (columns.length > mostColumns) {
    throw new WorkbenchError(
      'too-large',
      `${name} has ${columns.length} columns; at most ${mostColumns} are read.`,
      'Remove the columns that are not needed.',
    );
  }
  const twice = columns.find((column, index) => column !== '' && columns.indexOf(column) !== index);
  if (twice === undefined) return;
  throw new WorkbenchError(
    'unreadable',
    `${name} has two columns "${twice}".`,
    'Rename or remove one of them.',
  );
}

/** A row as RFC 4180 writes it: in quotation marks where the field needs them. */
export function csvLine(fields: readonly string[]): string {
  const written = fields.map((field) =>
    /[",;\t\r\n]|^\s|\s$/.test(field) ? `"${field.replaceAll('"', '""')}"` : field,
  );
  return `${written.join(',')}\n`;
}

function broken(line: number, detail: string): WorkbenchError {
  return new WorkbenchError(
    'unreadable',
    `Line ${line} is not valid CSV: ${detail}.`,
    'A field that holds a quotation mark, a delimiter or a line break stands in quotation marks; inside, " is written "".',
  );
}
