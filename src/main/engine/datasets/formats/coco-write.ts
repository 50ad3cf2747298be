/**
 * Writes COCO's instances.json. COCO has no expressions: they stand in a list `expressions` of their own, which
 * pycocotools and every other reader leave alone.
 */
import { join } from 'node:path';
import { copyImages, writeJsonObject } from '../write-files';
import type { DatasetWriter } from '../writer';
import { cocoCategories, cocoIds, heldKeys } from './coco-ids';
import { cocoAnnotations } from './refer-write';

export const writeCoco: DatasetWriter = async (request) => {
  const { folder, dataset, content } = request;
  const ids = cocoIds(content);
  const { annotations, written, masksKeptPacked } = cocoAnnotations(request, ids);
  const held = content.expressions.filter(
    ({ referentKey }) => referentKey === null || written.has(referentKey),
  );
  await writeJsonObject(join(folder, 'instances.json'), {
    info: { description: dataset.description || dataset.name },
    licenses: dataset.licence ? [{ id: 1, name: dataset.licence, url: '' }] : [],
    images: content.images.map(({ key, file, width, height, split }) => ({
      id: ids.images.get(key),
      file_name: file,
      width,
      height,
      ...(split !== '' && { split }),
    })),
    annotations,
    categories: cocoCategories(ids),
    expressions: held.map(({ key, imageKey, referentKey, text, kind, split, attributes }) => ({
      id: ids.expressions.get(key),
      image_id: ids.images.get(imageKey),
      annotation_id: referentKey === null ? null : ids.referents.get(referentKey),
      text,
      split,
      ...(kind !== '' && { kind }),
      ...(Object.keys(attributes).length > 0 && { attributes }),
    })),
  });
  if (request.images) {
    const names = new Map(content.images.map(({ file }) => [file, file]));
    await copyImages(dataset.root, join(folder, 'images'), names, request.control);
  }
  return {
    images: new Map(content.images.map(({ key, file }) => [key, file])),
    referents: heldKeys(written.keys(), ids.referents),
    expressions: heldKeys(
      held.map(({ key }) => key),
      ids.expressions,
    ),
    files: ['instances.json'],
    masksKeptPacked,
  };
};
