/**
 * Comma-separated values as RFC 4180 has them (CRLF, quotes doubled). Spreadsheets run cells that look like formulas, so
 * text that begins like one gets a quote in front; numbers stay numbers.
 */

export type CsvCell = string | number | boolean | null;

/** Text that a spreadsheet could take for a formula gets a quote in front (CWE-1236). */
function safeText(text: string): string {
  return /^[=+\-@\t\r\0]/.test(text) ? `'${text}` : text;
}

export function csvCell(value: CsvCell): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const text = safeText(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function csvLine(cells: readonly CsvCell[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}
