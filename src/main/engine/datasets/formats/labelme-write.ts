/**
 * Writes labelme: one JSON file for each image, beside it. An object is a rectangle, and a mask shape where it has a
 * mask; both carry the same group. Its expressions are the lines of the rectangle's description.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { ValidExpression } from '../model';
import { annotationNames, copyImages, counted, grouped } from '../write-files';
import type { DatasetWriter } from '../writer';
import { boxOf } from './coco-ids';
import { maskToShape } from './labelme-mask';

export const labelmeVersion = '5.5.0';

export const writeLabelme: DatasetWriter = async ({ folder, dataset, content, images: copies, control }) => {
  const { images, referents, expressions } = content;
  const names = annotationNames(images);
  const objectsOn = grouped(
    referents.filter((referent) => boxOf(referent) !== null),
    ({ imageKey }) => imageKey,
  );
  const saidOf = grouped<ValidExpression>(
    expressions.filter(({ referentKey }) => referentKey !== null),
    ({ referentKey }) => referentKey ?? '',
  );
  const heldReferents = new Map<string, string>();
  const heldExpressions = new Map<string, string>();
  for (const { key, file, width, height } of counted('Writing annotations', images, control)) {
    const shapes: unknown[] = [];
    for (const [index, referent] of (objectsOn.get(key) ?? []).entries()) {
      const box = boxOf(referent);
      if (!box) continue;
      const group = index + 1;
      const held = `${file}#${group}`;
      heldReferents.set(referent.key, held);
      const said = saidOf.get(referent.key) ?? [];
      said.forEach((expression, line) => heldExpressions.set(expression.key, `${held}-${line}`));
      const common = { label: referent.category, group_id: group, flags: {} };
      shapes.push({
        ...common,
        points: [
          [box.x, box.y],
          [box.x + box.width, box.y + box.height],
        ],
        description: said.map(({ text }) => text).join('\n'),
        shape_type: 'rectangle',
        mask: null,
      });
      const mask = referent.mask && (await maskToShape(referent.mask));
      if (mask) shapes.push({ ...common, ...mask, description: '', shape_type: 'mask' });
    }
    const place = join(folder, `${names.get(file)}.json`);
    await mkdir(dirname(place), { recursive: true });
    const head = { version: labelmeVersion, flags: {}, shapes, imagePath: basename(file), imageData: null };
    await writeFile(place, JSON.stringify({ ...head, imageHeight: height, imageWidth: width }, null, 2));
  }
  if (copies)
    await copyImages(dataset.root, folder, new Map(images.map(({ file }) => [file, file])), control);
  return {
    images: new Map(images.map(({ key, file }) => [key, file])),
    referents: heldReferents,
    expressions: heldExpressions,
    files: ['.'],
  };
};
