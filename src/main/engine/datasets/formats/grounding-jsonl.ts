/** The workbench's own format: dataset.json and three files with one item a line (docs/formats.md). */
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { WorkbenchError } from '../../../../common/errors';
import type { Breather } from '../breathe';
import { isFile, isFolder, nameOf, readJson } from '../files';
import { emptyDataset, type DatasetReader, type SourceDataset } from '../model';
import { attributes, boxTuple, key, parseItem, toBox, toMask } from '../parse';
import { jsonLinesOf } from '../stream-lines';

export const formatVersion = 1;

const header = z.object({
  format: z.literal('grounding-jsonl'),
  version: z.number().int().positive(),
  name: z.string().max(2_000).optional(),
  description: z.string().max(20_000).default(''),
  licence: z.string().max(2_000).default(''),
});

const imageLine = z.object({
  id: key,
  file: z.string(),
  width: z.number().nullish(),
  height: z.number().nullish(),
  split: z.string().max(200).default(''),
});

const referentLine = z.object({
  id: key,
  image: key,
  category: z.string().max(500).default(''),
  box: boxTuple.nullish(),
  mask: z.unknown().optional(),
  attributes,
});

const expressionLine = z.object({
  id: key,
  referent: key.nullish(),
  image: key.nullish(),
  text: z.string(),
  kind: z.string().max(200).default(''),
  split: z.string().max(200).nullish(),
  attributes,
});

async function folderOf(path: string): Promise<string> {
  return (await isFolder(path)) ? path : dirname(path);
}

export const groundingJsonl: DatasetReader = {
  format: 'grounding-jsonl',

  async detect(path) {
    const folder = await folderOf(path);
    if (!(await isFile(join(folder, 'dataset.json'))) || !(await isFile(join(folder, 'expressions.jsonl'))))
      return false;
    const content = await readJson(join(folder, 'dataset.json')).catch(() => null);
    return (content as { format?: unknown } | null)?.format === 'grounding-jsonl';
  },

  async read({ path, imagesPath, breather }) {
    const folder = await folderOf(path);
    const head = header.safeParse(await readJson(join(folder, 'dataset.json')));
    if (!head.success) {
      throw new WorkbenchError(
        'invalid',
        `dataset.json: ${z.prettifyError(head.error)}`,
        'See docs/formats.md.',
      );
    }
    if (head.data.version > formatVersion) {
      throw new WorkbenchError(
        'newer-version',
        `The dataset has format version ${head.data.version}; this workbench knows version ${formatVersion}.`,
        'Open it with a newer Grounding Workbench.',
      );
    }
    const dataset: SourceDataset = {
      ...emptyDataset({
        format: 'grounding-jsonl',
        name: head.data.name ?? nameOf(folder),
        root: imagesPath ?? folder,
      }),
      description: head.data.description,
      licence: head.data.licence,
    };
    await readImages(folder, dataset, breather);
    await readReferents(folder, dataset, breather);
    await readExpressions(folder, dataset, breather);
    return dataset;
  },
};

async function readImages(
  folder: string,
  { images, rejected }: SourceDataset,
  breather: Breather,
): Promise<void> {
  for await (const { value, where } of jsonLinesOf(join(folder, 'images.jsonl'), rejected, breather)) {
    const line = parseItem(imageLine, value, where, rejected);
    if (!line) continue;
    const { id, file, width = null, height = null, split } = line;
    images.push({ key: id, file, width, height, split, where });
  }
}

async function readReferents(
  folder: string,
  { referents, rejected }: SourceDataset,
  breather: Breather,
): Promise<void> {
  if (!(await isFile(join(folder, 'referents.jsonl')))) return;
  for await (const { value, where } of jsonLinesOf(join(folder, 'referents.jsonl'), rejected, breather)) {
    const line = parseItem(referentLine, value, where, rejected);
    if (!line) continue;
    const mask = toMask(line.mask);
    if (mask === undefined) {
      rejected.push({ kind: 'not-well-formed', where, message: 'mask: neither run lengths nor polygons' });
      continue;
    }
    referents.push({
      key: line.id,
      imageKey: line.image,
      category: line.category,
      box: line.box ? toBox(line.box) : null,
      mask,
      attributes: line.attributes,
      where,
    });
  }
}

async function readExpressions(
  folder: string,
  { expressions, rejected }: SourceDataset,
  breather: Breather,
): Promise<void> {
  for await (const { value, where } of jsonLinesOf(join(folder, 'expressions.jsonl'), rejected, breather)) {
    const line = parseItem(expressionLine, value, where, rejected);
    if (!line) continue;
    const { id, referent = null, image = null, text, kind, split = null } = line;
    expressions.push({
      key: id,
      referentKey: referent,
      imageKey: image,
      text,
      kind,
      split,
      attributes: line.attributes,
      where,
    });
  }
}
