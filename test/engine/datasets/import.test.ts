import { copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  demo,
  demoImages,
  fixtures,
  image,
  jsonl,
  openDatasets,
  temporaryFolder,
  writeFolder,
} from './support';

/** What the demo's files say, counted without the reader. */
const demoLines = (name: string) =>
  readFileSync(join(demo, name), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { split?: string; kind?: string; text?: string });
const counts = {
  images: demoLines('images.jsonl').length,
  referents: demoLines('referents.jsonl').length,
  expressions: demoLines('expressions.jsonl').length,
};

const head = { format: 'grounding-jsonl', version: 1, name: 'Small' };

/** One picture of 40 by 30 with one object and one expression. */
async function smallDataset(changed: Record<string, unknown> = {}): Promise<string> {
  return writeFolder({
    'dataset.json': head,
    'images/a.png': image(40, 30),
    'images.jsonl': jsonl({ id: 'a', file: 'images/a.png', width: 40, height: 30, split: 'val' }),
    'referents.jsonl': jsonl({ id: 'a-0', image: 'a', category: 'dog', box: [1, 2, 3, 4] }),
    'expressions.jsonl': jsonl({ id: 'a-0-0', referent: 'a-0', text: 'the dog', kind: 'category' }),
    ...changed,
  });
}

