/**
 * Writes ODVG grounding JSONL, as MMDetection and Grounding DINO train on: one file for each split, one line for each
 * expression, whose region is the object that it means.
 */
import { join } from 'node:path';
import { copyImages, fileSplit, grouped, writeLines } from '../write-files';
import type { DatasetWriter } from '../writer';
import { boxOf } from './coco-ids';
import { lengthOf } from './mdetr-write';

export const writeOdvg: DatasetWriter = async ({ folder, dataset, content, images: copies, control }) => {
  const images = new Map(content.images.map((image) => [image.key, image]));
  const referents = new Map(content.referents.map((referent) => [referent.key, referent]));
  const heldImages = new Map<string, string>();
  const heldReferents = new Map<string, string>();
  const heldExpressions = new Map<string, string>();
  const files: string[] = [];
  for (const [split, expressions] of grouped(content.expressions, (one) => fileSplit(one.split))) {
    const lines: unknown[] = [];
    for (const { key, imageKey, referentKey, text } of expressions) {
      const image = images.get(imageKey);
      const referent = referents.get(referentKey ?? '');
      const box = referent && boxOf(referent);
      // A line without a region means nothing; an object without a box would look like that.
      if (!image || (referentKey !== null && !box)) continue;
      heldImages.set(imageKey, image.file);
      heldExpressions.set(key, key);
      if (referent) heldReferents.set(referent.key, referent.key);
      const regions =
        referent && box
          ? [
              {
                bbox: [box.x, box.y, box.x + box.width, box.y + box.height],
                phrase: text,
                tokens_positive: [[0, lengthOf(text)]],
                category: referent.category,
                object_id: referent.key,
              },
            ]
          : [];
      const { file: filename, height, width } = image;
      lines.push({ filename, height, width, expression_id: key, grounding: { caption: text, regions } });
    }
    const name = `odvg_${split}.jsonl`;
    files.push(name);
    await writeLines(join(folder, name), lines);
  }
  if (copies) {
    const names = new Map(content.images.map(({ file }) => [file, file]));
    await copyImages(dataset.root, join(folder, 'images'), names, control);
  }
  return { images: heldImages, referents: heldReferents, expressions: heldExpressions, files };
};
