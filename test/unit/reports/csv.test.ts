import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { csvCell, csvLine } from '../../../src/common/csv';
import { correctionsCsv } from '../../../src/main/engine/reports/corrections';
import { runsCsv, tableColumns } from '../../../src/main/engine/reports/tables';
import { sampleReport } from './sample';

/** A strict RFC 4180 reader, so that what is written can be read back by others. */
function parse(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let position = 0;
  while (position < text.length) {
    let cell = '';
    if (text[position] === '"') {
      for (position += 1; ; position += 1) {
        if (position >= text.length) throw new Error('a quote is not closed');
        if (text[position] !== '"') cell += text[position];
        else if (text[position + 1] === '"') {
          cell += '"';
          position += 1;
        } else break;
      }
      position += 1;
    } else {
      while (position < text.length && !/[,\r\n]/.test(text[position] ?? '')) {
        if (text[position] === '"') throw new Error('a quote inside a bare cell');
        cell += text[position];
        position += 1;
      }
    }
    row.push(cell);
    if (text[position] === ',') position += 1;
    else if (text.startsWith('\r\n', position)) {
      rows.push(row);
      row = [];
      position += 2;
    } else throw new Error(`neither comma nor line end at ${position}`);
  }
  return rows;
}

describe('text is never a formula', () => {
  it.each([
    ['=HYPERLINK("http://x","y")', '"\'=HYPERLINK(""http://x"",""y"")"'],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\tleading tab', "'\tleading tab"],
    ['\rleading return', '"\'\rleading return"'],
    ['\0leading nul', "'\0leading nul"],
    ['the cat', 'the cat'],
    ['a, b', '"a, b"'],
    ['say "no"', '"say ""no"""'],
    ['two\nlines', '"two\nlines"'],
  ])('%j', (text, cell) => {
    expect(csvCell(text)).toBe(cell);
  });

  it('whatever the text is', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 5 }), (texts) => {
        const [row = []] = parse(csvLine(texts));
        expect(row.filter((cell) => /^[=+\-@\t\r\0]/.test(cell))).toEqual([]);
        expect(row.map((cell, index) => (cell === texts[index] ? cell : cell.slice(1)))).toEqual(texts);
      }),
      { numRuns: 50 },
    );
  }, 30_000);
});

it('numbers stay numbers, negative ones too', () => {
  expect([-1, 0, 0.1 + 0.2, 1e-9, 1e21].map(csvCell)).toEqual([
    '-1',
    '0',
    '0.30000000000000004',
    '1e-9',
    '1e+21',
  ]);
  expect([true, false, null].map(csvCell)).toEqual(['true', 'false', '']);
  fc.assert(
    fc.property(fc.double({ noNaN: true }), (value) => {
      expect(Number(csvCell(value))).toBe(Number(String(value)));
    }),
  );
});

it('lists corrections so that they can be read back, formulas in their texts too', () => {
  const texts = (where: string) => `=${where}, "so"\n`;
  const { correctionsMade } = sampleReport(texts);
  const [header, ...rows] = parse([...correctionsCsv(correctionsMade)].join(''));
  expect(rows).toHaveLength(correctionsMade.length);
  for (const [index, row] of rows.entries()) {
    const cells = Object.fromEntries(row.map((cell, column) => [header?.[column], cell]));
    const made = correctionsMade[index];
    expect(cells).toMatchObject({ kind: made?.kind, text: `'${made?.text}`, author: `'${made?.author}` });
    expect(JSON.parse(cells['expressions'] ?? '')).toEqual(made?.expressions);
    expect(cells['iou']).toBe(made?.iou === null ? '' : String(made?.iou));
  }
});

it('lists runs with what was noted, formulas in their texts too', () => {
  const { evaluation, notes } = sampleReport((where) => `=${where}, "so"\n`);
  const [header = [], ...rows] = parse([...runsCsv(evaluation, notes)].join(''));
  expect(header).toEqual(tableColumns.runs);
  for (const [index, run] of evaluation.runs.entries()) {
    const cells = Object.fromEntries(header.map((name, column) => [name, rows[index]?.[column]]));
    expect(cells).toMatchObject({
      run: String(run.runId),
      pack_name: `'${run.packName}`,
      dataset: `'${evaluation.dataset.name}`,
      note: `'${notes[index]?.note}`,
    });
  }
});

/** The columns that docs/evaluation.md lists for a table, in its order. */
function documented(table: string): string[] {
  const [, after = ''] = readFileSync('docs/evaluation.md', 'utf8').split(`\n\`${table}.csv\`, one row`);
  const [, rows = ''] = /\n\n\|[^\n]+\n\| -[^\n]+\n([\s\S]*?)\n\n/.exec(after) ?? [];
  return rows.split('\n').flatMap((row) => {
    const [, first = ''] = row.split('|');
    return [...first.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
  });
}

it('names each column once, as the documentation does', () => {
  for (const [table, names] of Object.entries(tableColumns)) {
    expect(new Set(names).size).toBe(names.length);
    expect(documented(table)).toEqual(names);
  }
  const [ofCorrections = []] = parse([...correctionsCsv([])].join(''));
  const description = readFileSync('docs/evaluation.md', 'utf8');
  for (const name of ofCorrections) expect(description).toContain(`\`${name}\``);
});