describe('importing grounding JSONL', () => {
  it('imports the demo dataset whole', async () => {
    const { import_, service, events } = await openDatasets();
    const job = await import_({ path: demo });
    expect(job).toMatchObject({
      state: 'done',
      done: counts.images,
      total: counts.images,
      result: { datasetId: 1 },
    });
    const [dataset] = await service.list({});
    expect(dataset).toMatchObject({
      name: 'EmojiRef',
      format: 'grounding-jsonl',
      ...counts,
      repaired: 0,
      rejected: 0,
      kinds: [...new Set(demoLines('expressions.jsonl').map(({ kind }) => kind))].sort(),
    });
    for (const { split, images } of dataset?.splits ?? []) {
      expect(images).toBe(demoLines('images.jsonl').filter((line) => line.split === split).length);
    }
    expect(events).toEqual(['datasets']);
  });

  it('previews without storing anything, with the numbers that the import gives', async () => {
    const { preview, service } = await openDatasets();
    const seen = await preview({ path: demo });
    expect(seen).toMatchObject({ name: 'EmojiRef', ...counts, repairedCount: 0, rejectedCount: 0 });
    expect(seen.sample[0]).toEqual({
      text: 'the fish',
      image: 'images/validation-000000.webp',
      kind: 'category',
    });
    expect(await service.list({})).toEqual([]);
  });

  it('notices that a dataset is there already, unless it gets another name', async () => {
    const { import_, service } = await openDatasets();
    const path = await smallDataset();
    expect((await import_({ path })).state).toBe('done');
    const again = await import_({ path });
    expect(again).toMatchObject({ state: 'failed', error: { kind: 'conflict' } });
    expect(again.error?.hint).toContain('another name');
    const other = await smallDataset({
      'expressions.jsonl': jsonl({ id: '1', referent: 'a-0', text: 'a dog' }),
    });
    expect((await import_({ path: other })).error?.message).toContain('another dataset named');
    expect((await import_({ path, name: 'Second' })).state).toBe('done');
    expect((await service.list({})).map(({ name }) => name)).toEqual(['Small', 'Second']);
    expect(new Set((await service.list({})).map(({ contentHash }) => contentHash)).size).toBe(1);
  });

  it('mends and rejects item by item, with reasons, and goes on', async () => {
    const { import_, service } = await openDatasets();
    const referent = (id: string, rest: object) => ({ id, image: 'a', category: 'dog', ...rest });
    const path = await smallDataset({
      'images/b.txt.png': 'not a picture',
      'images.jsonl': jsonl(
        { id: 'a', file: 'images/a.png', width: 41, height: 30, split: 'val' },
        { id: 'a', file: 'images/a.png' },
        { id: 'text', file: 'images/b.txt.png' },
        { id: 'gone', file: 'images/gone.png' },
        { id: 'outside', file: '../secret.png' },
        { id: 'absolute', file: '/etc/hostname' },
        '{"id": "cut',
        { file: 'no id' },
      ),
      'referents.jsonl': jsonl(
        referent('good', { box: [1, 2, 3, 4] }),
        referent('clipped', { box: [-5, -5, 15, 100] }),
        referent('rounded', { box: [0, 0, 40.005, 30] }),
        referent('outside', { box: [50, 2, 3, 4] }),
        referent('flat', { box: [5, 2, 0, 4] }),
        referent('negative', { box: [5, 2, -3, 4] }),
        referent('nan', { box: [1, 2, 'NaN', 4] }),
        '{"id": "python-nan", "image": "a", "box": [NaN, 1, 2, 3]}',
        referent('wrong mask', { box: [1, 2, 3, 4], mask: { size: [5, 5], counts: [25] } }),
        referent('broken mask', { box: [1, 2, 3, 4], mask: { size: [30, 40], counts: '\u0001' } }),
        referent('far polygon', { box: [1, 2, 3, 4], mask: [[0, 0, 1e9, 0, 0, 1e9]] }),
        referent('mask only', { mask: { size: [30, 40], counts: [62, 2, 28, 2, 1106] } }),
        referent('neither', { mask: { size: [5, 5], counts: [25] } }),
        { id: 'lost', image: 'nowhere', box: [1, 2, 3, 4] },
        { id: 'on text', image: 'text', box: [1, 2, 3, 4] },
        referent('good', { box: [1, 2, 3, 4] }),
      ),
      'expressions.jsonl': jsonl(
        { id: '1', referent: 'good', text: 'the dog' },
        { id: '2', referent: 'clipped', text: 'a line\nbreak' },
        { id: '3', referent: 'outside', text: 'rejected with its referent' },
        { id: '4', referent: 'unheard', text: 'of nothing' },
        { id: '5', referent: 'on text', text: 'on no picture' },
        { id: '6', referent: 'good', text: '   ' },
        { id: '7', referent: 'good', text: 'x'.repeat(2_001) },
        { id: '8', referent: 'good', text: 'x'.repeat(2_000) },
        { id: '1', referent: 'good', text: 'twice' },
        { id: '9', image: 'a', text: 'the unicorn' },
        { id: '10', image: 'gone', text: 'on a missing picture' },
        { id: '11', referent: 'good', text: 5 },
      ),
    });
    const job = await import_({ path });
    expect(job.state).toBe('done');
    const problems = await service.problems({ datasetId: 1 });
    const short = (list: { kind: string; where: string }[]) =>
      list.map(({ kind, where }) => `${where} ${kind}`);
    expect(short(problems.repaired)).toEqual([
      'images.jsonl:1 image-size',
      'referents.jsonl:2 box-clipped',
      'referents.jsonl:9 mask-size',
      'referents.jsonl:10 mask-invalid',
      'referents.jsonl:11 mask-invalid',
      'referents.jsonl:12 box-from-mask',
      'expressions.jsonl:2 expression-cleaned',
    ]);
    expect(short(problems.rejected)).toEqual([
      'images.jsonl:7 not-json',
      'images.jsonl:8 not-well-formed',
      'referents.jsonl:7 not-well-formed',
      'referents.jsonl:8 not-json',
      'expressions.jsonl:12 not-well-formed',
      'images.jsonl:2 duplicate-id',
      'images.jsonl:3 image-unreadable',
      'images.jsonl:4 image-missing',
      'images.jsonl:5 image-outside',
      'images.jsonl:6 image-outside',
      'referents.jsonl:4 box-outside',
      'referents.jsonl:5 box-empty',
      'referents.jsonl:6 box-empty',
      'referents.jsonl:13 box-missing',
      'referents.jsonl:14 unknown-image',
      'referents.jsonl:16 duplicate-id',
      'expressions.jsonl:3 referent-rejected',
      'expressions.jsonl:4 unknown-referent',
      'expressions.jsonl:5 referent-rejected',
      'expressions.jsonl:6 expression-empty',
      'expressions.jsonl:7 expression-too-long',
      'expressions.jsonl:9 duplicate-id',
      'expressions.jsonl:11 image-rejected',
    ]);
    for (const { message } of [...problems.repaired, ...problems.rejected]) expect(message).not.toBe('');
    const [dataset] = await service.list({});
    expect(dataset).toMatchObject({ images: 1, referents: 7, expressions: 4, repaired: 7, rejected: 23 });
  });

  it('stores geometry, texts and their originals as revision 0', async () => {
    const { import_, workspace } = await openDatasets();
    await import_({
      path: await smallDataset({
        'referents.jsonl': jsonl({
          id: 'a-0',
          image: 'a',
          box: [-5, -5, 15, 100],
          attributes: { colour: 'red', deep: {} },
        }),
      }),
    });
    const row = workspace.database
      .prepare('SELECT * FROM expressions JOIN ground_truth USING (referent_id)')
      .get();
    expect(row).toMatchObject({
      revision: 0,
      source: 'imported',
      box_x: 0,
      box_y: 0,
      box_width: 10,
      box_height: 30,
      text: 'the dog',
      original_text: 'the dog',
      word_count: 2,
      split: 'val',
    });
    expect(workspace.database.prepare('SELECT attributes FROM referents').pluck().get()).toBe(
      '{"colour":"red"}',
    );
  });

  it('refuses pictures behind links that lead out of the folder', async () => {
    const { import_, service } = await openDatasets();
    const path = await smallDataset();
    const elsewhere = await writeFolder({ 'b.png': image(5, 5) });
    symlinkSync(join(elsewhere, 'b.png'), join(path, 'images/b.png'));
    writeFileSync(
      join(path, 'images.jsonl'),
      jsonl({ id: 'a', file: 'images/a.png' }, { id: 'b', file: 'images/b.png' }),
    );
    await import_({ path });
    expect((await service.problems({ datasetId: 1 })).rejected).toMatchObject([{ kind: 'image-outside' }]);
  });

  it('stores nothing when no expression can be used, and says why', async () => {
    const { import_, service } = await openDatasets();
    const job = await import_({ path: await smallDataset({ 'images/a.png': 'text' }) });
    expect(job).toMatchObject({ state: 'failed', error: { kind: 'invalid' } });
    expect(job.error?.message).toContain('images.jsonl:1');
    expect(await service.list({})).toEqual([]);
  });

  it('stores nothing when it is cancelled', async () => {
    const { service, jobs } = await openDatasets();
    const { jobId } = await service.import({ path: demo, format: null, imagesPath: null, name: null });
    await new Promise((resolve) => setTimeout(resolve, 60));
    const asked = performance.now();
    jobs.cancel(jobId);
    expect((await jobs.finished(jobId)).state).toBe('cancelled');
    expect(performance.now() - asked).toBeLessThan(1_000);
    expect(await service.list({})).toEqual([]);
  });

  it.each([
    ['a missing path', () => Promise.resolve('/nowhere/at/all'), 'not-found'],
    ['an unknown folder', () => writeFolder({ 'notes.txt': 'hello' }), 'unsupported'],
    ['a newer version', () => smallDataset({ 'dataset.json': { ...head, version: 2 } }), 'newer-version'],
    [
      'bytes that are not UTF-8',
      () => smallDataset({ 'expressions.jsonl': Buffer.from([0xff, 0xfe, 0x41]) }),
      'unreadable',
    ],
  ])('refuses %s', async (_name, make, kind) => {
    const { preview, import_ } = await openDatasets();
    const path = await make();
    await expect(preview({ path })).rejects.toMatchObject({ kind, hint: expect.stringMatching(/.+/) });
    expect((await import_({ path })).error).toMatchObject({ kind });
  });
});

