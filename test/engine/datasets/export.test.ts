import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { maskForms, type ExportFormat, type MaskForm } from '../../../src/common/contract';
import { polygonsToRunLength } from '../../../src/common/geometry/polygons';
import { encodeRunLength, unpackCounts } from '../../../src/common/geometry/rle';
import { writePickle } from '../../../src/main/engine/datasets/pickle-writer';
import { readPickle } from '../../../src/main/engine/datasets/refer-pickle';
import { demoImages, fixtures, image, jsonl, openDatasets, temporaryFolder, writeFolder } from './support';

const size = { width: 40, height: 30 };

/** A mask of two parts, one with a hole. */
function maskWithHole() {
  const data = new Uint8Array(size.width * size.height);
  const fill = (left: number, top: number, right: number, bottom: number, value: number) => {
    for (let y = top; y < bottom; y += 1) data.fill(value, y * size.width + left, y * size.width + right);
  };
  fill(2, 2, 20, 20, 1);
  fill(6, 6, 12, 12, 0);
  fill(30, 5, 38, 28, 1);
  return encodeRunLength({ ...size, data });
}

const holed = maskWithHole();
const usual = { images: null, masks: 'packed' } as const;

async function source(): Promise<string> {
  return writeFolder({
    'dataset.json': {
      format: 'grounding-jsonl',
      version: 1,
      name: 'Round trip',
      description: 'Two scenes',
      licence: 'CC0',
    },
    'images/a.png': image(size.width, size.height),
    'images/deep/b.png': image(size.width, size.height),
    'images.jsonl': jsonl(
      { id: '7', file: 'images/a.png', ...size, split: 'train' },
      { id: '8', file: 'images/deep/b.png', ...size, split: 'val' },
    ),
    'referents.jsonl': jsonl(
      {
        id: '100',
        image: '7',
        category: 'dog',
        box: [2, 2, 36, 26],
        mask: holed,
        attributes: { colour: 'red' },
      },
      { id: '101', image: '7', category: 'cat', box: [0.25, 1 / 3, 10.1, 4.7] },
      { id: '102', image: '8', category: 'dog', box: [1, 2, 3, 4] },
    ),
    'expressions.jsonl': jsonl(
      { id: '1', referent: '100', text: 'the “dog” 🐕', kind: 'category', attributes: { chance: 0.5 } },
      { id: '2', referent: '101', text: 'the cat' },
      { id: '3', referent: '101', text: "the cat's other name", split: 'test' },
      { id: '4', referent: '102', text: 'le chien\u00e9' },
    ),
  });
}

const absent = { id: '5', image: '8', text: 'a unicorn', kind: 'no-referent' };

/** Expressions and referents by key, without what the format does not carry. */
async function roundTrip(format: 'grounding-jsonl' | 'refer' | 'mdetr', prepare?: (path: string) => void) {
  const { import_, service, workspace } = await openDatasets();
  const path = await source();
  prepare?.(path);
  expect((await import_({ path })).error).toBeNull();
  const target = join(temporaryFolder(), 'exported');
  const written = await service.export({
    datasetId: 1,
    path: target,
    format,
    groundTruth: 'corrected',
    ...usual,
  });
  const job = await import_({
    path: target,
    imagesPath: format === 'grounding-jsonl' ? null : path,
    name: 'Again',
  });
  expect(job.error).toBeNull();
  const { datasets } = workspace.repositories;
  const [before, after] = [1, 2].map((id) => datasets.content(id, 'original'));
  const summaries = datasets.list();
  return { before, after, written, target, summaries, problems: datasets.problems(2) };
}

const byKey = <Item extends { key: string }>(items: readonly Item[] | undefined) =>
  [...(items ?? [])].sort((a, b) => a.key.localeCompare(b.key));

