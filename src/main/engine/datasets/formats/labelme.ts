/**
 * labelme: one JSON file of shapes for each image. A shape is an object, several with the same group are one: its
 * rectangle is the box, its polygons and mask shapes the mask. Each line of a description is an expression.
 */
import { stat } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { z } from 'zod';
import { WorkbenchError } from '../../../../common/errors';
import { boxAround } from '../../../../common/geometry/boxes';
import { uniteRunLengths } from '../../../../common/geometry/rle';
import type { RunLengthMask, Size } from '../../../../common/geometry/types';
import type { Breather } from '../breathe';
import { checkMask } from '../check-mask';
import { isFolder, nameOf, readHead, readJson } from '../files';
import { emptyDataset, type DatasetReader, type SourceDataset } from '../model';
import { parseItem } from '../parse';
import { filesBelow } from '../walk';
import { shapeToMask, type MaskShape } from './labelme-mask';

const headBytes = 4_096;
const largestFile = 128_000_000;
/** As large as an image may be; masks of what a file says is its image's size are made before the image is seen. */
const longestSide = 100_000;
const mostPixels = 100_000_000;
const mostShapes = 100_000;

const point = z.tuple([z.number(), z.number()]);
const shape = z.object({
  label: z.string().max(500).default(''),
  points: z.array(point).max(100_000),
  group_id: z.number().int().nullish(),
  description: z.string().nullish(),
  shape_type: z.string().default('polygon'),
  mask: z.string().nullish(),
});
type Shape = z.output<typeof shape>;
const annotation = z.object({
  imagePath: z.string().min(1),
  imageHeight: z.number().int().positive().max(longestSide).nullish(),
  imageWidth: z.number().int().positive().max(longestSide).nullish(),
  shapes: z.array(z.unknown()).max(mostShapes),
});

const isJson = (name: string) => /\.json$/i.test(name);

async function annotationsAt(path: string, most?: number): Promise<{ folder: string; names: string[] }> {
  if (await isFolder(path)) return { folder: path, names: await filesBelow(path, isJson, most) };
  return { folder: dirname(path), names: isJson(path) ? [path.slice(dirname(path).length + 1)] : [] };
}

export const labelme: DatasetReader = {
  format: 'labelme',

  async detect(path) {
    const { folder, names } = await annotationsAt(path, 0);
    const [first] = names;
    if (first === undefined) return false;
    const head = await readHead(join(folder, first), headBytes);
    return /"shapes"\s*:/.test(head) && /"(version|flags|imagePath)"\s*:/.test(head);
  },

  async read({ path, imagesPath, breather }) {
    const { folder, names } = await annotationsAt(path);
    const dataset = emptyDataset({ format: 'labelme', name: nameOf(folder), root: imagesPath ?? folder });
    for (const name of names) {
      await breather.breathe();
      try {
        if ((await stat(join(folder, name))).size > largestFile) {
          throw new WorkbenchError(
            'too-large',
            'The file is larger than any annotation of one image.',
            'It may not be one of labelme; move it away, or choose the files’ own folder.',
          );
        }
        await readAnnotation(await readJson(join(folder, name)), name, dataset, breather);
      } catch (error) {
        // One broken file of many; a file that was chosen by itself is the whole.
        if (!(error instanceof WorkbenchError) || names.length === 1) throw error;
        dataset.rejected.push({ kind: 'not-well-formed', where: name, message: error.message });
      }
    }
    return dataset;
  },
};

async function readAnnotation(
  value: unknown,
  name: string,
  dataset: SourceDataset,
  breather: Breather,
): Promise<void> {
  const { rejected } = dataset;
  const parsed = parseItem(annotation, value, name, rejected);
  if (!parsed) return;
  const file = posix.join(posix.dirname(name), parsed.imagePath.replace(/\\/g, '/'));
  const { imageWidth: width = null, imageHeight: height = null } = parsed;
  const size = width !== null && height !== null ? { width, height } : null;
  if (size && size.width * size.height > mostPixels) {
    const message = `it says that its image has ${size.width}×${size.height} pixels; no image may have as many`;
    rejected.push({ kind: 'not-well-formed', where: name, message });
    return;
  }
  dataset.images.push({ key: file, file, width, height, split: '', where: name });
  const groups = new Map<string, { shapes: Shape[]; where: string }>();
  for (const [index, item] of parsed.shapes.entries()) {
    const where = `${name} shape ${index}`;
    const one = parseItem(shape, item, where, rejected);
    if (!one) continue;
    const group = typeof one.group_id === 'number' ? String(one.group_id) : `shape-${index}`;
    const known = groups.get(group);
    if (known) known.shapes.push(one);
    else groups.set(group, { shapes: [one], where });
  }
  for (const [group, { shapes, where }] of groups) {
    await breather.breathe();
    const key = `${file}#${group}`;
    let mask: RunLengthMask | null = null;
    try {
      mask = size && (await maskOf(shapes, size, breather));
    } catch (error) {
      if (!(error instanceof WorkbenchError)) throw error;
      rejected.push({ kind: 'not-well-formed', where, message: error.message });
      continue;
    }
    const rectangle = shapes.find(
      ({ shape_type, points }) => shape_type === 'rectangle' && points.length === 2,
    );
    dataset.referents.push({
      key,
      imageKey: file,
      category: shapes[0]?.label ?? '',
      box: boxAround(rectangle ? rectangle.points : shapes.flatMap(pointsOf)),
      mask: mask && { form: 'packed', size: [...mask.size], counts: mask.counts },
      attributes: {},
      where,
    });
    const lines = shapes.flatMap(({ description }) => (description ?? '').split(/\r\n|\n|\r/));
    for (const [line, text] of lines.filter((text) => text.trim() !== '').entries()) {
      const expression = { key: `${key}-${line}`, referentKey: key, imageKey: file, text, kind: '' };
      dataset.expressions.push({ ...expression, split: null, attributes: {}, where });
    }
  }
}

/** The points that span a shape; a mask shape's last pixels belong to it, and a circle's second point is on its edge. */
function pointsOf({ shape_type, points }: Shape): [number, number][] {
  const [[x1, y1] = [0, 0], [x2, y2] = [0, 0]] = points;
  if (shape_type === 'mask') return [[x1, y1], [x2 + 1, y2 + 1]]; // prettier-ignore
  if (shape_type !== 'circle') return points;
  const radius = Math.hypot(x2 - x1, y2 - y1);
  return [[x1 - radius, y1 - radius], [x1 + radius, y1 + radius]]; // prettier-ignore
}

/** Polygons and mask shapes united; null where there are none. */
async function maskOf(
  shapes: readonly Shape[],
  image: Size,
  breather: Breather,
): Promise<RunLengthMask | null> {
  let united: RunLengthMask | null = null;
  for (const { shape_type, points, mask } of shapes) {
    await breather.breathe();
    let part: RunLengthMask;
    if (shape_type === 'mask' && mask && points.length === 2) {
      part = await shapeToMask({ points: points as MaskShape['points'], mask }, image);
    } else if (shape_type === 'polygon' && points.length >= 3) {
      const drawn = checkMask({ form: 'polygons', polygons: [points.flat()] }, image);
      if ('kind' in drawn) continue;
      part = drawn;
    } else continue;
    united = united ? uniteRunLengths(united, part) : part;
  }
  return united;
}
