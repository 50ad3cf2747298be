/** The table in docs/formats.md of what each format gives back by itself, measured on one dataset that has everything. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { exportFormats, unwatched, type ExportFormat } from '../../../src/common/contract';
import { encodeRunLength } from '../../../src/common/geometry/rle';
import { exportDataset } from '../../../src/main/engine/datasets/export';
import type { DatasetContent } from '../../../src/main/engine/datasets/model';
import { prepareDataset } from '../../../src/main/engine/datasets/prepare';
import { supplementName } from '../../../src/main/engine/datasets/supplement';
import { image, repository, temporaryFolder, writeFolder } from './support';

const [width, height] = [40, 30];
const docs = join(repository, 'docs/formats.md');
const [begin, end] = [
  'made by test/engine/datasets/round-trip-table.test.ts -->\n',
  '<!-- end of round trips -->',
];

function mask(...blocks: [left: number, top: number, right: number, bottom: number, value: 0 | 1][]) {
  const data = new Uint8Array(width * height);
  for (const [left, top, right, bottom, value] of blocks) {
    for (let y = top; y < bottom; y += 1) data.fill(value, y * width + left, y * width + right);
  }
  return encodeRunLength({ width, height, data });
}

const object = { imageKey: '7', category: 'dog', mask: null, attributes: {} };
const said = { imageKey: '7', kind: '', split: 'val', category: 'dog', attributes: {} };
const content: DatasetContent = {
  images: [
    { key: '7', file: 'a.png', width, height, split: 'val' },
    { key: '9', file: 'b.png', width, height, split: 'train' },
  ],
  referents: [
    { ...object, key: '1', box: { x: 4, y: 2, width: 16, height: 8 }, mask: mask([4, 2, 20, 10, 1]) },
    { ...object, key: '2', box: { x: 1 / 3, y: 0.1, width: 10.7, height: 1 / 7 } },
    { ...object, key: '3', box: { x: 39, y: 29, width: 1, height: 1 } },
    {
      ...object,
      key: '4',
      box: { x: 2, y: 2, width: 36, height: 26 },
      attributes: { colour: 'red' },
      mask: mask([2, 2, 20, 20, 1], [6, 6, 12, 12, 0], [30, 5, 38, 28, 1]),
    },
    { ...object, key: '5', box: { x: 8, y: 9, width: 8, height: 8 } },
  ],
  expressions: [
    { ...said, key: '1', referentKey: '1', text: 'plain' },
    { ...said, key: '2', referentKey: '2', text: 'fraction' },
    { ...said, key: '3', referentKey: '3', text: 'pixel' },
    { ...said, key: '4', referentKey: '4', text: 'holes' },
    { ...said, key: '5', referentKey: '1', text: 'the “dog” 🐕 图' },
    { ...said, key: '6', referentKey: null, text: 'absent', category: '' },
    {
      ...said,
      key: '7',
      referentKey: null,
      imageKey: '9',
      split: 'train',
      text: 'elsewhere',
      kind: 'size',
      category: '',
    },
  ],
};

type Check = (found: DatasetContent) => boolean;
const expressionOf = (all: DatasetContent, text: string) => all.expressions.find((one) => one.text === text);
const objectOf = (all: DatasetContent, text: string) => {
  const key = expressionOf(all, text)?.referentKey;
  return all.referents.find((one) => one.key === key);
};
const same = (text: string, field: 'box' | 'mask'): Check => {
  const wanted = JSON.stringify(objectOf(content, text)?.[field]);
  return (found) => JSON.stringify(objectOf(found, text)?.[field]) === wanted;
};

const properties: Record<string, Check> = {
  'box exact': same('plain', 'box'),
  'fractional box': same('fraction', 'box'),
  '1-pixel box': same('pixel', 'box'),
  'mask, IoU 1': same('plain', 'mask'),
  'holes, parts': same('holes', 'mask'),
  Unicode: (found) => expressionOf(found, 'the “dog” 🐕 图') !== undefined,
  'no referent': (found) => expressionOf(found, 'absent')?.referentKey === null,
  'several expressions': (found) => {
    const one = objectOf(found, 'plain');
    return one !== undefined && one === objectOf(found, 'the “dog” 🐕 图');
  },
  splits: (found) =>
    ['plain', 'fraction'].every((text) => expressionOf(found, text)?.split === 'val') &&
    found.images.some(({ split }) => split === 'val'),
  'image ids': (found) => found.images.some(({ key, file }) => key === '7' && file.endsWith('a.png')),
  kinds: (found) => expressionOf(found, 'elsewhere')?.kind === 'size',
  attributes: (found) => found.referents.some(({ attributes }) => attributes['colour'] === 'red'),
  'unmeant object': (found) => found.referents.some(({ box }) => box !== null && Math.abs(box.y - 9) < 0.01),
};

let root: string;
beforeAll(async () => {
  root = await writeFolder({ 'a.png': image(width, height), 'b.png': image(width, height) });
});

async function comesBack(format: ExportFormat, keepsSupplement: boolean): Promise<DatasetContent> {
  const path = join(temporaryFolder(), 'export');
  const dataset = { name: 'x', description: '', licence: '', root };
  await exportDataset({ dataset, content, path, format, images: true });
  if (!keepsSupplement) rmSync(join(path, supplementName), { force: true });
  return prepareDataset(
    { path, format, imagesPath: null, name: null },
    {
      control: unwatched,
      extract: () => Promise.resolve(temporaryFolder()),
    },
  );
}

/** As prettier lays tables out. */
function table(rows: string[][]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((cells) => cells[column]!.length), 3));
  const line = (cells: string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  const [head, ...body] = rows;
  return [line(head!), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
}

it('the docs say what each format gives back by itself', async () => {
  const rows = await Promise.all(
    exportFormats.map(async (format) => {
      const [alone, whole] = [await comesBack(format, false), await comesBack(format, true)];
      return [
        `\`${format}\``,
        ...Object.entries(properties).map(([name, holds]) => {
          expect(holds(whole), `${format} with its supplement: ${name}`).toBe(true);
          return holds(alone) ? 'yes' : 'suppl.';
        }),
      ];
    }),
  );
  const wanted = `\n${table([['format', ...Object.keys(properties)], ...rows])}\n\n`;
  const text = readFileSync(docs, 'utf8');
  const [from, to] = [text.indexOf(begin) + begin.length, text.indexOf(end)];
  // `UPDATE_DOCS=1` writes it anew.
  if (process.env['UPDATE_DOCS']) writeFileSync(docs, text.slice(0, from) + wanted + text.slice(to));
  else expect(text.slice(from, to)).toBe(wanted);
});
