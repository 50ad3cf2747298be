/** A folder of images and one CSV file: image, expression, box, and what else is known (docs/formats.md). */
import { join } from 'node:path';
import { findImagesFolder, nameOf } from '../files';
import { emptyDataset, type DatasetReader } from '../model';
import { boxOfRow, expressionColumns, hasBoxColumns, onlyOne, tableOf, tablesAt, textOfRow } from './table';

function fits(columns: readonly string[]): boolean {
  return (
    columns.includes('image') &&
    expressionColumns.some((name) => columns.includes(name)) &&
    hasBoxColumns(columns) &&
    !columns.includes('annotation_id')
  );
}

export const folderCsv: DatasetReader = {
  format: 'folder-csv',

  async detect(path) {
    return (await tablesAt(path, fits)).names.length > 0;
  },

  async read({ path, imagesPath, breather }) {
    const { folder, names } = await tablesAt(path, fits);
    const name = onlyOne(names, 'CSV file with the columns image, expression and a box');
    const dataset = emptyDataset({ format: 'folder-csv', name: nameOf(path), root: folder });
    const { rows } = await tableOf(join(folder, name), dataset.rejected, breather);
    const images = new Set<string>();
    const referents = new Set<string>();
    for await (const { line, values } of rows) {
      const where = `${name}:${line}`;
      const image = (values.get('image') ?? '').trim();
      const split = (values.get('split') ?? '').trim();
      const category = (values.get('category') ?? '').trim();
      const box = boxOfRow(values);
      if (box === undefined) {
        const message = 'the box is not four numbers';
        dataset.rejected.push({ kind: 'not-well-formed', where, message });
        continue;
      }
      if (!images.has(image)) {
        images.add(image);
        dataset.images.push({ key: image, file: image, width: null, height: null, split, where });
      }
      // Rows with the same box on the same image mean the same object.
      const referentKey =
        box === null
          ? null
          : (values.get('referent') ?? '').trim() ||
            `${image}#${box.x},${box.y},${box.width},${box.height}${category ? `,${category}` : ''}`;
      if (box !== null && referentKey !== null && !referents.has(referentKey)) {
        referents.add(referentKey);
        dataset.referents.push({
          key: referentKey,
          imageKey: image,
          category,
          box,
          mask: null,
          attributes: {},
          where,
        });
      }
      dataset.expressions.push({
        key: (values.get('id') ?? '').trim() || String(line),
        referentKey,
        imageKey: image,
        text: textOfRow(values),
        kind: (values.get('kind') ?? '').trim(),
        split,
        attributes: {},
        where,
      });
    }
    dataset.root = await findImagesFolder(folder, imagesPath, [...images]);
    return dataset;
  },
};
