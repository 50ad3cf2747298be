/** REFER (RefCOCO, RefCOCO+, RefCOCOg): `refs(<split author>).p`, a Python pickle, beside COCO's `instances.json`. */
import { readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { WorkbenchError } from '../../../../common/errors';
import type { Breather } from '../breathe';
import { filesAt, findImagesFolder, isFile } from '../files';
import { emptyDataset, type DatasetReader } from '../model';
import { key, parseItem } from '../parse';
import { readPickle } from '../refer-pickle';
import { jsonItems } from '../stream-json';
import { addMentioned, readCocoInstances } from './coco';

const refsName = /^refs\((.+)\)\.(?:p|json)$/;
/** Of several refs files in a folder the first of these is read; another one is chosen by naming the file. */
const preferredSplits = ['umd', 'unc', 'google'];
const largestPickle = 1_000_000_000;

const sentence = z.object({
  sent_id: key,
  sent: z.string().optional(),
  raw: z.string().optional(),
  kind: z.string().max(200).default(''),
});
const reference = z.object({
  ref_id: key,
  ann_id: key,
  image_id: key,
  split: z.string().max(200).default(''),
  file_name: z.string().optional(),
  sentences: z.array(sentence),
});

async function refsFiles(path: string): Promise<{ folder: string; names: string[] }> {
  const { folder, names } = await filesAt(path);
  return { folder, names: names.filter((name) => refsName.test(name)) };
}

function chooseRefs(names: readonly string[]): string | undefined {
  // Where both forms are there, the pickle is what REFER itself reads.
  const ordered = [...names].sort((a, b) => Number(a.endsWith('.p')) - Number(b.endsWith('.p')));
  const bySplit = new Map(ordered.map((name) => [refsName.exec(name)?.[1] ?? '', name]));
  const preferred = preferredSplits.find((split) => bySplit.has(split));
  return preferred === undefined ? ordered.at(-1) : bySplit.get(preferred);
}

export const refer: DatasetReader = {
  format: 'refer',

  async detect(path) {
    const { folder, names } = await refsFiles(path);
    return names.length > 0 && (await isFile(join(folder, 'instances.json')));
  },

  async read({ path, imagesPath, breather }) {
    const { folder, names } = await refsFiles(path);
    const name = chooseRefs(names);
    if (name === undefined) {
      throw new WorkbenchError(
        'not-found',
        `There is no refs(….).p or refs(….).json file at ${path}.`,
        'See docs/formats.md.',
      );
    }
    const references = await readReferences(join(folder, name), breather);
    const dataset = emptyDataset({
      format: 'refer',
      name: `${basename(folder)} (${refsName.exec(name)?.[1] ?? ''})`,
      root: folder,
    });
    const instances = await readCocoInstances(join(folder, 'instances.json'), dataset.rejected, breather);
    const splits = new Map<string, string>();
    for (const [index, value] of references.entries()) {
      await breather.breathe();
      const parsed = parseItem(reference, plainOf(value), `${name} entry ${index}`, dataset.rejected);
      if (!parsed) continue;
      const { ref_id, ann_id, image_id, split, file_name, sentences } = parsed;
      if (!splits.has(image_id)) splits.set(image_id, split);
      if (!instances.images.has(image_id) && file_name !== undefined) {
        const where = `${name} ref ${ref_id}`;
        const file = imageFileOf(file_name, ann_id);
        instances.images.set(image_id, { key: image_id, file, width: null, height: null, split, where });
      }
      for (const { sent_id, sent, raw, kind } of sentences) {
        dataset.expressions.push({
          key: sent_id,
          referentKey: ann_id,
          imageKey: image_id,
          text: sent ?? raw ?? '',
          kind,
          split,
          attributes: {},
          where: `${name} sentence ${sent_id}`,
        });
      }
    }
    addMentioned(dataset, instances, splits);
    // Where no expression means anything, the files are those that COCO names.
    const named = dataset.images.length > 0 ? dataset.images : [...instances.images.values()];
    const files = named.map((image) => image.file);
    dataset.root = await findImagesFolder(folder, imagesPath, files);
    return dataset;
  },
};

async function readReferences(path: string, breather: Breather): Promise<unknown[]> {
  if (path.endsWith('.json')) return readJsonList(path, breather);
  if ((await stat(path)).size > largestPickle) {
    throw new WorkbenchError('too-large', `${basename(path)} is larger than any REFER file.`, 'Split it.');
  }
  const references = await readPickle(await readFile(path), breather);
  if (Array.isArray(references)) return references;
  throw noList(path);
}

async function readJsonList(path: string, breather: Breather): Promise<unknown[]> {
  const references: unknown[] = [];
  const lists = new Set<string>();
  for await (const { list, index, value } of jsonItems(path, breather, lists)) {
    if (list === '' && index !== null) references.push(value);
  }
  if (lists.has('')) return references;
  throw noList(path);
}

function noList(path: string): WorkbenchError {
  return new WorkbenchError(
    'invalid',
    `${basename(path)} does not hold a list of references.`,
    'See docs/formats.md.',
  );
}

/** Dictionaries as objects for the schema. Own keys only: a key `__proto__` stays a key and is then left out. */
function plainOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainOf);
  if (!(value instanceof Map)) return value;
  return Object.fromEntries([...value].map(([name, item]) => [String(name), plainOf(item)]));
}

/**
 * A reference's file name ends with a number of its own: COCO_train2014_000000380440_491042.jpg is an object of
 * COCO_train2014_000000380440.jpg.
 */
export function imageFileOf(fileName: string, annotationId: string): string {
  const match = /^(.+)_(\d+)(\.\w+)$/.exec(fileName);
  if (!match) return fileName;
  const [, stem = '', number, extension = ''] = match;
  return number === annotationId || /_\d{12}$/.test(stem) ? `${stem}${extension}` : fileName;
}
