/**
 * Writes REFER's files: instances.json, and the references both as refs(workbench).p, the pickle that REFER's tools
 * load, and as refs(workbench).json. Masks are written so that pycocotools reads holes and parts exactly.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatasetContent, ValidExpression, ValidImage, ValidReferent } from '../model';
import { writePickle, type Writable } from '../pickle-writer';
import { copyImages, listPieces, writeJsonObject, writePieces } from '../write-files';
import type { DatasetWriter, WriteRequest } from '../writer';
import {
  boxOf,
  cocoCategories,
  cocoGeometry,
  cocoIds,
  cocoSegmentation,
  heldKeys,
  type CocoIds,
} from './coco-ids';

export const writeRefer: DatasetWriter = async (request) => {
  const { folder, dataset, content } = request;
  const ids = cocoIds(content);
  const { annotations, written, masksKeptPacked } = cocoAnnotations(request, ids);
  await writeJsonObject(join(folder, 'instances.json'), {
    info: { description: dataset.description || dataset.name },
    licenses: dataset.licence ? [{ id: 1, name: dataset.licence, url: '' }] : [],
    images: content.images.map(({ key, file, width, height }) => ({
      id: ids.images.get(key),
      file_name: file,
      width,
      height,
    })),
    annotations,
    categories: cocoCategories(ids),
  });
  const { references, expressions } = referencesOf(content, ids, written);
  await writeFile(join(folder, 'refs(workbench).p'), writePickle(references));
  await writePieces(join(folder, 'refs(workbench).json'), listPieces(references));
  if (request.images) {
    await copyImages(
      dataset.root,
      join(folder, 'images'),
      new Map(content.images.map(({ file }) => [file, file])),
      request.control,
    );
  }
  const mentioned = new Set(references.map(({ image_id }) => image_id));
  const held = content.images.filter(({ key }) => mentioned.has(ids.images.get(key) ?? null));
  const heldImages = new Set(held.map(({ key }) => key));
  return {
    // Images without a reference, and what is on them, are not found again by the references.
    images: new Map(held.map(({ key, file }) => [key, file])),
    referents: heldKeys(
      [...written.values()].filter(({ imageKey }) => heldImages.has(imageKey)).map(({ key }) => key),
      ids.referents,
    ),
    expressions: heldKeys(expressions, ids.expressions),
    files: ['refs(workbench).p', 'refs(workbench).json', 'instances.json'],
    masksKeptPacked,
  };
};

/** COCO's annotations of all objects that have a box. */
export function cocoAnnotations({ content, masks }: WriteRequest, ids: CocoIds) {
  const annotations: Record<string, unknown>[] = [];
  const written = new Map<string, ValidReferent>();
  let masksKeptPacked = 0;
  for (const referent of content.referents) {
    const box = boxOf(referent);
    // COCO has no object without a box.
    if (!box) continue;
    const { iscrowd = false, ...attributes } = referent.attributes;
    const segmentation = referent.mask && cocoSegmentation(referent.mask, masks);
    if (masks === 'polygons' && segmentation && !Array.isArray(segmentation)) masksKeptPacked += 1;
    annotations.push({
      id: ids.referents.get(referent.key),
      image_id: ids.images.get(referent.imageKey),
      category_id: ids.categories.get(referent.category),
      ...cocoGeometry(referent, box),
      segmentation: segmentation ?? [],
      iscrowd: iscrowd ? 1 : 0,
      ...(Object.keys(attributes).length > 0 && { attributes }),
    });
    written.set(referent.key, referent);
  }
  return { annotations, written, masksKeptPacked };
}

type Reference = { image_id: number | null } & { [name: string]: Writable };

/** One reference for each object and split; expressions that mean nothing have no place in REFER. */
function referencesOf(
  { images, expressions }: DatasetContent,
  ids: CocoIds,
  referents: ReadonlyMap<string, ValidReferent>,
): { references: Reference[]; expressions: string[] } {
  const imageByKey = new Map(images.map((image) => [image.key, image]));
  const groups = new Map<
    string,
    { referent: ValidReferent; image: ValidImage; expressions: ValidExpression[] }
  >();
  const written: string[] = [];
  for (const expression of expressions) {
    const referent = referents.get(expression.referentKey ?? '');
    const image = imageByKey.get(expression.imageKey);
    if (!referent || !image) continue;
    const group = JSON.stringify([referent.key, expression.split]);
    const known = groups.get(group);
    if (known) known.expressions.push(expression);
    else groups.set(group, { referent, image, expressions: [expression] });
    written.push(expression.key);
  }
  const references = [...groups.values()].map(({ referent, image, expressions: meant }, index) => ({
    ref_id: index + 1,
    ann_id: ids.referents.get(referent.key) ?? null,
    category_id: ids.categories.get(referent.category) ?? null,
    image_id: ids.images.get(image.key) ?? null,
    file_name: image.file,
    split: meant[0]?.split ?? '',
    sent_ids: meant.map(({ key }) => ids.expressions.get(key) ?? null),
    sentences: meant.map(({ key, text, kind }) => ({
      sent_id: ids.expressions.get(key) ?? null,
      sent: text,
      raw: text,
      tokens: text.toLowerCase().match(/[\p{L}\p{N}']+/gu) ?? [],
      ...(kind !== '' && { kind }),
    })),
  }));
  return { references, expressions: written };
}
