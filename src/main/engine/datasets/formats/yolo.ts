/**
 * YOLO boxes: data.yaml (or dataset.yaml) names categories and splits, label files hold a category and a box as shares
 * of the image in each line (four numbers, or the points of a polygon). expressions.jsonl beside data.yaml says what
 * is meant: `{"image": "images/a.jpg", "object": 0, "text": "…"}`, the object by its line in the label file, from 0.
 */
import { stat } from 'node:fs/promises';
import { basename, dirname, extname, isAbsolute, join, relative } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { WorkbenchError } from '../../../../common/errors';
import { boxAround } from '../../../../common/geometry/boxes';
import type { ImageBox, Size } from '../../../../common/geometry/types';
import { pathInside } from '../../expressions/image-files';
import { probeImage } from '../../imaging/decode';
import type { Breather } from '../breathe';
import { innerPath, isFile, isFolder, nameOf, readHead, readText } from '../files';
import { emptyDataset, type DatasetReader, type SourceDataset } from '../model';
import { key, parseItem } from '../parse';
import { jsonLinesOf } from '../stream-lines';
import { filesBelow } from '../walk';

const yamlNames = ['data.yaml', 'dataset.yaml', 'data.yml', 'dataset.yml'];
const headBytes = 65_536;
const largestYaml = 4_000_000;
const largestLabels = 16_000_000;
const imageExtensions = new Set(['.jpg', '.jpeg', '.png', '.webp', '.bmp', '.tif', '.tiff', '.gif', '.avif']);

const paths = z.union([z.string(), z.array(z.string())]).nullish();
const header = z.looseObject({
  path: z.string().nullish(),
  names: z.union([z.array(z.coerce.string()), z.record(z.string(), z.coerce.string())]),
});
const expression = z.object({
  id: key.nullish(),
  image: z.string(),
  object: z.number().int().nonnegative().nullish(),
  text: z.string(),
  kind: z.string().max(200).default(''),
  split: z.string().max(200).nullish(),
});

/** YOLO looks for labels where the last folder `images` of an image's path is called `labels`. */
export function labelFileOf(image: string): string {
  const parts = image.split('/');
  const place = parts.slice(0, -1).lastIndexOf('images');
  if (place >= 0) parts[place] = 'labels';
  return `${parts.join('/').replace(/\.[^./]*$/, '')}.txt`;
}

async function yamlAt(path: string): Promise<string | null> {
  if (!(await isFolder(path))) return /\.ya?ml$/i.test(path) ? path : null;
  for (const name of yamlNames) if (await isFile(join(path, name))) return join(path, name);
  return null;
}

export const yolo: DatasetReader = {
  format: 'yolo',

  async detect(path) {
    const file = await yamlAt(path);
    return file !== null && /^names\s*:/m.test(await readHead(file, headBytes));
  },

  async read({ path, imagesPath, breather }) {
    const file = await yamlAt(path);
    if (file === null)
      throw new WorkbenchError('not-found', `There is no data.yaml at ${path}.`, 'See docs/formats.md.');
    const folder = dirname(file);
    const yaml = await readYaml(file);
    const root = imagesPath ?? (await rootOf(folder, yaml.path ?? ''));
    const dataset = emptyDataset({ format: 'yolo', name: nameOf(folder), root });
    const names = new Map(Object.entries(yaml.names));
    for (const [image, split] of await imagesOf(root, yaml, breather)) {
      await readLabels(dataset, image, split, names, breather);
    }
    await readExpressions(dataset, folder, breather);
    return dataset;
  },
};

async function readYaml(file: string): Promise<z.output<typeof header>> {
  if ((await stat(file)).size > largestYaml) {
    throw new WorkbenchError(
      'too-large',
      `${basename(file)} is larger than any dataset's description.`,
      'It may not be YOLO’s; choose the dataset’s own folder.',
    );
  }
  try {
    return header.parse(parse(await readText(file), { maxAliasCount: 10 }));
  } catch (error) {
    throw new WorkbenchError(
      'unreadable',
      `${basename(file)} is not YOLO's description of a dataset: ${(error as Error).message.slice(0, 300)}`,
      'It must hold `names` and the lists or folders of images.',
      { cause: error },
    );
  }
}

/** `path` of data.yaml where that is a folder; else the folder that data.yaml is in. */
async function rootOf(folder: string, path: string): Promise<string> {
  const named = isAbsolute(path) ? path : join(folder, path);
  return (await isFolder(named)) ? named : folder;
}

