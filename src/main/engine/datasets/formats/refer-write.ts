/**
 * Writes REFER's two files: instances.json and refs(workbench).p. Images are not copied: file names are those of the
 * imported dataset's folder, as REFER's tools expect them apart. Masks are written as packed run lengths, which
 * pycocotools reads and which keep holes and parts exactly.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatasetSummary } from '../../../../common/contract';
import type { DatasetContent, ValidExpression, ValidImage, ValidReferent } from '../model';
import { writePickle, type Writable } from '../pickle-writer';
import { boxOf, cocoCategories, cocoGeometry, cocoIds, type CocoIds } from './coco-write';

export async function writeRefer(
  folder: string,
  dataset: DatasetSummary,
  content: DatasetContent,
): Promise<number> {
  const ids = cocoIds(content);
  const { annotations, written: referents } = annotationsOf(content, ids);
  const instances = {
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
  };
  await writeFile(join(folder, 'instances.json'), JSON.stringify(instances));
  const { references, written } = referencesOf(content, ids, referents);
  await writeFile(join(folder, 'refs(workbench).p'), writePickle(references));
  return written;
}

function annotationsOf({ referents }: DatasetContent, ids: CocoIds) {
  const annotations: Record<string, unknown>[] = [];
  const written = new Map<string, ValidReferent>();
  for (const referent of referents) {
    const box = boxOf(referent);
    // COCO has no object without a box.
    if (!box) continue;
    const { iscrowd = false, ...attributes } = referent.attributes;
    annotations.push({
      id: ids.referents.get(referent.key),
      image_id: ids.images.get(referent.imageKey),
      category_id: ids.categories.get(referent.category),
      ...cocoGeometry(referent, box),
      segmentation: referent.mask ?? [],
      iscrowd: iscrowd ? 1 : 0,
      ...(Object.keys(attributes).length > 0 && { attributes }),
    });
    written.set(referent.key, referent);
  }
  return { annotations, written };
}

/** One reference for each object and split; expressions that mean nothing have no place in REFER. */
function referencesOf(
  { images, expressions }: DatasetContent,
  ids: CocoIds,
  referents: ReadonlyMap<string, ValidReferent>,
): { references: Writable[]; written: number } {
  const imageByKey = new Map(images.map((image) => [image.key, image]));
  const groups = new Map<
    string,
    { referent: ValidReferent; image: ValidImage; expressions: ValidExpression[] }
  >();
  let written = 0;
  for (const expression of expressions) {
    const referent = referents.get(expression.referentKey ?? '');
    const image = imageByKey.get(expression.imageKey);
    if (!referent || !image) continue;
    const group = JSON.stringify([referent.key, expression.split]);
    const known = groups.get(group);
    if (known) known.expressions.push(expression);
    else groups.set(group, { referent, image, expressions: [expression] });
    written += 1;
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
  return { references, written };
}
