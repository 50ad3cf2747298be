/** JSON that is cut off, endless, too deep, contradictory or of other types, in each format that is written in it. */
import { describe, expect, it } from 'vitest';
import type { DatasetFormat } from '../../../../src/common/contract';
import { picture, refused, taken } from './support';

const images = [{ id: 1, file_name: 'a.png', width: 40, height: 30 }];
const annotations = [{ id: 1, image_id: 1, category_id: 1, bbox: [1, 2, 3, 4], caption: 'the dog' }];
const coco = JSON.stringify({ images, annotations, categories: [{ id: 1, name: 'dog' }] });
const mdetr = JSON.stringify({
  images: [{ ...images[0], caption: 'the dog', dataset_name: 'x', tokens_negative: [[0, 7]] }],
  annotations: [{ ...annotations[0], tokens_positive: [[0, 7]] }],
  categories: [],
});
const references = [
  { ref_id: 1, ann_id: 1, image_id: 1, split: 'val', sentences: [{ sent_id: 1, sent: 'the dog' }] },
];
const odvg = JSON.stringify({
  filename: 'a.png',
  grounding: { caption: 'the dog', regions: [{ bbox: [1, 2, 4, 6], phrase: 'the dog' }] },
});
const shapes = [
  { label: 'dog', points: [[1, 2], [4, 6]], shape_type: 'rectangle', description: 'the dog' }, // prettier-ignore
];
const labelme = JSON.stringify({ version: '5', imagePath: 'a.png', imageHeight: 30, imageWidth: 40, shapes });
const ours = {
  'dataset.json': { format: 'grounding-jsonl', version: 1 },
  'images.jsonl': JSON.stringify({ id: 1, file: 'a.png' }),
  'referents.jsonl': JSON.stringify({ id: 1, image: 1, box: [1, 2, 3, 4] }),
  'expressions.jsonl': JSON.stringify({ id: 1, referent: 1, text: 'the dog' }),
};

/** One file of each format, beside the others that it needs. */
const formats: Record<
  string,
  { format: DatasetFormat; file: string; whole: string; beside?: object; lines?: true }
> = {
  coco: { format: 'coco', file: 'instances.json', whole: coco },
  mdetr: { format: 'mdetr', file: 'finetune_x_val.json', whole: mdetr },
  'instances of REFER': {
    format: 'refer',
    file: 'instances.json',
    whole: coco,
    beside: { 'refs(x).json': references },
  },
  'references of REFER': {
    format: 'refer',
    file: 'refs(x).json',
    whole: JSON.stringify(references),
    beside: { 'instances.json': coco },
  },
  'instances beside a CSV': {
    format: 'coco-csv',
    file: 'instances.json',
    whole: coco,
    beside: { 'x.csv': 'annotation_id,expression\n1,the dog\n' },
  },
  labelme: { format: 'labelme', file: 'a.json', whole: labelme },
  odvg: { format: 'odvg', file: 'odvg_val.jsonl', whole: odvg, lines: true },
  'grounding JSONL': {
    format: 'grounding-jsonl',
    file: 'expressions.jsonl',
    whole: ours['expressions.jsonl'],
    beside: ours,
    lines: true,
  },
};

describe.each(Object.entries(formats))('%s', (name, { format, file, whole, beside = {}, lines }) => {
  const files = (content: string) => ({ ...beside, [file]: content, 'a.png': picture });
  // Files of lines go on with the next line; where none is left, nothing is imported.
  const broken = {
    kind: lines ? 'invalid' : 'unreadable',
    message: lines ? /No expression|holds no/ : /JSON/,
  } as const;

  it('is taken where it is whole', async () => {
    expect((await taken(files(whole), format)).found).toMatchObject({ expressions: 1, rejectedCount: 0 });
  });

  it('is refused where it is cut off', async () => {
    await refused(files(whole.slice(0, -3)), format, broken);
  });

  it('is refused where a number is NaN, which is not JSON', async () => {
    await refused(files(whole.replace('"the dog"', 'NaN')), format, broken);
  });

  // In the others the text is in the file beside it.
  it.skipIf(/instances/.test(name))('takes no text of another type', async () => {
    await refused(files(whole.replaceAll('"the dog"', '{"length": 1e9}')), format, {
      kind: 'invalid',
      message: /no expression/i,
    });
  });
});

