/**
 * Writes YOLO boxes: data.yaml, `images`, `labels` and a list of images for each split. YOLO has no expressions; they
 * stand in expressions.jsonl, each with its image and the line of the label file that it means.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import type { ValidImage, ValidReferent } from '../model';
import { copyImages, counted, fileSplit, grouped, withoutExtension, writeLines } from '../write-files';
import type { DatasetWriter } from '../writer';
import { boxOf } from './coco-ids';
import { labelFileOf } from './yolo';

export const writeYolo: DatasetWriter = async ({ folder, dataset, content, images: copies, control }) => {
  const { images, referents, expressions } = content;
  const files = imageFiles(images);
  const fileOf = (key: string) => files.get(key) ?? '';
  const categories = [...new Set(referents.map(({ category }) => category))].sort();
  const objectsOn = grouped(
    referents.filter((referent) => boxOf(referent) !== null),
    ({ imageKey }) => imageKey,
  );
  const lineOf = new Map<string, { image: string; line: number }>();
  for (const image of counted('Writing annotations', images, control)) {
    const objects = objectsOn.get(image.key) ?? [];
    objects.forEach(({ key }, line) => lineOf.set(key, { image: fileOf(image.key), line }));
    const file = join(folder, labelFileOf(fileOf(image.key)));
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, objects.map((object) => labelLine(object, image, categories)).join(''));
  }
  const lists: Record<string, string> = {};
  const bySplit = grouped(images, (image) => fileSplit(image.split));
  for (const [split, members] of bySplit) {
    const name = yoloSplit(split);
    // Another split may have that name itself.
    lists[bySplit.has(name) || name in lists ? split : name] = `${split}.txt`;
    await writeFile(join(folder, `${split}.txt`), members.map(({ key }) => `./${fileOf(key)}\n`).join(''));
  }
  await writeFile(
    join(folder, 'data.yaml'),
    stringify({ path: '.', ...lists, nc: categories.length, names: categories }),
  );
  const held = expressions.filter(({ referentKey }) => referentKey === null || lineOf.has(referentKey));
  await writeLines(
    join(folder, 'expressions.jsonl'),
    held.map(({ key, imageKey, referentKey, text, kind, split }) => ({
      id: key,
      image: fileOf(imageKey),
      object: lineOf.get(referentKey ?? '')?.line ?? null,
      text,
      ...(kind !== '' && { kind }),
      split,
    })),
  );
  if (copies) {
    await copyImages(
      dataset.root,
      folder,
      new Map(images.map(({ key, file }) => [file, fileOf(key)])),
      control,
    );
  }
  return {
    images: files,
    referents: new Map([...lineOf].map(([key, { image, line }]) => [key, `${image}#${line}`])),
    expressions: new Map(held.map(({ key }) => [key, key])),
    files: ['data.yaml'],
  };
};

/** The names of splits that YOLO's trainers look for. */
function yoloSplit(split: string): string {
  return split === 'validation' || split === 'dev' ? 'val' : split;
}

/** Below `images`, and with names that differ in more than their extension, because label files have none of it. */
function imageFiles(images: readonly ValidImage[]): Map<string, string> {
  const taken = new Set<string>();
  return new Map(
    images.map(({ key, file }) => {
      const inner = `images/${file.replace(/^images\//, '')}`;
      const extension = inner.slice(withoutExtension(inner).length);
      let stem = withoutExtension(inner);
      for (let number = 2; taken.has(stem.toLowerCase()); number += 1)
        stem = `${withoutExtension(inner)}-${number}`;
      taken.add(stem.toLowerCase());
      return [key, `${stem}${extension}`];
    }),
  );
}

function labelLine(
  referent: ValidReferent,
  { width, height }: ValidImage,
  categories: readonly string[],
): string {
  const box = boxOf(referent);
  if (!box) return '';
  const shares = [
    (box.x + box.width / 2) / width,
    (box.y + box.height / 2) / height,
    box.width / width,
    box.height / height,
  ];
  return `${categories.indexOf(referent.category)} ${shares.join(' ')}\n`;
}
