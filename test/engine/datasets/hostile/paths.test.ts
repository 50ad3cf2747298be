/** File names that climb out of the dataset's folder, in each format: nothing outside is looked at. */
import { existsSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { DatasetFormat } from '../../../../src/common/contract';
import { openDatasets, temporaryFolder, writeFolder } from '../support';
import { picture } from './support';

type Files = Record<string, unknown>;

const box = [1, 2, 3, 4];
const csvHead = 'image,expression,x,y,width,height\n';
const coco = (file: string) => ({
  images: [{ id: 1, file_name: file, width: 40, height: 30 }],
  annotations: [{ id: 1, image_id: 1, category_id: 1, bbox: box, caption: 'the dog' }],
  categories: [{ id: 1, name: 'dog' }],
});

/** The files of a dataset whose one image has this name. */
const formats: Record<Exclude<DatasetFormat, 'parquet'>, (file: string) => Files> = {
  'grounding-jsonl': (file) => ({
    'dataset.json': { format: 'grounding-jsonl', version: 1 },
    'images.jsonl': JSON.stringify({ id: 1, file }),
    'referents.jsonl': JSON.stringify({ id: 1, image: 1, box }),
    'expressions.jsonl': JSON.stringify({ id: 1, referent: 1, text: 'the dog' }),
  }),
  refer: (file) => ({
    'refs(x).json': [
      { ref_id: 1, ann_id: 1, image_id: 1, split: 'val', sentences: [{ sent_id: 1, sent: 'the dog' }] },
    ],
    'instances.json': coco(file),
  }),
  mdetr: (file) => ({
    'finetune_x_val.json': {
      images: [{ id: 1, file_name: file, caption: 'the dog', dataset_name: 'x' }],
      annotations: [{ id: 1, image_id: 1, bbox: box }],
    },
  }),
  coco: (file) => ({ 'instances.json': coco(file) }),
  'coco-csv': (file) => ({
    'instances.json': coco(file),
    'x.csv': 'annotation_id,expression\n1,the dog\n',
  }),
  odvg: (file) => ({
    'odvg_val.jsonl': JSON.stringify({
      filename: file,
      grounding: { caption: 'the dog', regions: [{ bbox: [1, 2, 4, 6], phrase: 'the dog' }] },
    }),
  }),
  labelme: (file) => ({
    'a.json': {
      version: '5',
      imagePath: file,
      imageHeight: 30,
      imageWidth: 40,
      shapes: [{ label: 'x', points: [[1, 2], [4, 6]], shape_type: 'rectangle', description: 'the dog' }], // prettier-ignore
    },
  }),
  voc: (file) => ({
    'Annotations/a.xml': `<annotation><filename>${file}</filename><object><name>x</name><bndbox><xmin>2</xmin><ymin>3</ymin><xmax>4</xmax><ymax>6</ymax></bndbox><expression>the dog</expression></object></annotation>`,
  }),
  yolo: (file) => ({
    'data.yaml': 'names: [x]\nval: val.txt\n',
    'val.txt': `${file}\n`,
    'expressions.jsonl': JSON.stringify({ image: file, object: null, text: 'the dog' }),
  }),
  'folder-csv': (file) => ({ 'x.csv': `${csvHead}${file},the dog,1,2,3,4\n` }),
};

let outside: string;
beforeAll(async () => {
  outside = temporaryFolder();
  writeFileSync(join(outside, 'secret.png'), await picture);
});

describe.each(Object.entries(formats))('%s', (format, files) => {
  const found = async (file: string) => {
    const path = await writeFolder(files(file));
    symlinkSync(join(outside, 'secret.png'), join(path, 'link.png'));
    symlinkSync(outside, join(path, 'linked'));
    const { preview } = await openDatasets();
    return preview({ path, format: format as DatasetFormat });
  };

  it.each([
    ['steps up', () => `../${basename(outside)}/secret.png`],
    ['steps up from below', () => `images/../../${basename(outside)}/secret.png`],
    ['steps up by backslashes', () => `..\\${basename(outside)}\\secret.png`],
    ['begins at the root', () => join(outside, 'secret.png')],
    ['is a link that leads out', () => 'link.png'],
    ['is in a linked folder', () => 'linked/secret.png'],
  ])('takes no image whose name %s', async (_name, file) => {
    const { expressions, images, rejected } = await found(file());
    expect({ expressions, images }).toEqual({ expressions: 0, images: 0 });
    expect(rejected[0]?.kind).toMatch(/^(image-outside|image-missing|unknown-image)$/);
  });
});

it('writes no image of a Parquet file outside its own folder', async () => {
  const { parquetWriteBuffer } = await import('hyparquet-writer');
  const names = [
    `../../${basename(outside)}/written.png`,
    join(outside, 'written.png'),
    'C:\\written.png',
    'a\0.png',
  ];
  const optional = { repetition_type: 'OPTIONAL' } as const;
  const bytes = parquetWriteBuffer({
    schema: [
      { name: 'root', num_children: 2 },
      { name: 'image', num_children: 2, ...optional },
      { name: 'bytes', type: 'BYTE_ARRAY', ...optional },
      { name: 'path', type: 'BYTE_ARRAY', converted_type: 'UTF8', ...optional },
      { name: 'expression', type: 'BYTE_ARRAY', converted_type: 'UTF8', ...optional },
    ],
    columnData: [
      { name: 'image', data: await Promise.all(names.map(async (path) => ({ bytes: await picture, path }))) },
      { name: 'expression', data: names.map((_, index) => `nothing ${index}`) },
    ],
  });
  const path = await writeFolder({ 'x.parquet': new Uint8Array(bytes) });
  const { import_, workspace } = await openDatasets();
  expect((await import_({ path, format: 'parquet' })).error).toBeNull();
  const files = workspace.repositories.datasets.content(1, 'original').images.map(({ file }) => file);
  // Named by their content: they are the same picture.
  expect(files).toEqual([expect.stringMatching(/^[0-9a-f]{64}\.(png|img)$/)]);
  expect(existsSync(join(outside, 'written.png'))).toBe(false);
});
