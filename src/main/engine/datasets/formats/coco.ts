/** COCO's instances JSON, which REFER and the COCO + CSV format share: images, categories and annotated objects. */
import { basename } from 'node:path';
import { z } from 'zod';
import type { ImportProblem } from '../../../../common/contract';
import { WorkbenchError } from '../../../../common/errors';
import { readJson } from '../files';
import type { Breather } from '../breathe';
import type { SourceDataset, SourceImage, SourceReferent } from '../model';
import { attributes, boxTuple, key, parseItem, toBox, toMask } from '../parse';

export interface CocoInstances {
  images: Map<string, SourceImage>;
  /** By annotation id, in the file's order. */
  referents: Map<string, SourceReferent>;
}

const file = z.object({
  images: z.array(z.unknown()),
  annotations: z.array(z.unknown()),
  categories: z.array(z.object({ id: key, name: z.string() })).default([]),
});

const cocoImage = z.object({
  id: key,
  file_name: z.string(),
  width: z.number().nullish(),
  height: z.number().nullish(),
});

const cocoAnnotation = z.object({
  id: key,
  image_id: key,
  category_id: key.nullish(),
  bbox: boxTuple,
  segmentation: z.unknown().optional(),
  iscrowd: z.union([z.number(), z.boolean()]).nullish(),
  attributes,
});

/** The `images`, `annotations` and `categories` of a JSON file in COCO's style; throws `invalid` where they are not there. */
export async function readCocoFile(path: string): Promise<z.output<typeof file>> {
  const parsed = file.safeParse(await readJson(path));
  if (parsed.success) return parsed.data;
  throw new WorkbenchError(
    'invalid',
    `${basename(path)} is not COCO's instances format: ${z.prettifyError(parsed.error)}`,
    'It must hold the lists "images", "annotations" and "categories".',
  );
}

export async function readCocoInstances(
  path: string,
  rejected: ImportProblem[],
  breather: Breather,
): Promise<CocoInstances> {
  const { images, annotations, categories } = await readCocoFile(path);
  const name = basename(path);
  const categoryNames = new Map(categories.map((category) => [category.id, category.name]));
  const instances: CocoInstances = { images: new Map(), referents: new Map() };
  for (const [index, value] of images.entries()) {
    const image = parseItem(cocoImage, value, `${name} images[${index}]`, rejected);
    if (!image) continue;
    const { id, file_name, width = null, height = null } = image;
    const where = `${name} image ${id}`;
    if (instances.images.has(id))
      rejected.push({ kind: 'duplicate-id', where, message: 'the id occurs twice' });
    else instances.images.set(id, { key: id, file: file_name, width, height, split: '', where });
  }
  for (const [index, value] of annotations.entries()) {
    await breather.breathe();
    const annotation = parseItem(cocoAnnotation, value, `${name} annotations[${index}]`, rejected);
    if (!annotation) continue;
    const { id, image_id, category_id, bbox, segmentation, iscrowd } = annotation;
    const where = `${name} annotation ${id}`;
    const mask = toMask(segmentation);
    if (mask === undefined) {
      const message = 'segmentation: neither run lengths nor polygons';
      rejected.push({ kind: 'not-well-formed', where, message });
    } else if (instances.referents.has(id)) {
      rejected.push({ kind: 'duplicate-id', where, message: 'the id occurs twice' });
    } else {
      instances.referents.set(id, {
        key: id,
        imageKey: image_id,
        category: categoryNames.get(category_id ?? '') ?? '',
        box: toBox(bbox),
        mask,
        attributes: iscrowd ? { ...annotation.attributes, iscrowd: true } : annotation.attributes,
        where,
      });
    }
  }
  return instances;
}

/**
 * Adds the images that expressions mention, and every object annotated on them. Annotation files often cover far
 * more images than the expressions do. `splits`: split of each image by key, where known.
 */
export function addMentioned(
  dataset: SourceDataset,
  instances: CocoInstances,
  splits: ReadonlyMap<string, string>,
): void {
  for (const [imageKey, split] of splits) {
    const image = instances.images.get(imageKey);
    if (image) dataset.images.push({ ...image, split });
  }
  for (const referent of instances.referents.values()) {
    if (splits.has(referent.imageKey)) dataset.referents.push(referent);
  }
}
