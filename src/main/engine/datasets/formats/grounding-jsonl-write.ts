/** Writes grounding JSONL: everything the workbench knows of a dataset, and whole by itself with its images. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { copyImages, writeLines } from '../write-files';
import type { DatasetWriter } from '../writer';
import { formatVersion } from './grounding-jsonl';

export const writeGroundingJsonl: DatasetWriter = async ({
  folder,
  dataset,
  content,
  images: copies,
  control,
}) => {
  const { images, referents, expressions } = content;
  const { name, description, licence } = dataset;
  const head = { format: 'grounding-jsonl', version: formatVersion, name, description, licence };
  await writeFile(join(folder, 'dataset.json'), `${JSON.stringify(head, null, 2)}\n`);
  await writeLines(
    join(folder, 'images.jsonl'),
    images.map(({ key, file, width, height, split }) => ({ id: key, file, width, height, split })),
  );
  await writeLines(
    join(folder, 'referents.jsonl'),
    referents.map(({ key, imageKey, category, box, mask, attributes }) => ({
      id: key,
      image: imageKey,
      category,
      box: box && [box.x, box.y, box.width, box.height],
      ...(mask && { mask }),
      attributes,
    })),
  );
  const splits = new Map(images.map((image) => [image.key, image.split]));
  await writeLines(
    join(folder, 'expressions.jsonl'),
    expressions.map(({ key, imageKey, referentKey, text, kind, split, attributes }) => ({
      id: key,
      referent: referentKey,
      ...(referentKey === null && { image: imageKey }),
      text,
      kind,
      ...(split !== splits.get(imageKey) && { split }),
      attributes,
    })),
  );
  if (copies)
    await copyImages(dataset.root, folder, new Map(images.map(({ file }) => [file, file])), control);
  return {
    images: new Map(images.map(({ key, file }) => [key, file])),
    referents: new Map(referents.map(({ key }) => [key, key])),
    expressions: new Map(expressions.map(({ key }) => [key, key])),
    files: ['dataset.json', 'images.jsonl', 'referents.jsonl', 'expressions.jsonl'],
  };
};