describe('importing REFER', () => {
  const expected = JSON.parse(readFileSync(join(fixtures, 'expected.json'), 'utf8')) as {
    expressions: [id: string, referent: string, image: string, split: string, text: string][];
    referents: Record<string, { box: number[]; category: string; counts: string }>;
  };

  it.each(['refer-protocol-0', 'refer-protocol-2', 'refer-python-2'])(
    'reads what Python wrote: %s',
    async (name) => {
      const { import_, workspace, service } = await openDatasets();
      const path = join(fixtures, name);
      expect(await service.detect({ path })).toEqual({ formats: ['refer', 'coco'] });
      const job = await import_({ path, imagesPath: demoImages });
      expect(job.error).toBeNull();
      const content = workspace.repositories.datasets.content(1, 'original');
      expect(content.images).toHaveLength(8);
      expect(
        content.expressions.map(({ key, referentKey, imageKey, split, text }) => [
          key,
          referentKey,
          imageKey,
          split,
          text,
        ]),
      ).toEqual(expected.expressions);
      expect(content.referents).toHaveLength(Object.keys(expected.referents).length);
      for (const { key, box, category, mask } of content.referents) {
        const wanted = expected.referents[key];
        expect([box?.x, box?.y, box?.width, box?.height]).toEqual(wanted?.box);
        expect(category).toBe(wanted?.category);
        expect(mask?.counts).toBe(wanted?.counts);
      }
      expect((await service.list({}))[0]).toMatchObject({ name: `${name} (umd)`, repaired: 0, rejected: 0 });
    },
  );

  it('reads the refs file that is named', async () => {
    const { preview } = await openDatasets();
    const path = join(fixtures, 'refer-protocol-2', 'refs(google).p');
    const seen = await preview({ path, imagesPath: demoImages });
    expect(seen.name).toBe('refer-protocol-2 (google)');
    expect(seen.splits.map(({ split }) => split).sort()).toEqual(['train', 'val']);
  });

  it('finds pictures beside the annotations', async () => {
    const { preview } = await openDatasets();
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'images'));
    const instances = JSON.parse(readFileSync(join(fixtures, 'refer-protocol-2/instances.json'), 'utf8')) as {
      images: { file_name: string }[];
    };
    for (const name of ['refs(umd).p', 'instances.json']) {
      copyFileSync(join(fixtures, 'refer-protocol-2', name), join(folder, name));
    }
    for (const { file_name } of instances.images) {
      copyFileSync(join(demoImages, file_name), join(folder, 'images', file_name));
    }
    expect(await preview({ path: folder })).toMatchObject({ images: 8, rejectedCount: 0 });
  });

  it('says that the pictures are missing', async () => {
    const { import_, preview } = await openDatasets();
    const path = join(fixtures, 'refer-protocol-2');
    const seen = await preview({ path });
    expect(seen).toMatchObject({ images: 0, expressions: 0 });
    expect(seen.rejected[0]).toMatchObject({ kind: 'image-missing' });
    const job = await import_({ path });
    expect(job.error).toMatchObject({
      kind: 'invalid',
      hint: expect.stringContaining('folder of the images'),
    });
  });

  it('refuses a pickle that would run a command, and runs nothing', async () => {
    const { import_ } = await openDatasets();
    const hostile = JSON.parse(readFileSync(join(fixtures, '../pickle/hostile.json'), 'utf8')) as {
      name: string;
      pickle: string;
    }[];
    for (const { name, pickle } of hostile.filter((entry) => entry.name.startsWith('command'))) {
      const path = await writeFolder({
        'refs(umd).p': Buffer.from(pickle, 'base64'),
        'instances.json': { images: [], annotations: [], categories: [] },
      });
      expect((await import_({ path })).error, name).toMatchObject({ kind: 'refused' });
    }
    expect(() => readFileSync('/tmp/pickle-was-run')).toThrow();
  });
});