/** Images by path relative to the root, each with its split. */
async function imagesOf(
  root: string,
  yaml: Record<string, unknown>,
  breather: Breather,
): Promise<Map<string, string>> {
  const images = new Map<string, string>();
  const add = (file: string, split: string) => {
    const inner = innerPath(file);
    if (inner !== null && !images.has(inner)) images.set(inner, split);
    return inner !== null;
  };
  for (const [split, value] of Object.entries(yaml)) {
    if (['path', 'names', 'nc', 'download', 'kpt_shape', 'flip_idx', 'yaml_file'].includes(split)) continue;
    const found = paths.safeParse(value);
    for (const entry of found.success ? [found.data ?? []].flat() : []) {
      const place = isAbsolute(entry) ? relative(root, entry) : entry;
      const inner = innerPath(place);
      if (inner === null) continue;
      if (await isFolder(join(root, inner))) {
        const isImage = (name: string) => imageExtensions.has(extname(name).toLowerCase());
        for (const name of await filesBelow(join(root, inner), isImage)) add(`${inner}/${name}`, split);
      } else if (/\.txt$/i.test(inner) && (await isFile(join(root, inner)))) {
        // A list; its own name is the split's, which YOLO may call otherwise.
        const name = basename(inner, '.txt');
        for (const line of (await readText(join(root, inner))).split(/\r?\n/)) {
          await breather.breathe();
          if (line.trim() !== '')
            add(isAbsolute(line.trim()) ? relative(root, line.trim()) : line.trim(), name);
        }
      }
    }
  }
  return images;
}

async function readLabels(
  dataset: SourceDataset,
  image: string,
  split: string,
  names: ReadonlyMap<string, string>,
  breather: Breather,
): Promise<void> {
  const where = image;
  const add = (size: Size | null) =>
    dataset.images.push({
      key: image,
      file: image,
      width: size?.width ?? null,
      height: size?.height ?? null,
      split: split === 'all' ? '' : split,
      where,
    });
  const labels = join(dataset.root, labelFileOf(image));
  let size: Size;
  try {
    size = await probeImage(await pathInside(dataset.root, image));
  } catch (error) {
    // What is wrong with the image is said once, when all images are looked at.
    if (!(error instanceof WorkbenchError)) throw error;
    add(null);
    return;
  }
  add(size);
  if (!(await isFile(labels))) return;
  if ((await stat(labels)).size > largestLabels) {
    const message = 'the label file is larger than any of one image';
    dataset.rejected.push({ kind: 'not-well-formed', where: labelFileOf(image), message });
    return;
  }
  const lines = (await readText(labels)).split(/\r?\n/);
  for (const [index, line] of lines.entries()) {
    await breather.breathe();
    if (line.trim() === '') continue;
    const place = `${labelFileOf(image)}:${index + 1}`;
    const [category = '', ...shares] = line.trim().split(/\s+/);
    const numbers = shares.map(Number);
    const box = boxOfShares(numbers, size);
    if (!/^\d+$/.test(category) || box === null) {
      const message = 'a line holds a category’s number and four shares, or a polygon’s points';
      dataset.rejected.push({ kind: 'not-well-formed', where: place, message });
      continue;
    }
    dataset.referents.push({
      key: `${image}#${index}`,
      imageKey: image,
      category: names.get(category) ?? category,
      box,
      mask: numbers.length > 5 ? { form: 'polygons', polygons: [pixelsOf(numbers, size)] } : null,
      attributes: {},
      where: place,
    });
  }
}

/** Centre and size as shares of the image; or the extent of a polygon of shares. */
function boxOfShares(shares: readonly number[], image: Size): ImageBox | null {
  if (!shares.every(Number.isFinite)) return null;
  if (shares.length === 4 || shares.length === 5) {
    const [x = 0, y = 0, width = 0, height = 0] = shares;
    return {
      x: (x - width / 2) * image.width,
      y: (y - height / 2) * image.height,
      width: width * image.width,
      height: height * image.height,
    };
  }
  if (shares.length < 6 || shares.length % 2 === 1) return null;
  const points = pixelsOf(shares, image);
  return boxAround(pairsOf(points));
}

function* pairsOf(numbers: readonly number[]): Generator<readonly [number, number]> {
  for (let at = 0; at < numbers.length; at += 2) yield [numbers[at] ?? 0, numbers[at + 1] ?? 0];
}

function pixelsOf(shares: readonly number[], image: Size): number[] {
  return shares.map((share, index) => share * (index % 2 === 0 ? image.width : image.height));
}

async function readExpressions(dataset: SourceDataset, folder: string, breather: Breather): Promise<void> {
  const file = join(folder, 'expressions.jsonl');
  if (!(await isFile(file))) {
    throw new WorkbenchError(
      'invalid',
      'YOLO’s files hold no expressions, and there is no expressions.jsonl beside data.yaml.',
      'Write one with a line such as {"image": "images/a.jpg", "object": 0, "text": "the red car"} for each expression.',
    );
  }
  for await (const { value, where, number } of jsonLinesOf(file, dataset.rejected, breather)) {
    const parsed = parseItem(expression, value, where, dataset.rejected);
    if (!parsed) continue;
    const image = innerPath(parsed.image) ?? parsed.image;
    dataset.expressions.push({
      key: parsed.id ?? String(number),
      referentKey: parsed.object === null || parsed.object === undefined ? null : `${image}#${parsed.object}`,
      imageKey: image,
      text: parsed.text,
      kind: parsed.kind,
      split: parsed.split ?? null,
      attributes: {},
      where,
    });
  }
}
