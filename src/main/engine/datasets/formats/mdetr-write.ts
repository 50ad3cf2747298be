/**
 * Writes MDETR's fine-tuning JSON: one file for each split, one `images` entry for each expression. Images are not
 * copied. The format has no place for objects that no expression means, nor for attributes; masks are written as
 * `segmentation`, which MDETR itself does not read.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatasetSummary } from '../../../../common/contract';
import type { DatasetContent, ValidExpression } from '../model';
import { boxOf, cocoCategories, cocoGeometry, cocoIds } from './coco-write';

export async function writeMdetr(
  folder: string,
  dataset: DatasetSummary,
  content: DatasetContent,
): Promise<number> {
  const ids = cocoIds(content);
  const datasetName = dataset.name.toLowerCase().replace(/[^a-z0-9]+/g, '') || 'dataset';
  const images = new Map(content.images.map((image) => [image.key, image]));
  const referents = new Map(content.referents.map((referent) => [referent.key, referent]));
  for (const [split, expressions] of bySplit(content.expressions)) {
    const entries: unknown[] = [];
    const annotations: unknown[] = [];
    for (const { key, imageKey, referentKey, text, kind } of expressions) {
      const image = images.get(imageKey);
      if (!image) continue;
      const id = ids.expressions.get(key);
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
      const referent = referents.get(referentKey ?? '');
      const box = referent && boxOf(referent);
      // An expression that means nothing has no annotation.
      if (!referent || !box) continue;
      annotations.push({
        ...cocoGeometry(referent, box),
        iscrowd: 0,
        image_id: id,
        category_id: ids.categories.get(referent.category),
        id: annotations.length + 1,
        original_id: ids.referents.get(referent.key),
        tokens_positive: [[0, lengthOf(text)]],
        ...(referent.mask && { segmentation: referent.mask }),
      });
    }
    const file = {
      info: { description: dataset.name },
      licenses: [],
      images: entries,
      annotations,
      categories: cocoCategories(ids),
    };
    await writeFile(join(folder, `finetune_${datasetName}_${split}.json`), JSON.stringify(file));
  }
  return content.expressions.length;
}

/** By the split as it stands in a file's name. */
function bySplit(expressions: readonly ValidExpression[]): Map<string, ValidExpression[]> {
  const splits = new Map<string, ValidExpression[]>();
  for (const expression of expressions) {
    const split = fileSplit(expression.split);
    const known = splits.get(split);
    if (known) known.push(expression);
    else splits.set(split, [expression]);
  }
  return splits;
}

/** The reader takes the split from behind the last underscore. */
function fileSplit(split: string): string {
  return split.replace(/[^\p{L}\p{N}-]+/gu, '-') || 'all';
}

/** Python counts characters, not UTF-16 units. */
function lengthOf(text: string): number {
  return [...text].length;
}