describe('importing MDETR', () => {
  const entry = (id: number, caption: string, original_id = 7) => ({
    id,
    file_name: 'a.png',
    width: 40,
    height: 30,
    original_id,
    caption,
    dataset_name: 'refcocog',
    tokens_negative: [[0, caption.length]],
  });
  const box = (id: number, image_id: number, original_id: number, bbox = [1, 2, 3, 4]) => ({
    id,
    image_id,
    category_id: 1,
    bbox,
    area: 12,
    iscrowd: 0,
    original_id,
    tokens_positive: [[0, 3]],
  });
  const categories = [{ id: 1, name: 'dog' }];

  it('makes one image of the entries of one file, and one referent of one annotation', async () => {
    const { import_, workspace, service } = await openDatasets();
    const path = await writeFolder({
      'a.png': image(40, 30),
      'finetune_refcocog_train.json': {
        images: [entry(1, 'the dog'), entry(2, 'a dog'), entry(3, 'the other'), entry(4, 'nothing here')],
        annotations: [box(1, 1, 100), box(2, 2, 100), box(3, 3, 101, [5, 6, 7, 8])],
        categories,
      },
      'finetune_refcocog_val.json': {
        images: [entry(5, 'it'), entry(6, 'both'), entry(3, 'same id'), entry(8, 'broken')],
        annotations: [
          box(1, 5, 100),
          box(2, 6, 100),
          box(3, 6, 101),
          box(4, 3, 101),
          box(5, 8, 101, [1, 2, 3]),
        ],
        categories,
      },
    });
    expect(await service.detect({ path })).toEqual({ formats: ['mdetr'] });
    expect((await import_({ path, name: 'two files' })).error).toBeNull();
    const content = workspace.repositories.datasets.content(1, 'original');
    expect(content.images).toMatchObject([
      { key: '7', file: 'a.png', width: 40, height: 30, split: 'train' },
    ]);
    expect(content.referents.map(({ key, category }) => [key, category])).toEqual([
      ['100', 'dog'],
      ['101', 'dog'],
    ]);
    expect(
      content.expressions.map(({ key, referentKey, split, text }) => [key, referentKey, split, text]),
    ).toEqual([
      ['1', '100', 'train', 'the dog'],
      ['2', '100', 'train', 'a dog'],
      ['3', '101', 'train', 'the other'],
      ['4', null, 'train', 'nothing here'],
      ['5', '100', 'val', 'it'],
      ['val-3', '101', 'val', 'same id'],
    ]);
    expect((await service.problems({ datasetId: 1 })).rejected).toMatchObject([
      { kind: 'not-well-formed', where: 'finetune_refcocog_val.json annotations[4]' },
      { kind: 'several-referents' },
      { kind: 'referent-rejected', where: 'finetune_refcocog_val.json image 8' },
    ]);
  });
});

