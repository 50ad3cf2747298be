/** COCO instances with expressions in a CSV file: each row names an annotation, or an image and a box. */
import { join } from 'node:path';
import { boxIou } from '../../../../common/geometry/iou';
import type { ImageBox } from '../../../../common/geometry/types';
import { findImagesFolder, jsonFilesAt, nameOf } from '../files';
import { emptyDataset, type DatasetReader, type SourceReferent } from '../model';
import { addMentioned, readCocoInstances, type CocoInstances } from './coco';
import { looksLikeCoco } from './coco-expressions';
import { boxOfRow, expressionColumns, hasBoxColumns, onlyOne, tableOf, tablesAt, textOfRow } from './table';

/** A box of a row is an annotation's where they agree but for rounding. */
const sameObjectIou = 0.99;

function fits(columns: readonly string[]): boolean {
  return (
    expressionColumns.some((name) => columns.includes(name)) &&
    (columns.includes('annotation_id') || (columns.includes('image') && hasBoxColumns(columns)))
  );
}

/** The CSV files that fit, and COCO's JSON files beside them. */
async function find(path: string): Promise<{ folder: string; tables: string[]; instances: string[] }> {
  const { folder, names: tables } = await tablesAt(path, fits);
  const { names: instances } = await jsonFilesAt(folder, looksLikeCoco);
  return { folder, tables, instances };
}

export const cocoCsv: DatasetReader = {
  format: 'coco-csv',

  async detect(path) {
    const { tables, instances } = await find(path);
    return tables.length > 0 && instances.length > 0;
  },

  async read({ path, imagesPath, breather }) {
    const found = await find(path);
    const { folder } = found;
    const table = onlyOne(
      found.tables,
      'CSV file with the columns annotation_id (or image and a box) and expression',
    );
    const json = onlyOne(found.instances, "JSON file in COCO's instances format");
    const dataset = emptyDataset({ format: 'coco-csv', name: nameOf(path), root: folder });
    const instances = await readCocoInstances(join(folder, json), dataset.rejected, breather);
    const { rows } = await tableOf(join(folder, table), dataset.rejected, breather);
    const finder = new ReferentFinder(instances);
    const splits = new Map<string, string>();
    for await (const { line, values } of rows) {
      const where = `${table}:${line}`;
      const meant = finder.find(values, where);
      if ('message' in meant) {
        dataset.rejected.push({ kind: meant.kind, where, message: meant.message });
        continue;
      }
      const split = (values.get('split') ?? '').trim();
      if (!splits.has(meant.imageKey)) splits.set(meant.imageKey, split);
      dataset.expressions.push({
        key: (values.get('id') ?? '').trim() || String(line),
        referentKey: meant.referentKey,
        imageKey: meant.imageKey,
        text: textOfRow(values),
        kind: (values.get('kind') ?? '').trim(),
        split,
        attributes: {},
        where,
      });
    }
    addMentioned(dataset, instances, splits);
    dataset.root = await findImagesFolder(
      folder,
      imagesPath,
      dataset.images.map((image) => image.file),
    );
    return dataset;
  },
};

type Meant = { imageKey: string; referentKey: string | null } | { kind: string; message: string };

/** Finds the annotation that a row means; a box that nobody annotated becomes an object of its own. */
class ReferentFinder {
  readonly #instances: CocoInstances;
  readonly #imageKeyOfFile: Map<string, string>;
  readonly #byImage = new Map<string, SourceReferent[]>();

  constructor(instances: CocoInstances) {
    this.#instances = instances;
    this.#imageKeyOfFile = new Map([...instances.images.values()].map((image) => [image.file, image.key]));
    for (const referent of instances.referents.values()) this.#onImage(referent.imageKey).push(referent);
  }

  find(values: ReadonlyMap<string, string>, where: string): Meant {
    const annotationId = (values.get('annotation_id') ?? '').trim();
    if (annotationId !== '') {
      const referent = this.#instances.referents.get(annotationId);
      if (!referent) return { kind: 'unknown-referent', message: `there is no annotation ${annotationId}` };
      return { imageKey: referent.imageKey, referentKey: referent.key };
    }
    const named = (values.get('image') ?? '').trim();
    const imageKey =
      this.#imageKeyOfFile.get(named) ?? (this.#instances.images.has(named) ? named : undefined);
    if (imageKey === undefined) return { kind: 'unknown-image', message: `there is no image "${named}"` };
    const box = boxOfRow(values);
    if (box === undefined) return { kind: 'not-well-formed', message: 'the box is not four numbers' };
    if (box === null) return { imageKey, referentKey: null };
    const known = this.#onImage(imageKey).find(
      (referent) => referent.box && boxIou(referent.box, box) >= sameObjectIou,
    );
    return { imageKey, referentKey: known?.key ?? this.#add(imageKey, box, values, where) };
  }

  #add(imageKey: string, box: ImageBox, values: ReadonlyMap<string, string>, where: string): string {
    const key = `${imageKey}#${box.x},${box.y},${box.width},${box.height}`;
    const category = (values.get('category') ?? '').trim();
    const referent = { key, imageKey, category, box, mask: null, attributes: {}, where };
    this.#instances.referents.set(key, referent);
    this.#onImage(imageKey).push(referent);
    return key;
  }

  #onImage(imageKey: string): SourceReferent[] {
    const known = this.#byImage.get(imageKey);
    if (known) return known;
    const none: SourceReferent[] = [];
    this.#byImage.set(imageKey, none);
    return none;
  }
}
