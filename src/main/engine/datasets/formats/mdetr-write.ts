/**
 * Writes MDETR's fine-tuning JSON: one file for each split, one `images` entry for each expression. The format has no
 * place for objects that no expression means, nor for attributes; masks are written as `segmentation`, which MDETR
 * itself does not read.
 */
import { join } from 'node:path';
import { copyImages, fileSplit, grouped, writeJsonObject } from '../write-files';
import type { DatasetWriter } from '../writer';
import { boxOf, cocoCategories, cocoGeometry, cocoIds, cocoSegmentation, heldKeys } from './coco-ids';

export const writeMdetr: DatasetWriter = async ({
  folder,
  dataset,
  content,
  images: copies,
  masks,
  control,
}) => {
  const ids = cocoIds(content);
  const datasetName = dataset.name.toLowerCase().replace(/[^a-z0-9]+/g, '') || 'dataset';
  const images = new Map(content.images.map((image) => [image.key, image]));
  const referents = new Map(content.referents.map((referent) => [referent.key, referent]));
  const heldImages = new Map<string, string>();
  const heldReferents = new Set<string>();
  const heldExpressions = new Set<string>();
  const files: string[] = [];
  let masksKeptPacked = 0;
  for (const [split, expressions] of grouped(content.expressions, (one) => fileSplit(one.split))) {
    const entries: unknown[] = [];
    const annotations: unknown[] = [];
    for (const { key, imageKey, referentKey, text, kind } of expressions) {
      const image = images.get(imageKey);
      const referent = referents.get(referentKey ?? '');
      const box = referent && boxOf(referent);
      // An entry without an annotation means nothing; an object without a box would look like that.
      if (!image || (referentKey !== null && (!referent || !box))) continue;
      const id = ids.expressions.get(key);
      heldImages.set(imageKey, image.file);
      heldExpressions.add(key);
      entries.push({
        file_name: image.file,
        height: image.height,
        width: image.width,
        id,
        original_id: ids.images.get(imageKey),
        caption: text,
        dataset_name: datasetName,
        tokens_negative: [[0, lengthOf(text)]],
        ...(kind !== '' && { kind }),
      });
      if (!referent || !box) continue;
      const segmentation = referent.mask && cocoSegmentation(referent.mask, masks);
      if (masks === 'polygons' && segmentation && !Array.isArray(segmentation)) masksKeptPacked += 1;
      heldReferents.add(referent.key);
      annotations.push({
        ...cocoGeometry(referent, box),
        iscrowd: 0,
        image_id: id,
        category_id: ids.categories.get(referent.category),
        id: annotations.length + 1,
        original_id: ids.referents.get(referent.key),
        tokens_positive: [[0, lengthOf(text)]],
        ...(segmentation && { segmentation }),
      });
    }
    const name = `finetune_${datasetName}_${split}.json`;
    files.push(name);
    await writeJsonObject(join(folder, name), {
      info: { description: dataset.name },
      licenses: [],
      images: entries,
      annotations,
      categories: cocoCategories(ids),
    });
  }
  if (copies) {
    const names = new Map(content.images.map(({ file }) => [file, file]));
    await copyImages(dataset.root, join(folder, 'images'), names, control);
  }
  return {
    images: heldImages,
    referents: heldKeys(heldReferents, ids.referents),
    expressions: heldKeys(heldExpressions, ids.expressions),
    files,
    masksKeptPacked,
  };
};

/** Python counts characters, not UTF-16 units. */
export function lengthOf(text: string): number {
  return [...text].length;
}
