/** What REFER, MDETR and COCO files have in common when written: whole numbers for ids, and COCO's way to put geometry. */
import { boxArea } from '../../../../common/geometry/boxes';
import { exactPolygons } from '../../../../common/geometry/mask-polygons';
import { runLengthArea, runLengthBox, unpackCounts } from '../../../../common/geometry/rle';
import type { ImageBox, RunLengthMask } from '../../../../common/geometry/types';
import type { MaskForm } from '../../../../common/contract';
import type { DatasetContent, ValidReferent } from '../model';

/**
 * Ids as COCO has them. Keys that are whole numbers already stay what they are; as soon as one is not, all of that
 * list are numbered anew from 1.
 */
export function numberKeys(keys: Iterable<string>): Map<string, number> {
  const all = [...new Set(keys)];
  const numeric = all.every((key) => /^(0|[1-9]\d{0,14})$/.test(key));
  return new Map(all.map((key, index) => [key, numeric ? Number(key) : index + 1]));
}

export interface CocoIds {
  images: Map<string, number>;
  referents: Map<string, number>;
  expressions: Map<string, number>;
  categories: Map<string, number>;
}

export function cocoIds({ images, referents, expressions }: DatasetContent): CocoIds {
  const categories = [...new Set(referents.map((referent) => referent.category))].sort();
  return {
    images: numberKeys(images.map((image) => image.key)),
    referents: numberKeys(referents.map((referent) => referent.key)),
    expressions: numberKeys(expressions.map((expression) => expression.key)),
    categories: new Map(categories.map((category, index) => [category, index + 1])),
  };
}

export function cocoCategories({ categories }: CocoIds): { id: number; name: string }[] {
  return [...categories].map(([name, id]) => ({ id, name }));
}

/** The box, or the mask's where there is none; null where there is neither. */
export function boxOf({ box, mask }: ValidReferent): ImageBox | null {
  return box ?? (mask && runLengthBox(mask));
}

export function cocoGeometry({ mask }: ValidReferent, box: ImageBox) {
  return {
    bbox: [box.x, box.y, box.width, box.height],
    area: mask ? runLengthArea(mask) : boxArea(box),
  };
}

/** COCO's `segmentation` in the wanted form; packed run lengths where polygons would not give the same pixels. */
export function cocoSegmentation(
  mask: RunLengthMask,
  form: MaskForm,
): RunLengthMask | { size: readonly [number, number]; counts: number[] } | number[][] {
  if (form === 'runs') return { size: mask.size, counts: unpackCounts(mask) };
  return (form === 'polygons' && exactPolygons(mask)) || mask;
}

/** Ids of what was written, as the reader will name it. */
export function heldKeys(keys: Iterable<string>, ids: ReadonlyMap<string, number>): Map<string, string> {
  return new Map([...keys].map((key) => [key, String(ids.get(key))]));
}
