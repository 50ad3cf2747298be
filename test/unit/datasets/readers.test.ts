import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Breather } from '../../../src/main/engine/datasets/breathe';
import { csvRows, readTable } from '../../../src/main/engine/datasets/csv';
import { innerPath } from '../../../src/main/engine/datasets/files';
import { numberKeys } from '../../../src/main/engine/datasets/formats/coco-ids';
import { splitOfName } from '../../../src/main/engine/datasets/formats/mdetr';
import { imageFileOf } from '../../../src/main/engine/datasets/formats/refer';
import { boxOfRow } from '../../../src/main/engine/datasets/formats/table';

const ignored = { breather: new Breather(), uneven: () => undefined };

describe('csvRows', () => {
  it('gives back any fields that were written as RFC 4180 says', () => {
    const field = fc.string({ unit: fc.constantFrom('a', ' ', '"', ',', ';', '\n', '\r', '\r\n', 'é', '=') });
    const table = fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(
        table,
        fc.constantFrom(',', ';', '\t'),
        fc.constantFrom('\n', '\r\n', '\r'),
        (rows, delimiter, end) => {
          const text = rows
            .map((fields) => fields.map((value) => `"${value.replaceAll('"', '""')}"`).join(delimiter))
            .join(end);
          expect([...csvRows(text, delimiter)].map(({ fields }) => fields)).toEqual(rows);
          expect([...csvRows(text + end, delimiter)]).toHaveLength(rows.length);
        },
      ),
    );
  });

  it('knows the line of each row, and leaves empty lines out', () => {
    expect([...csvRows('a,b\n\n"x\ny",2\nlast,', ',')]).toEqual([
      { line: 1, fields: ['a', 'b'] },
      { line: 3, fields: ['x\ny', '2'] },
      { line: 5, fields: ['last', ''] },
    ]);
  });
});

describe('readTable', () => {
  it('finds the delimiter by the wanted column, in any case, and tells of uneven rows', async () => {
    for (const delimiter of [',', ';', '\t']) {
      const uneven: number[][] = [];
      const text = [['Image', ' Expression '], ['a', 'b'], ['c']]
        .map((row) => row.join(delimiter))
        .join('\n');
      const table = readTable(text, 'x.csv', ['expression'], {
        ...ignored,
        uneven: (...row) => uneven.push(row),
      });
      for await (const { values } of table.rows) expect(values.get('expression')).toBe('b');
      expect(uneven).toEqual([[3, 1]]);
    }
  });

  it('names the missing column', () => {
    expect(() => readTable('picture|words\n', 'x.csv', ['expression'], ignored)).toThrow(
      /no column "expression".*picture\|words/,
    );
    expect(() => readTable('', 'x.csv', ['expression'], ignored)).toThrow(/no column/);
  });
});

describe('paths', () => {
  it('stay inside their folder', () => {
    expect(innerPath('images\\a.png')).toBe('images/a.png');
    expect(innerPath('./a.png')).toBe('a.png');
    expect(innerPath('a..b/..c.png')).toBe('a..b/..c.png');
    for (const path of [
      '',
      '/etc/passwd',
      '../a',
      'a/../../b',
      'a\\..\\..\\b',
      'C:\\a',
      'c:a',
      'a\0.png',
      '//host/a',
    ]) {
      expect(innerPath(path), path).toBeNull();
    }
  });
});

describe('names and numbers of other formats', () => {
  it('finds the image file behind a REFER file name', () => {
    expect(imageFileOf('COCO_train2014_000000380440_491042.jpg', '5')).toBe(
      'COCO_train2014_000000380440.jpg',
    );
    expect(imageFileOf('COCO_train2014_000000380440.jpg', '5')).toBe('COCO_train2014_000000380440.jpg');
    expect(imageFileOf('scene_12_5.png', '5')).toBe('scene_12.png');
    expect(imageFileOf('scene_12.png', '5')).toBe('scene_12.png');
  });

  it('finds the split in an MDETR file name', () => {
    expect(splitOfName('finetune_refcocog_val.json')).toBe('val');
    expect(splitOfName('finetune_refcoco_testA.json')).toBe('testA');
    expect(splitOfName('my_validation.json')).toBe('validation');
    expect(splitOfName('positive_expressions.json')).toBe('');
  });

  it('keeps ids that are whole numbers and numbers others anew', () => {
    expect([...numberKeys(['7', '0', '12'])]).toEqual([
      ['7', 7],
      ['0', 0],
      ['12', 12],
    ]);
    expect([...numberKeys(['7', '007'])]).toEqual([
      ['7', 1],
      ['007', 2],
    ]);
    expect(numberKeys(['a', 'a']).size).toBe(1);
  });

  it('reads boxes as tables write them', () => {
    const box = (fields: Record<string, string>) => boxOfRow(new Map(Object.entries(fields)));
    const wanted = { x: 1, y: 2.5, width: 3, height: 4 };
    for (const bbox of ['1 2.5 3 4', '[1, 2.5, 3, 4]', '(1,2.5,3,4)', ' 1;2.5;3;4 '])
      expect(box({ bbox })).toEqual(wanted);
    expect(box({ x: '1', y: '2.5', width: '3', height: '4' })).toEqual(wanted);
    expect(box({ x0: '1', y0: '2.5', x1: '4', y1: '6.5' })).toEqual(wanted);
    expect(box({ bbox: '' })).toBeNull();
    expect(box({ x: '', y: ' ', width: '', height: '' })).toBeNull();
    for (const bbox of ['1 2 3', '1 2 3 4 5', 'a b c d', '1 2 3 NaN', '1 2 3 Infinity'])
      expect(box({ bbox })).toBeUndefined();
    expect(box({ x: '1', y: '2', width: '3', height: '' })).toBeUndefined();
  });
});
