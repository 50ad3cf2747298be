/** Writes grounding JSONL with a copy of the images: everything the workbench knows of a dataset, and whole by itself. */
import { constants } from 'node:fs';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DatasetSummary } from '../../../../common/contract';
import { WorkbenchError } from '../../../../common/errors';
import type { DatasetContent } from '../model';
import { formatVersion } from './grounding-jsonl';

const copiesAtOnce = 8;

export async function writeGroundingJsonl(
  folder: string,
  dataset: DatasetSummary,
  { images, referents, expressions }: DatasetContent,
): Promise<number> {
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
  await copyImages(
    dataset.root,
    folder,
    images.map((image) => image.file),
  );
  return expressions.length;
}

async function writeLines(path: string, values: readonly unknown[]): Promise<void> {
  await writeFile(path, values.map((value) => `${JSON.stringify(value)}\n`).join(''));
}

async function copyImages(root: string, folder: string, files: readonly string[]): Promise<void> {
  const distinct = [...new Set(files)];
  let next = 0;
  const work = async () => {
    for (let file = distinct[next++]; file !== undefined; file = distinct[next++]) {
      const target = join(folder, file);
      await mkdir(dirname(target), { recursive: true });
      try {
        // Shares the blocks on disk where the file system can.
        await copyFile(join(root, file), target, constants.COPYFILE_FICLONE);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
        throw new WorkbenchError(
          'not-found',
          `The image ${file} is no longer in ${root}.`,
          'Put the images back where they were imported from, or export in a format without images.',
          { cause: error },
        );
      }
    }
  };
  await Promise.all(Array.from({ length: copiesAtOnce }, work));
}