describe('exporting and importing again', () => {
  it('loses nothing as grounding JSONL', async () => {
    const { before, after, summaries, target, written } = await roundTrip('grounding-jsonl', (path) =>
      writeFileSync(
        join(path, 'expressions.jsonl'),
        readFileSync(join(path, 'expressions.jsonl'), 'utf8') + jsonl(absent),
      ),
    );
    expect(after).toEqual(before);
    expect(summaries[1]?.contentHash).toBe(summaries[0]?.contentHash);
    expect(summaries[1]).toMatchObject({
      description: 'Two scenes',
      licence: 'CC0',
      repaired: 0,
      rejected: 0,
    });
    expect(after?.referents[0]?.mask).toEqual(holed);
    expect(written).toEqual({ path: target, expressions: 5, warnings: [] });
    expect(existsSync(join(target, 'images/deep/b.png'))).toBe(true);
  });

  it('loses nothing as REFER', async () => {
    const { before, after, problems, written } = await roundTrip('refer');
    expect(problems).toEqual({ repaired: [], rejected: [] });
    expect(after?.images).toEqual(before?.images);
    expect(after?.referents).toEqual(before?.referents);
    expect(byKey(after?.expressions)).toEqual(byKey(before?.expressions));
    expect(written.expressions).toBe(before?.expressions.length);
  });

  it('loses nothing as MDETR, where the supplement lies beside it', async () => {
    const { before, after, problems, target } = await roundTrip('mdetr', (path) =>
      writeFileSync(
        join(path, 'expressions.jsonl'),
        readFileSync(join(path, 'expressions.jsonl'), 'utf8') + jsonl(absent),
      ),
    );
    expect(readdirSync(target).sort()).toEqual([
      'finetune_roundtrip_test.json',
      'finetune_roundtrip_train.json',
      'finetune_roundtrip_val.json',
      'workbench.jsonl',
    ]);
    expect(problems).toEqual({ repaired: [], rejected: [] });
    expect(byKey(after?.expressions)).toEqual(byKey(before?.expressions));
    expect(byKey(after?.referents)).toEqual(byKey(before?.referents));
  });

  it('writes expressions that mean nothing, and numbers keys that are words', async () => {
    const { import_, service } = await openDatasets();
    const path = await writeFolder({
      'dataset.json': { format: 'grounding-jsonl', version: 1, name: 'Words' },
      'a.png': image(40, 30),
      'images.jsonl': jsonl({ id: 'scene a', file: 'a.png', split: '' }),
      'referents.jsonl': jsonl({ id: 'x', image: 'scene a', box: [1, 2, 3, 4] }),
      'expressions.jsonl': jsonl(
        { id: 'e', referent: 'x', text: 'it' },
        { id: 'n', image: 'scene a', text: 'none' },
      ),
    });
    await import_({ path });
    const counts: Record<string, number> = {};
    for (const format of ['grounding-jsonl', 'refer', 'mdetr'] as const) {
      const target = join(temporaryFolder(), format);
      counts[format] = (
        await service.export({ datasetId: 1, path: target, format, groundTruth: 'original', ...usual })
      ).expressions;
      if (format === 'refer') {
        const instances = JSON.parse(readFileSync(join(target, 'instances.json'), 'utf8')) as {
          annotations: { id: number; image_id: number }[];
        };
        expect(instances.annotations).toMatchObject([{ id: 1, image_id: 1 }]);
      }
    }
    expect(counts).toEqual({ 'grounding-jsonl': 2, refer: 2, mdetr: 2 });
  });
});

