/**
 * Pascal VOC: a folder `Annotations` with one XML file for each image, images in `JPEGImages`, splits in
 * `ImageSets/Main/<split>.txt`. Boxes count pixels from 1 and include the last one, as VOC defines them. Expressions
 * stand in elements `expression` of an object, which detectors ignore.
 */
import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { WorkbenchError } from '../../../../common/errors';
import type { ImageBox } from '../../../../common/geometry/types';
import type { Breather } from '../breathe';
import { findImagesFolder, isFile, isFolder, nameOf, readHead, readText } from '../files';
import { emptyDataset, type DatasetReader, type SourceDataset } from '../model';
import { filesBelow } from '../walk';
import { child, childText, parseXml, type XmlElement } from '../xml';

const headBytes = 4_096;
const largestFile = 16_000_000;

interface VocPlaces {
  /** The dataset's own folder. */
  folder: string;
  annotations: string;
  /** Relative to `annotations`. */
  names: string[];
}

const isXml = (name: string) => /\.xml$/i.test(name);

async function places(path: string, most?: number): Promise<VocPlaces> {
  if (!(await isFolder(path))) {
    const annotations = dirname(path);
    const folder = basename(annotations) === 'Annotations' ? dirname(annotations) : annotations;
    return { folder, annotations, names: isXml(path) ? [basename(path)] : [] };
  }
  const inner = join(path, 'Annotations');
  const annotations = (await isFolder(inner)) ? inner : path;
  const folder = basename(annotations) === 'Annotations' ? dirname(annotations) : path;
  return { folder, annotations, names: await filesBelow(annotations, isXml, most) };
}

export const voc: DatasetReader = {
  format: 'voc',

  async detect(path) {
    const { annotations, names } = await places(path, 0);
    const [first] = names;
    return (
      first !== undefined && /<annotation[\s>]/.test(await readHead(join(annotations, first), headBytes))
    );
  },

  async read({ path, imagesPath, breather }) {
    const { folder, annotations, names } = await places(path);
    const dataset = emptyDataset({ format: 'voc', name: nameOf(folder), root: folder });
    const splits = await readSplits(folder, breather);
    for (const name of names) {
      await breather.breathe();
      try {
        const file = join(annotations, name);
        if ((await stat(file)).size > largestFile) {
          throw new WorkbenchError(
            'too-large',
            'The file is larger than any annotation of one image.',
            'It may not be one of VOC; move it away, or choose the folder Annotations.',
          );
        }
        readAnnotation(parseXml(await readText(file)), name, splits, dataset);
      } catch (error) {
        // One broken file of many; a file that was chosen by itself is the whole.
        if (!(error instanceof WorkbenchError) || names.length === 1) throw error;
        dataset.rejected.push({ kind: 'not-well-formed', where: name, message: error.message });
      }
    }
    const files = dataset.images.map(({ file }) => file);
    const folders = [imagesPath, join(folder, 'JPEGImages'), folder].filter((one) => one !== null);
    for (const place of folders) {
      dataset.root = await findImagesFolder(place, imagesPath, files);
      if (files.length > 0 && (await isFile(join(dataset.root, files[0] ?? '')))) break;
    }
    return dataset;
  },
};

/** Split by the name of an annotation without its extension. */
async function readSplits(folder: string, breather: Breather): Promise<Map<string, string>> {
  const sets = join(folder, 'ImageSets', 'Main');
  const splits = new Map<string, string>();
  if (!(await isFolder(sets))) return splits;
  // `cat_train.txt` lists the same images again with a category's presence; `trainval` is two splits together.
  const isSplit = (name: string) => /^[^_]+\.txt$/.test(name) && name !== 'trainval.txt';
  for (const name of await filesBelow(sets, isSplit)) {
    const split = basename(name, '.txt');
    for (const line of (await readText(join(sets, name))).split(/\r?\n/)) {
      await breather.breathe();
      if (line.trim() !== '') splits.set(line.trim(), split);
    }
  }
  return splits;
}

function readAnnotation(
  root: XmlElement,
  name: string,
  splits: ReadonlyMap<string, string>,
  dataset: SourceDataset,
): void {
  if (root.name !== 'annotation') {
    throw new WorkbenchError(
      'invalid',
      `<${root.name}> is no VOC annotation.`,
      'Its root element is called annotation.',
    );
  }
  const stem = name.replace(/\.xml$/i, '');
  const file = childText(root, 'filename') || `${stem}.jpg`;
  const size = child(root, 'size');
  const side = (of: string) => Number((size && childText(size, of)) || NaN);
  const [width, height] = [side('width'), side('height')].map((value) => (value > 0 ? value : null));
  const image = { key: file, file, width: width ?? null, height: height ?? null };
  dataset.images.push({ ...image, split: splits.get(stem) ?? '', where: name });
  let objects = 0;
  for (const element of root.children) {
    if (element.name === 'expression')
      addExpression(dataset, element, file, null, `${file}-${dataset.expressions.length}`, name);
    if (element.name !== 'object') continue;
    objects += 1;
    const where = `${name} object ${objects}`;
    const box = boxOf(child(element, 'bndbox'));
    if (box === null) {
      dataset.rejected.push({ kind: 'not-well-formed', where, message: 'bndbox: not four numbers' });
      continue;
    }
    const key = element.attributes.get('id') ?? `${file}#${objects}`;
    const attributes = Object.fromEntries(
      ['pose', 'truncated', 'difficult', 'occluded'].flatMap((flag) => {
        const value = childText(element, flag);
        return value === '' || value === '0' || value === 'Unspecified' ? [] : [[flag, value]];
      }),
    ) as Record<string, string>;
    dataset.referents.push({
      key,
      imageKey: file,
      category: childText(element, 'name'),
      box,
      mask: null,
      attributes,
      where,
    });
    const texts = element.children.filter((one) => one.name === 'expression');
    for (const [index, text] of texts.entries())
      addExpression(dataset, text, file, key, `${key}-${index}`, where);
  }
}

function addExpression(
  dataset: SourceDataset,
  element: XmlElement,
  imageKey: string,
  referentKey: string | null,
  otherwise: string,
  where: string,
): void {
  const key = element.attributes.get('id') ?? otherwise;
  const kind = element.attributes.get('kind') ?? '';
  dataset.expressions.push({
    key,
    referentKey,
    imageKey,
    text: element.text,
    kind,
    split: null,
    attributes: {},
    where,
  });
}

/** VOC counts pixels from 1 and includes the last one: 1..W is the whole width. */
function boxOf(element: XmlElement | undefined): ImageBox | null {
  if (!element) return null;
  const side = (name: string) => {
    const text = childText(element, name);
    return text === '' ? NaN : Number(text);
  };
  const [left, top, right, bottom] = [side('xmin') - 1, side('ymin') - 1, side('xmax'), side('ymax')];
  if (![left, top, right, bottom].every(Number.isFinite)) return null;
  return { x: left, y: top, width: right - left, height: bottom - top };
}