describe('streamed JSON', () => {
  const deep = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
  const withItem = (item: string) => ({
    'instances.json': coco.replace('"annotations":[', `"annotations":[${item},`),
    'a.png': picture,
  });

  it('is refused where it is nested 100,000 deep', async () => {
    await refused(withItem(deep(100_000)), 'coco', { kind: 'refused', message: /256 levels/ });
  });

  it('is refused where one text has 100 MB, before it is in memory whole', async () => {
    await refused(withItem(`{"id": "${'x'.repeat(100_000_000)}"}`), 'coco', {
      kind: 'too-large',
      message: /more than 64 MB/,
    });
  });

  it('is refused where one line has 100 MB', async () => {
    const line = `{"id": 2, "text": "${'x'.repeat(100_000_000)}"}`;
    await refused({ ...ours, 'expressions.jsonl': line, 'a.png': picture }, 'grounding-jsonl', {
      kind: 'too-large',
      message: /Line 1 .*never ends/,
    });
  });

  it('takes the last of two values of one name, and tells of ids that are there twice', async () => {
    const twice = coco.replace('"id":1,"image_id"', '"id":7,"id":1,"image_id"');
    const again = twice.replace('"categories"', `"annotations":${JSON.stringify(annotations)},"categories"`);
    const { found, rejected } = await taken({ 'instances.json': again, 'a.png': picture }, 'coco');
    expect(found).toMatchObject({ referents: 1, expressions: 1 });
    expect(rejected).toEqual(['duplicate-id: instances.json annotation 1']);
  });

  it.each([
    ['a list where an object is due', '[1, 2]'],
    ['a text', '"annotation"'],
    ['null', 'null'],
    ['a box of texts', '{"id": 2, "image_id": 1, "bbox": ["1", "2", "3", "4"], "caption": "x"}'],
    ['a box of three numbers', '{"id": 2, "image_id": 1, "bbox": [1, 2, 3], "caption": "x"}'],
    ['a box of endless numbers', '{"id": 2, "image_id": 1, "bbox": [1, 2, 1e999, 4], "caption": "x"}'],
    ['an id of another kind', '{"id": {}, "image_id": 1, "bbox": [1, 2, 3, 4], "caption": "x"}'],
    ['a mask of another kind', '{"id": 2, "image_id": 1, "bbox": [1, 2, 3, 4], "segmentation": "all"}'],
  ])('leaves out %s and goes on', async (_name, item) => {
    const { found, rejected } = await taken(withItem(item), 'coco');
    expect(found).toMatchObject({ referents: 1, expressions: 1 });
    expect(rejected).toHaveLength(1);
    expect(rejected[0]).toMatch(/^not-well-formed: instances.json/);
  });

  it('keeps __proto__ a name like any other', async () => {
    const item =
      '{"id": 2, "image_id": 1, "bbox": [1, 2, 3, 4], "attributes": {"__proto__": {"isAdmin": true}}}';
    await taken(withItem(item), 'coco');
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
  });
});

describe('labelme', () => {
  it('makes no mask of what a file says is the size of its image', async () => {
    const polygon = { label: 'x', points: [[0, 0], [9e4, 0], [9e4, 9e4]], description: 'the dog' }; // prettier-ignore
    const content = { version: '5', imagePath: 'a.png', shapes: [polygon] };
    const files = {
      'a.json': { ...content, imageHeight: 100_000, imageWidth: 100_000 },
      'b.json': { ...content, imageHeight: 1e15, imageWidth: 1 },
      'c.json': labelme,
      'a.png': picture,
    };
    const { found, rejected } = await taken(files, 'labelme');
    expect(found.expressions).toBe(1);
    expect(rejected.sort()).toEqual(['not-well-formed: a.json', 'not-well-formed: b.json']);
  });
});

describe('YOLO', () => {
  const yolo = (labels: string, yaml = 'names: [dog]\nval: images\n') => ({
    'data.yaml': yaml,
    'images/a.png': picture,
    'labels/a.txt': labels,
    'expressions.jsonl': JSON.stringify({ image: 'images/a.png', object: 0, text: 'the dog' }),
  });

  it('takes no label that is not numbers, and no outline of 600,000 points', async () => {
    const endless = `0 ${'0.1 0.2 '.repeat(600_000)}`;
    const labels = `0 0.5 0.5 0.2 0.2\n0 NaN 0.5 0.2 0.2\n0 0.5 0.5\nx 0.5 0.5 0.2 0.2\n${endless}\n0 9 9 1 1\n`;
    const { found, rejected } = await taken(yolo(labels), 'yolo');
    expect(found.expressions).toBe(1);
    expect(rejected).toEqual([
      'not-well-formed: labels/a.txt:2',
      'not-well-formed: labels/a.txt:3',
      'not-well-formed: labels/a.txt:4',
      'box-empty: labels/a.txt:5',
      'box-outside: labels/a.txt:6',
    ]);
  });

  it.each([
    [
      'aliases that grow',
      `a: &a [x, x]\nb: &b [${'*a,'.repeat(9)}*a]\nc: [${'*b,'.repeat(99)}*b]\nnames: *a\n`,
    ],
    ['100,000 lists in each other', `names: ${'['.repeat(100_000)}\n`],
    ['a number instead of names', 'names: 7\n'],
  ])('refuses a description with %s', async (_name, yaml) => {
    await refused(yolo('', yaml), 'yolo', { kind: 'unreadable', message: /data\.yaml/ });
  });
});
