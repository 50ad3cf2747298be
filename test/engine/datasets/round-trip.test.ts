/**
 * Every format that is exported comes back as it was: keys, geometry to the last bit, masks pixel for pixel, texts,
 * kinds, splits, attributes and the order, whatever the dataset holds.
 */
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  exportFormats,
  maskForms,
  unwatched,
  type ExportFormat,
  type MaskForm,
} from '../../../src/common/contract';
import { runLengthIou } from '../../../src/common/geometry/rle';
import { contentHash } from '../../../src/main/engine/datasets/content-hash';
import { exportDataset } from '../../../src/main/engine/datasets/export';
import { detectFormats } from '../../../src/main/engine/datasets/formats';
import type { DatasetContent, ValidDataset } from '../../../src/main/engine/datasets/model';
import { prepareDataset } from '../../../src/main/engine/datasets/prepare';
import { contents, pictureFolder } from './random-datasets';
import { temporaryFolder } from './support';

/** Each seed makes datasets of its own; ROUND_TRIP_SEEDS=200 tries more of them. */
const seeds = Array.from({ length: Number(process.env['ROUND_TRIP_SEEDS'] ?? 5) }, (_, index) => index + 1);
const numRuns = 20;
const timeout = 24_000 * seeds.length;
let root = '';

beforeAll(async () => {
  root = await pictureFolder();
});

const dataset = { name: 'Round “trip”', description: 'Two & more', licence: 'CC0' };

async function comesBack(
  content: DatasetContent,
  format: ExportFormat,
  options: { images: boolean; masks?: MaskForm },
): Promise<ValidDataset> {
  const path = join(temporaryFolder(), 'export');
  await exportDataset({ dataset: { ...dataset, root }, content, path, format, ...options });
  expect(await detectFormats(path)).toContain(format);
  const imagesPath = options.images ? null : root;
  let extracted = '';
  const found = await prepareDataset(
    { path, format, imagesPath, name: null },
    {
      control: unwatched,
      extract: () => Promise.resolve((extracted = temporaryFolder())),
    },
  );
  if (extracted !== '') expect(format).toBe('parquet');
  return found;
}

function expectSame(found: ValidDataset, content: DatasetContent): void {
  expect({ repaired: found.repaired, rejected: found.rejected }).toEqual({ repaired: [], rejected: [] });
  const withoutFiles = (images: DatasetContent['images']) => images.map((one) => ({ ...one, file: '' }));
  expect(withoutFiles(found.images)).toEqual(withoutFiles(content.images));
  expect(found.referents).toEqual(content.referents);
  expect(found.expressions).toEqual(content.expressions);
  expect(contentHash(found)).toBe(contentHash(content));
  found.referents.forEach(({ mask }, index) => {
    const before = content.referents[index]?.mask;
    if (mask && before) expect(runLengthIou(mask, before)).toBe(1);
  });
}

describe('exporting and importing any dataset', () => {
  it.each(exportFormats)('is the identity as %s', { timeout }, async (format) => {
    const identity = fc.asyncProperty(contents, fc.boolean(), async (content, images) => {
      const copies = images || format === 'yolo';
      const found = await comesBack(content, format, { images: copies });
      expectSame(found, content);
      if (format !== 'grounding-jsonl') expect(found).toMatchObject(dataset);
    });
    for (const seed of seeds) await fc.assert(identity, { numRuns, seed });
  });

  it('keeps an image in Parquet whose expressions have no row there', async () => {
    const image = { width: 12, height: 9, split: 'train' };
    const said = { kind: '', split: 'train', attributes: {}, category: '' };
    const content: DatasetContent = {
      images: [
        { key: 'shown', file: 'a.png', ...image, width: 1, height: 1 },
        { key: 'without a box', file: 'same.png', ...image },
        { key: 'silent', file: 'same.PNG', width: 9, height: 12, split: 'val' },
      ],
      referents: [
        { key: '0', imageKey: 'without a box', category: '', box: null, mask: null, attributes: {} },
      ],
      expressions: [
        { key: 'a', imageKey: 'shown', referentKey: null, text: 'nothing', ...said },
        { key: 'b', imageKey: 'without a box', referentKey: '0', text: 'somewhere', ...said },
      ],
    };
    expectSame(await comesBack(content, 'parquet', { images: true }), content);
  });

  const masksOfCoco = (['coco', 'mdetr', 'refer'] as const).flatMap((format) =>
    maskForms.map((masks) => [format, masks] as const),
  );
  it.each(masksOfCoco)('is the identity as %s with masks as %s', { timeout }, async (format, masks) => {
    const identity = fc.asyncProperty(contents, async (content) => {
      expectSame(await comesBack(content, format, { images: false, masks }), content);
    });
    for (const seed of seeds) await fc.assert(identity, { numRuns, seed });
  });
});
