/** Writes one CSV file, a row for each expression. Images are named as in the dataset's folder. */
import { join } from 'node:path';
import { csvLine } from '../csv';
import { copyImages, writePieces } from '../write-files';
import type { DatasetWriter } from '../writer';
import { boxOf } from './coco-ids';

const columns = [
  'id', 'image', 'expression', 'x', 'y', 'width', 'height', 'category', 'split', 'kind', 'referent',
]; // prettier-ignore

export const writeFolderCsv: DatasetWriter = async ({
  folder,
  dataset,
  content,
  images: copies,
  control,
}) => {
  const images = new Map(content.images.map((image) => [image.key, image.file]));
  const referents = new Map(content.referents.map((referent) => [referent.key, referent]));
  const heldImages = new Map<string, string>();
  const heldReferents = new Map<string, string>();
  const heldExpressions = new Map<string, string>();
  const lines = [csvLine(columns)];
  for (const { key, imageKey, referentKey, text, split, kind } of content.expressions) {
    const file = images.get(imageKey);
    const referent = referents.get(referentKey ?? '');
    const box = referent ? boxOf(referent) : null;
    // A row without a box means nothing; an object without one would look like that. Spaces at ends are lost.
    if (file === undefined || (referentKey !== null && !box) || file !== file.trim()) continue;
    heldImages.set(imageKey, file);
    const id = `e${heldExpressions.size + 1}`;
    heldExpressions.set(key, id);
    if (referent && !heldReferents.has(referent.key)) {
      heldReferents.set(referent.key, `o${heldReferents.size + 1}`);
    }
    const sides = box ? [box.x, box.y, box.width, box.height].map(String) : ['', '', '', ''];
    const named = [referent?.category ?? '', split, kind, heldReferents.get(referentKey ?? '') ?? ''];
    lines.push(csvLine([id, file, text, ...sides, ...named]));
  }
  await writePieces(join(folder, 'expressions.csv'), lines);
  if (copies)
    await copyImages(
      dataset.root,
      folder,
      new Map([...images.values()].map((file) => [file, file])),
      control,
    );
  return {
    images: heldImages,
    referents: heldReferents,
    expressions: heldExpressions,
    files: ['expressions.csv'],
  };
};
