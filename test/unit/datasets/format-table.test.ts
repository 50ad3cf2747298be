import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { datasetFormats, exportFormats, type DatasetFormat } from '../../../src/common/contract';
import { formatDescriptions, type FormatFact } from '../../../src/common/dataset-formats';

const path = resolve(import.meta.dirname, '../../../docs/formats.md');
const [begin, end] = ['from src/common/dataset-formats.ts -->\n', '<!-- end of formats -->'];

const factNames: Record<FormatFact, string> = {
  expressions: 'expressions',
  absent: 'expressions that mean nothing',
  masks: 'masks',
  exactBoxes: 'the last digits of boxes',
  unmentioned: 'objects that nothing means',
  kinds: 'kinds',
  attributes: 'attributes',
  splits: 'splits',
};

function row(format: DatasetFormat): string[] {
  const { name, looks, keeps, lacks } = formatDescriptions[format];
  const written = (exportFormats as readonly string[]).includes(format);
  const others = lacks.length === 0 ? 'nothing' : lacks.map((fact) => factNames[fact]).join(', ');
  return [
    `\`${format}\`: ${name}`,
    looks,
    written ? keeps : 'not written',
    written ? others : '',
    written ? 'identity' : '',
  ];
}

/** As prettier lays tables out. */
function table(rows: string[][]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((cells) => cells[column]!.length), 3));
  const line = (cells: string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  const [head, ...body] = rows;
  return [line(head!), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
}

it('the table of formats in the docs says what the code says', () => {
  const head = [
    'format',
    'what it looks like',
    'what others read of an export',
    'only in `workbench.jsonl` or extra fields',
    'round trip',
  ];
  const wanted = `\n${table([head, ...datasetFormats.map(row)])}\n\n`;
  const docs = readFileSync(path, 'utf8');
  const [from, to] = [docs.indexOf(begin) + begin.length, docs.indexOf(end)];
  // `UPDATE_DOCS=1` writes it anew.
  if (process.env['UPDATE_DOCS']) writeFileSync(path, docs.slice(0, from) + wanted + docs.slice(to));
  else expect(docs.slice(from, to)).toBe(wanted);
});