describe('importing CSV', () => {
  const instances = {
    images: [
      { id: 1, file_name: 'a.png', width: 40, height: 30 },
      { id: 2, file_name: 'unmentioned.png', width: 40, height: 30 },
    ],
    annotations: [
      {
        id: 10,
        image_id: 1,
        category_id: 3,
        bbox: [1, 2, 10, 10],
        segmentation: [[1, 2, 11, 2, 11, 12]],
        iscrowd: 0,
      },
      { id: 11, image_id: 1, category_id: 3, bbox: [20, 2, 10, 10], segmentation: [], iscrowd: 0 },
      { id: 12, image_id: 2, category_id: 3, bbox: [20, 2, 10, 10], iscrowd: 0 },
    ],
    categories: [{ id: 3, name: 'dog' }],
  };

  it('takes COCO instances with expressions by annotation', async () => {
    const { import_, workspace, service } = await openDatasets();
    const path = await writeFolder({
      'images/a.png': image(40, 30),
      'instances_train.json': instances,
      'expressions.csv':
        '\ufeffannotation_id;expression;split;kind\r\n10;"the ""left"" dog; here";val;position\r\n' +
        '11;the right dog;val;\r\n99;of nothing;val;\r\n11;too;many;fields;here\r\n',
    });
    expect(await service.detect({ path })).toEqual({ formats: ['coco-csv', 'coco'] });
    expect((await import_({ path })).error).toBeNull();
    const content = workspace.repositories.datasets.content(1, 'original');
    expect(content.images).toMatchObject([{ key: '1', file: 'a.png', split: 'val' }]);
    expect(content.referents.map(({ key, mask }) => [key, mask !== null])).toEqual([
      ['10', true],
      ['11', false],
    ]);
    expect(content.expressions).toMatchObject([
      { key: '2', referentKey: '10', text: 'the "left" dog; here', kind: 'position', category: 'dog' },
      { key: '3', referentKey: '11', text: 'the right dog', kind: '' },
    ]);
    expect((await service.problems({ datasetId: 1 })).rejected).toMatchObject([
      { kind: 'unknown-referent', where: 'expressions.csv:4' },
      { kind: 'row-fields', where: 'expressions.csv:5' },
    ]);
  });

  it('takes COCO instances with expressions by image and box', async () => {
    const { import_, workspace } = await openDatasets();
    const path = await writeFolder({
      'a.png': image(40, 30),
      'coco.json': instances,
      'captions.csv':
        'image,bbox,caption\na.png,"[1, 2, 10, 10]",known\n1,20 2 10 10,known too\na.png,"5,5,5,5",new\na.png,,nothing\na.png,1 2 3,short\nb.png,1 2 3 4,lost\n',
    });
    expect((await import_({ path })).error).toBeNull();
    const { expressions, referents } = workspace.repositories.datasets.content(1, 'original');
    expect(expressions.map(({ referentKey, text }) => [referentKey, text])).toEqual([
      ['10', 'known'],
      ['11', 'known too'],
      ['1#5,5,5,5', 'new'],
      [null, 'nothing'],
    ]);
    expect(referents).toHaveLength(3);
  });

  it.each([
    ['x,y,width,height', '1,2,3,4'],
    ['x0,y0,x1,y1', '1,2,4,6'],
    ['bbox', '"(1, 2, 3, 4)"'],
  ])('takes a folder of images with a CSV: %s', async (columns, box) => {
    const { import_, workspace, service } = await openDatasets();
    const empty = box.startsWith('"') ? '' : ',,,';
    const path = await writeFolder({
      'pictures/a.png': image(40, 30),
      'list.csv':
        `Image,Expression,${columns},Category,Split,Kind\n` +
        `pictures/a.png,the dog,${box},dog,test,plain\n` +
        `pictures/a.png,a dog,${box},dog,test,\n` +
        `pictures/a.png,nothing,${empty},,test,\n`,
    });
    expect(await service.detect({ path })).toEqual({ formats: ['folder-csv'] });
    expect((await import_({ path })).error).toBeNull();
    const content = workspace.repositories.datasets.content(1, 'original');
    expect(content.referents).toMatchObject([{ category: 'dog', box: { x: 1, y: 2, width: 3, height: 4 } }]);
    const key = content.referents[0]?.key;
    expect(content.expressions).toMatchObject([
      { referentKey: key, text: 'the dog', kind: 'plain', split: 'test' },
      { referentKey: key, text: 'a dog' },
      { referentKey: null, text: 'nothing' },
    ]);
  });

  it('leaves out pictures that cannot be used, each with its reason, and goes on', async () => {
    const { import_, service } = await openDatasets();
    const pictures = join(fixtures, '../images');
    const names = [
      'truncated.jpg',
      'text.png',
      'huge.png',
      'vector.jpg',
      'empty.png',
      'gone.png',
      'colour.png',
    ];
    const rows = names.map((name) => `${name},the thing,1 1 5 5\n`).join('');
    const path = await writeFolder({ 'list.csv': `image,expression,bbox\n${rows}` });
    const job = await import_({ path, imagesPath: pictures });
    expect(job.message).toBe('1 expression on 1 image imported; 0 repaired, 12 left out.');
    const { rejected } = await service.problems({ datasetId: 1 });
    expect(rejected.map(({ kind }) => kind)).toEqual([
      'image-unreadable',
      'image-unreadable',
      'image-too-large',
      'image-unsupported',
      'image-unreadable',
      'image-missing',
      ...Array<string>(6).fill('image-rejected'),
    ]);
  });

  it.each([
    ['an open quotation mark', 'image,expression,bbox\na.png,"open,1 2 3 4\n', 'never closed'],
    ['a quotation mark inside', 'image,expression,bbox\na.png,say "it",1 2 3 4\n', 'inside a field'],
    ['text after a quotation mark', 'image,expression,bbox\na.png,"a"b,1 2 3 4\n', 'closing'],
    ['a column twice', 'image,expression,bbox,bbox\na.png,a,1 2 3 4,1\n', 'two columns'],
  ])('says what is wrong with a CSV: %s', async (_name, csv, detail) => {
    const { preview } = await openDatasets();
    const path = await writeFolder({ 'a.png': image(40, 30), 'list.csv': csv });
    await expect(preview({ path })).rejects.toMatchObject({
      kind: 'unreadable',
      message: expect.stringContaining(detail),
    });
  });

  it('asks which of several CSV files is meant', async () => {
    const { preview } = await openDatasets();
    const csv = 'image,expression,bbox\na.png,a dog,1 2 3 4\n';
    const path = await writeFolder({ 'a.png': image(40, 30), 'one.csv': csv, 'two.csv': csv });
    await expect(preview({ path })).rejects.toMatchObject({ kind: 'invalid' });
    expect(await preview({ path: join(path, 'two.csv') })).toMatchObject({ name: 'two', expressions: 1 });
  });
});

describe('removing', () => {
  it('takes everything of the dataset and nothing else', async () => {
    const { import_, service, workspace } = await openDatasets();
    const path = await smallDataset();
    await import_({ path });
    await import_({ path, name: 'Second' });
    await service.remove({ datasetId: 1 });
    expect((await service.list({})).map(({ name }) => name)).toEqual(['Second']);
    for (const table of ['images', 'referents', 'expressions', 'ground_truth']) {
      expect(workspace.database.prepare(`SELECT count(*) FROM ${table}`).pluck().get(), table).toBe(1);
    }
    expect((await workspace.checkIntegrity()).problems).toEqual([]);
    await expect(service.remove({ datasetId: 1 })).rejects.toThrow(/no dataset 1/);
  });
});
