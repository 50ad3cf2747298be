/** COCO's instances JSON, which REFER and the COCO + CSV format share: images, categories and annotated objects. */
import { basename } from 'node:path';
import { z } from 'zod';
import type { ImportProblem } from '../../../../common/contract';
import { WorkbenchError } from '../../../../common/errors';
import type { Breather } from '../breathe';
import type { SourceDataset, SourceImage, SourceReferent } from '../model';
import { attributes, boxTuple, key, parseItem, toBox, toMask } from '../parse';
import { jsonItems } from '../stream-json';

export interface CocoInstances {
  images: Map<string, SourceImage>;
  /** By annotation id, in the file's order. */
  referents: Map<string, SourceReferent>;
}

const cocoCategory = z.object({ id: key, name: z.string() });

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

/** What a file in COCO's style holds, item by item; `other` are lists that only some dialects have. */
interface CocoVisitor {
  image(value: unknown, index: number): void;
  annotation(value: unknown, index: number): void;
  other?(list: string, value: unknown, index: number): void;
}

/**
 * Visits the images and annotations of a JSON file in COCO's style, in the file's order; returns the names of its
 * categories by id. Throws `invalid` where the lists are not there.
 */
export async function visitCocoFile(
  path: string,
  visitor: CocoVisitor,
  rejected: ImportProblem[],
  breather: Breather,
): Promise<Map<string, string>> {
  const name = basename(path);
  const categories = new Map<string, string>();
  const lists = new Set<string>();
  for await (const { list, index, value } of jsonItems(path, breather, lists)) {
    if (index === null) continue;
    if (list === 'images') visitor.image(value, index);
    else if (list === 'annotations') visitor.annotation(value, index);
    else if (list === 'categories') {
      const category = parseItem(cocoCategory, value, `${name} categories[${index}]`, rejected);
      if (category) categories.set(category.id, category.name);
    } else visitor.other?.(list, value, index);
  }
  const missing = ['images', 'annotations'].filter((list) => !lists.has(list));
  if (missing.length === 0) return categories;
  throw new WorkbenchError(
    'invalid',
    `${name} is not COCO's instances format: it has no list ${missing.map((list) => `"${list}"`).join(', ')}.`,
    'It must hold the lists "images", "annotations" and "categories".',
  );
}

export async function readCocoInstances(
  path: string,
  rejected: ImportProblem[],
  breather: Breather,
  further: {
    image?(value: unknown, image: SourceImage): void;
    annotation?(value: unknown, referent: SourceReferent): void;
    other?: CocoVisitor['other'];
  } = {},
): Promise<CocoInstances> {
  const name = basename(path);
  const instances: CocoInstances = { images: new Map(), referents: new Map() };
  const categoryOf = new Map<SourceReferent, string>();
  const categories = await visitCocoFile(
    path,
    {
      image(value, index) {
        const image = parseItem(cocoImage, value, `${name} images[${index}]`, rejected);
        if (!image) return;
        const { id, file_name, width = null, height = null } = image;
        const where = `${name} image ${id}`;
        if (instances.images.has(id))
          rejected.push({ kind: 'duplicate-id', where, message: 'the id occurs twice' });
        else {
          const found = { key: id, file: file_name, width, height, split: '', where };
          instances.images.set(id, found);
          further.image?.(value, found);
        }
      },
      annotation(value, index) {
        const annotation = parseItem(cocoAnnotation, value, `${name} annotations[${index}]`, rejected);
        if (!annotation) return;
        const { id, image_id, category_id, bbox, segmentation, iscrowd } = annotation;
        const where = `${name} annotation ${id}`;
        const mask = toMask(segmentation);
        if (mask === undefined) {
          const message = 'segmentation: neither run lengths nor polygons';
          rejected.push({ kind: 'not-well-formed', where, message });
        } else if (instances.referents.has(id)) {
          rejected.push({ kind: 'duplicate-id', where, message: 'the id occurs twice' });
        } else {
          const referent: SourceReferent = {
            key: id,
            imageKey: image_id,
            category: '',
            box: toBox(bbox),
            mask,
            attributes: iscrowd ? { ...annotation.attributes, iscrowd: true } : annotation.attributes,
            where,
          };
          instances.referents.set(id, referent);
          categoryOf.set(referent, category_id ?? '');
          further.annotation?.(value, referent);
        }
      },
      ...(further.other && { other: further.other }),
    },
    rejected,
    breather,
  );
  for (const [referent, id] of categoryOf) referent.category = categories.get(id) ?? '';
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