describe('exporting', () => {
  it('writes ground truth and texts as corrected or as imported', async () => {
    const { import_, service, workspace } = await openDatasets();
    await import_({ path: await source() });
    workspace.database.exec(`
      INSERT INTO ground_truth (referent_id, revision, box_x, box_y, box_width, box_height, source, author, saved_at)
        VALUES (1, 1, 5, 6, 7, 8, 'drawn', 'me', 'now');
      UPDATE referents SET current_revision = 1 WHERE id = 1;
      UPDATE expressions SET text = 'corrected', corrected = 1 WHERE id = 1;`);
    for (const groundTruth of ['corrected', 'original'] as const) {
      const path = join(temporaryFolder(), groundTruth);
      await service.export({ datasetId: 1, path, format: 'grounding-jsonl', groundTruth, ...usual });
      const first = (name: string) =>
        JSON.parse(readFileSync(join(path, name), 'utf8').split('\n')[0] ?? '') as object;
      const isCorrected = groundTruth === 'corrected';
      expect(first('referents.jsonl')).toMatchObject({ box: isCorrected ? [5, 6, 7, 8] : [2, 2, 36, 26] });
      expect('mask' in first('referents.jsonl')).toBe(!isCorrected);
      expect(first('expressions.jsonl')).toMatchObject({ text: isCorrected ? 'corrected' : 'the “dog” 🐕' });
    }
  });

  it('overwrites nothing, and leaves nothing behind when it fails', async () => {
    const { import_, service } = await openDatasets();
    const path = await source();
    await import_({ path });
    const folder = temporaryFolder();
    const ask = (target: string) =>
      service.export({
        datasetId: 1,
        path: target,
        format: 'grounding-jsonl',
        groundTruth: 'corrected',
        ...usual,
      });
    writeFileSync(join(folder, 'file'), 'mine');
    await expect(ask(folder)).rejects.toMatchObject({ kind: 'conflict' });
    await expect(ask(join(folder, 'file'))).rejects.toMatchObject({ kind: 'conflict' });
    expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('mine');
    mkdirSync(join(folder, 'empty'));
    await ask(join(folder, 'empty'));
    await ask(join(folder, 'new/deep'));
    expect(statSync(join(folder, 'new/deep')).mode & 0o777).toBe(statSync(join(folder, 'new')).mode & 0o777);
    unlinkSync(join(path, 'images/a.png'));
    await expect(ask(join(folder, 'failed'))).rejects.toMatchObject({ kind: 'not-found' });
    expect(readdirSync(folder).sort()).toEqual(['empty', 'file', 'new']);
  });

  it('writes masks in the form that is asked for, and the images beside them or only their names', async () => {
    const { import_, service } = await openDatasets();
    await import_({ path: await source() });
    const folder = temporaryFolder();
    for (const format of ['coco', 'mdetr', 'refer'] as const) {
      for (const masks of maskForms) {
        for (const images of [true, false]) {
          const path = join(folder, `${format}-${masks}-${images}`);
          await service.export({ datasetId: 1, path, format, groundTruth: 'corrected', images, masks });
          const file = format === 'mdetr' ? 'finetune_roundtrip_train.json' : 'instances.json';
          const { annotations } = JSON.parse(readFileSync(join(path, file), 'utf8')) as {
            annotations: { segmentation: unknown }[];
          };
          const { segmentation } = annotations[0] ?? {};
          if (masks === 'polygons') {
            // The outline runs to the hole and back, which covers no pixel.
            expect(polygonsToRunLength(segmentation as number[][], holed.size)).toEqual(holed);
          } else if (masks === 'runs') {
            expect(segmentation).toEqual({ size: holed.size, counts: unpackCounts(holed) });
          } else expect(segmentation).toEqual(holed);
          expect(existsSync(join(path, 'images/images/a.png'))).toBe(images);
        }
      }
    }
  });

  it('refuses a form that the format does not have, and writes nothing', async () => {
    const { import_, service } = await openDatasets();
    await import_({ path: await source() });
    const folder = temporaryFolder();
    const ask = (format: ExportFormat, images: boolean | null, masks: MaskForm) =>
      service.export({
        datasetId: 1,
        path: join(folder, 'x'),
        format,
        groundTruth: 'corrected',
        images,
        masks,
      });
    const refused = { kind: 'invalid', hint: expect.stringMatching(/./) as string };
    await expect(ask('yolo', false, 'packed')).rejects.toMatchObject(refused);
    await expect(ask('labelme', null, 'runs')).rejects.toMatchObject(refused);
    await expect(ask('grounding-jsonl', null, 'polygons')).rejects.toMatchObject(refused);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('writes a pickle that Python reads', async () => {
    const python = ['python3', 'python'].find((name) => spawnSync(name, ['--version']).status === 0);
    const { import_, service } = await openDatasets();
    await import_({ path: join(fixtures, 'refer-protocol-2'), imagesPath: demoImages });
    const path = join(temporaryFolder(), 'refer');
    await service.export({ datasetId: 1, path, format: 'refer', groundTruth: 'corrected', ...usual });
    const script = 'import json, pickle, sys; json.dump(pickle.load(open(sys.argv[1], "rb")), sys.stdout)';
    const plain = (value: unknown): unknown =>
      value instanceof Map
        ? Object.fromEntries([...value].map(([key, item]) => [key, plain(item)]))
        : Array.isArray(value)
          ? value.map(plain)
          : value;
    const file = join(path, 'refs(workbench).p');
    const ours = plain(await readPickle(readFileSync(file))) as { sentences: unknown[]; ann_id: number }[];
    expect(ours).toHaveLength(30);
    expect(ours[0]?.ann_id).toBe(5001);
    // Without Python this shows only that our own reader and writer agree.
    if (python) {
      expect(JSON.parse(execFileSync(python, ['-c', script, file], { encoding: 'utf8' }))).toEqual(ours);
    }
  });
});

describe('writePickle', () => {
  it('writes every kind of value', async () => {
    const value = { a: [1, -1, 2 ** 31, -(2 ** 40), 1.5, -0, true, false, null, '', 'é😀'], b: {}, c: [] };
    expect(await readPickle(writePickle(value))).toEqual(
      new Map<string, unknown>([
        ['a', value.a],
        ['b', new Map()],
        ['c', []],
      ]),
    );
  });
});
