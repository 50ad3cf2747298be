/** CSV that is not, and texts that a spreadsheet program would run. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDatasets, temporaryFolder, writeFolder } from '../support';
import { picture, refused, taken } from './support';

const head = 'image,expression,x,y,width,height\n';
const csv = (rows: string | Uint8Array) => ({ 'x.csv': rows, 'a.png': picture });

describe('CSV', () => {
  it.each([
    [
      'a quotation mark that is never closed',
      `${head}a.png,"the dog,1,2,3,4\na.png,the cat,1,2,3,4\n`,
      /Line 2 .*never closed/,
    ],
    ['ten million characters in it', `${head}a.png,"${'x\n'.repeat(5_000_000)}`, /Line 2 .*never closed/],
    ['a quotation mark inside a field', `${head}a.png,the "dog",1,2,3,4\n`, /Line 2 .*inside a field/],
    ['text behind a quotation', `${head}a.png,"the dog" there,1,2,3,4\n`, /Line 2 .*follows a closing/],
    ['a column twice', `image,expression,x,y,width,height,x\n`, /two columns "x"/],
    ['letters of another encoding', Buffer.from(`${head}a.png,caf\xe9,1,2,3,4\n`, 'latin1'), /not UTF-8/],
  ] as const)('is refused with %s', async (_name, rows, message) => {
    await refused(csv(rows), 'folder-csv', { kind: 'unreadable', message });
  });

  it('is refused with a million columns', async () => {
    const columns = Array.from({ length: 1_000_000 }, (_, index) => index).join(',');
    const rows = `${head.trim()},"${'long '.repeat(10)}",${columns}\n`;
    const path = await writeFolder(csv(rows));
    const { preview } = await openDatasets();
    // The first line is longer than what is looked at to find the format; its own columns are there already.
    await expect(preview({ path, format: 'folder-csv' })).rejects.toMatchObject({ kind: 'too-large' });
  });

  it('says what is wrong with each row and goes on', async () => {
    const { found, rejected } = await taken(
      csv(
        `${head}a.png,fine,1,2,3,4\na.png,short,1\na.png,letters,a,2,3,4\na.png,endless,1e999,2,3,4\na.png,out,90,90,3,4\n../../etc/passwd,away,1,2,3,4\n/etc/passwd,absolute,1,2,3,4\n`,
      ),
      'folder-csv',
    );
    expect(found.expressions).toBe(1);
    expect(rejected.filter((line) => !/^(referent|image)-rejected/.test(line))).toEqual([
      'row-fields: x.csv:3',
      'not-well-formed: x.csv:4',
      'not-well-formed: x.csv:5',
      'image-outside: x.csv:7',
      'image-outside: x.csv:8',
      'box-outside: x.csv:6',
    ]);
  });

  it('keeps formulas as the texts they are', async () => {
    const formulas = ['=HYPERLINK("http://127.0.0.1","x")', '+1+1', '-2+3', '@SUM(A1)', '=cmd|" /C calc"!A0'];
    const rows = formulas.map((text) => `a.png,"${text.replaceAll('"', '""')}",1,2,3,4\n`).join('');
    const path = await writeFolder(csv(head + rows));
    const { import_, service, workspace } = await openDatasets();
    expect((await import_({ path, format: 'folder-csv' })).error).toBeNull();
    const texts = workspace.repositories.datasets.content(1, 'corrected').expressions.map(({ text }) => text);
    expect(texts).toEqual(formulas);
    const out = join(temporaryFolder(), 'again');
    const usual = { groundTruth: 'corrected', images: null, masks: 'packed' } as const;
    await service.export({ datasetId: 1, path: out, format: 'folder-csv', ...usual });
    // A quotation mark has no power over a spreadsheet program; the text must come back as it was.
    expect(readFileSync(join(out, 'expressions.csv'), 'utf8')).toContain(
      '"=HYPERLINK(""http://127.0.0.1"",""x"")"',
    );
  });
});
