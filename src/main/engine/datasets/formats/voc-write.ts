/** Writes Pascal VOC: `Annotations/<image>.xml`, `JPEGImages`, and a list of images for each split. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ValidExpression, ValidImage, ValidReferent } from '../model';
import { annotationNames, copyImages, counted, fileSplit, grouped } from '../write-files';
import type { DatasetWriter } from '../writer';
import { xmlText } from '../xml';
import { boxOf, cocoIds, heldKeys, type CocoIds } from './coco-ids';

export const writeVoc: DatasetWriter = async ({ folder, dataset, content, images: copies, control }) => {
  const { images, referents, expressions } = content;
  const ids = cocoIds(content);
  const names = annotationNames(images);
  const objectsOn = grouped(
    referents.filter((referent) => boxOf(referent) !== null),
    ({ imageKey }) => imageKey,
  );
  const saidOf = grouped(expressions, ({ referentKey }) => referentKey ?? '');
  const absentOn = grouped(saidOf.get('') ?? [], ({ imageKey }) => imageKey);
  for (const image of counted('Writing annotations', images, control)) {
    const file = join(folder, 'Annotations', `${names.get(image.file)}.xml`);
    await mkdir(dirname(file), { recursive: true });
    const objects = objectsOn.get(image.key) ?? [];
    const absent = absentOn.get(image.key) ?? [];
    await writeFile(file, annotation(image, objects, saidOf, absent, ids));
  }
  const sets = join(folder, 'ImageSets', 'Main');
  await mkdir(sets, { recursive: true });
  for (const [split, members] of grouped(images, (image) => fileSplit(image.split).replaceAll('_', '-'))) {
    await writeFile(join(sets, `${split}.txt`), members.map(({ file }) => `${names.get(file)}\n`).join(''));
  }
  const files = new Map(images.map(({ file }) => [file, file]));
  if (copies) await copyImages(dataset.root, join(folder, 'JPEGImages'), files, control);
  const heldReferents = [...objectsOn.values()].flat().map(({ key }) => key);
  const held = new Set(heldReferents);
  const heldExpressions = expressions.filter(
    ({ referentKey }) => referentKey === null || held.has(referentKey),
  );
  return {
    images: new Map(images.map(({ key, file }) => [key, file])),
    referents: heldKeys(heldReferents, ids.referents),
    expressions: heldKeys(
      heldExpressions.map(({ key }) => key),
      ids.expressions,
    ),
    files: ['Annotations'],
  };
};

function annotation(
  { file, width, height }: ValidImage,
  objects: readonly ValidReferent[],
  saidOf: ReadonlyMap<string, readonly ValidExpression[]>,
  absent: readonly ValidExpression[],
  ids: CocoIds,
): string {
  const said = ({ key, text }: ValidExpression) =>
    `<expression id="${ids.expressions.get(key)}">${xmlText(text)}</expression>`;
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<annotation>',
    '  <folder>JPEGImages</folder>',
    `  <filename>${xmlText(file)}</filename>`,
    `  <size><width>${width}</width><height>${height}</height><depth>3</depth></size>`,
    '  <segmented>0</segmented>',
    ...absent.map((expression) => `  ${said(expression)}`),
  ];
  for (const referent of objects) {
    const box = boxOf(referent);
    if (!box) continue;
    const sides = { xmin: box.x + 1, ymin: box.y + 1, xmax: box.x + box.width, ymax: box.y + box.height };
    const corners = Object.entries(sides).map(([side, value]) => `<${side}>${value}</${side}>`);
    lines.push(
      `  <object id="${ids.referents.get(referent.key)}">`,
      `    <name>${xmlText(referent.category)}</name>`,
      '    <pose>Unspecified</pose><truncated>0</truncated><difficult>0</difficult>',
      `    <bndbox>${corners.join('')}</bndbox>`,
      ...(saidOf.get(referent.key) ?? []).map((expression) => `    ${said(expression)}`),
      '  </object>',
    );
  }
  return `${lines.join('\n')}\n</annotation>\n`;
}
