/**
 * What the libraries that others use see in our exports: pycocotools in COCO, pyarrow and Hugging Face's datasets in
 * Parquet. Their answers are committed (readers.json); where they are installed they are asked again.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { maskForms } from '../../../src/common/contract';
import {
  decodeRunLength,
  encodeRunLength,
  runLengthArea,
  runLengthBox,
} from '../../../src/common/geometry/rle';
import type { RunLengthMask } from '../../../src/common/geometry/types';
import { exportDataset } from '../../../src/main/engine/datasets/export';
import type { DatasetContent } from '../../../src/main/engine/datasets/model';
import { fixtures, repository, temporaryFolder, writeFolder } from './support';

interface Seen {
  bbox: number[] | null;
  area: number;
  pixels: string | null;
  path: string;
  size: number[];
  picture: string;
  expression: string;
  split: string;
}

const [width, height] = [40, 30];
const goldenPath = join(fixtures, 'readers.json');
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Blocks, some of them holes: masks of several parts, of one pixel, of nearly the whole image. */
function masks(): RunLengthMask[] {
  let state = 11;
  const random = (below: number) => (state = (state * 48_271) % 2_147_483_647) % below;
  return Array.from({ length: 12 }, (_, index) => {
    const data = new Uint8Array(width * height);
    for (let block = 0; block < index; block += 1) {
      const [left, top, right, bottom] = [random(width), random(height), 1 + random(25), 1 + random(20)];
      for (let y = top; y < Math.min(height, top + bottom); y += 1) {
        data.fill(block % 3 === 2 ? 0 : 1, y * width + left, y * width + Math.min(width, left + right));
      }
    }
    data[random(data.length)] = 1;
    return encodeRunLength({ width, height, data });
  });
}

/** Colours by place, so that a picture shown upside down or in another order is another one. */
const pixels = Uint8Array.from({ length: width * height * 3 }, (_, index) => (index * 7) % 251);
const content: DatasetContent = {
  images: [{ key: '1', file: 'pictures/ünï.png', width, height, split: 'val' }],
  referents: masks().map((mask, index) => ({
    key: String(index + 1),
    imageKey: '1',
    category: index % 2 === 0 ? 'dog' : 'cat',
    // Fractions, and one box of one pixel.
    box:
      index === 0
        ? { x: 39, y: 29, width: 1, height: 1 }
        : { x: index / 3, y: 0.1, width: 10.7, height: 1 / 7 },
    mask,
    attributes: {},
  })),
  expressions: [
    ...masks().map((_, index) => ({
      key: String(index),
      imageKey: '1',
      referentKey: String(index + 1),
      text: `the “${index}” 🐕`,
      kind: '',
      split: 'val',
      category: '',
      attributes: {},
    })),
    {
      key: '99',
      imageKey: '1',
      referentKey: null,
      text: 'nothing',
      kind: '',
      split: 'val',
      category: '',
      attributes: {},
    },
  ],
};

let folder: string;

beforeAll(async () => {
  const picture = sharp(pixels, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
  const root = await writeFolder({ 'pictures/ünï.png': picture });
  const dataset = { name: 'Readers', description: '', licence: '', root };
  folder = temporaryFolder();
  for (const form of maskForms) {
    await exportDataset({
      dataset,
      content,
      path: join(folder, `coco-${form}`),
      format: 'coco',
      masks: form,
    });
  }
  await exportDataset({ dataset, content, path: join(folder, 'parquet'), format: 'parquet' });
});

const golden = () => JSON.parse(readFileSync(goldenPath, 'utf8')) as Record<string, Seen[]>;

describe('our exports', () => {
  it.each(maskForms)('are the same objects to pycocotools, with masks as %s', (form) => {
    expect(golden()[form]).toEqual(
      content.referents.map(({ box, mask }) => ({
        bbox: box && [box.x, box.y, box.width, box.height],
        area: mask && runLengthArea(mask),
        pixels: mask && sha256(decodeRunLength(mask).data),
      })),
    );
    expect(content.referents.every(({ mask }) => mask && runLengthBox(mask))).toBe(true);
  });

  it('are the same rows and pictures to pyarrow and datasets', () => {
    const objects = new Map(content.referents.map((referent) => [referent.key, referent]));
    expect(golden()['parquet']).toEqual(
      content.expressions.map(({ referentKey, text }) => {
        const { box = null, mask = null } = objects.get(referentKey ?? '') ?? {};
        return {
          path: 'pictures/ünï.png',
          size: [width, height],
          picture: sha256(pixels),
          expression: text,
          bbox: box && [box.x, box.y, box.width, box.height],
          pixels: mask && sha256(decodeRunLength(mask).data),
          split: 'val',
        };
      }),
    );
  });

  it(
    'are read so by the libraries themselves, where they are installed',
    { timeout: 120_000 },
    ({ skip }) => {
      const named = process.env['READERS_PYTHON'];
      const own = join(repository, 'training/.venv/bin/python');
      const candidates = named ? [named] : [...(existsSync(own) ? [own] : []), 'python3', 'python'];
      const libraries = 'import pycocotools, numpy, pyarrow, datasets, PIL';
      const python = candidates.find((name) => spawnSync(name, ['-c', libraries]).status === 0);
      if (python === undefined) {
        const reason = `no Python with pycocotools, pyarrow and datasets (tried ${candidates.join(', ')}; READERS_PYTHON names another)`;
        console.warn(`Readers not asked again: ${reason}.`);
        return skip(reason);
      }
      const asked = spawnSync(python, [join(fixtures, 'read_exports.py'), folder], {
        encoding: 'utf8',
        env: { ...process.env, HF_HUB_OFFLINE: '1', HF_DATASETS_DISABLE_PROGRESS_BARS: '1' },
      });
      expect(asked.status, asked.stderr).toBe(0);
      // `UPDATE_READERS=1` writes down what they say now.
      if (process.env['UPDATE_READERS']) writeFileSync(goldenPath, asked.stdout);
      expect(JSON.parse(asked.stdout)).toEqual(golden());
    },
  );
});
