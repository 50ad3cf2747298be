/** What is known of the expressions of a table beside their measurements, and the values that slices are made by. */
import { sliceFields, type SliceField } from '../../../common/contract';
import { boxArea } from '../../../common/geometry/boxes';
import { intersectionArea } from '../../../common/geometry/iou';
import type { ImageBox, Size } from '../../../common/geometry/types';
import type { Pieces } from '../jobs/pieces';
import { quantile } from './bootstrap';
import { boxAt, type EvaluationTable, type Rows } from './table';

export interface AnnotatedObject {
  referentId: number;
  category: string;
  box: ImageBox;
}

/** A saved view of Browse, and what it shows. */
export interface SavedViewRows {
  id: number;
  name: string;
  expressionIds: ReadonlySet<number>;
}

/** One entry a row of the table. */
export interface Facts {
  texts: string[];
  splits: string[];
  reviewStates: string[];
  failureLabels: string[];
  images: Size[];
  attributes: Record<string, string | number | boolean>[];
  /** Not by rows: each view with its expressions. */
  views: readonly SavedViewRows[];
  /** All annotated objects of an image, by the image's id. */
  objects: Map<number, AnnotatedObject[]>;
}

/** Relation words in the order in which they are looked for; the first that an expression has names its slice. */
const relationWords: readonly (readonly [string, RegExp])[] = [
  ['negation', /\b(not|no|without|other than|except|isn't|aren't)\b/i],
  ['ordinal', /\b(first|second|third|fourth|fifth|last)\b/i],
  ['comparison', /\b(bigger|smaller|larger|taller|shorter|higher|lower|than)\b/i],
  ['superlative', /\b(most|least|\w{2,}(?:est))\b/i],
  ['left or right', /\b(left|right)\b/i],
  ['above or below', /\b(above|below|under|over|beneath|top|bottom|upper|lower)\b/i],
  ['in front or behind', /\b(front|behind|back)\b/i],
  ['beside', /\b(beside|next to|near|by|between|close to)\b/i],
  ['with', /\b(with|holding|wearing|carrying)\b/i],
];

function lengthOf(text: string): string {
  const words = text.trim().split(/\s+/).length;
  if (words <= 2) return '1–2';
  if (words <= 4) return '3–4';
  return words <= 8 ? '5–8' : '9 or more';
}

function sizeOf(box: ImageBox, image: Size): string {
  const share = boxArea(box) / (image.width * image.height);
  if (share < 0.01) return 'under 1%';
  if (share < 0.05) return '1–5%';
  return share < 0.2 ? '5–20%' : '20% or more';
}

function positionOf(box: ImageBox, image: Size): string {
  const third = (at: number, length: number) => Math.min(2, Math.max(0, Math.floor((3 * at) / length)));
  const row = ['top', 'middle', 'bottom'][third(box.y + box.height / 2, image.height)] ?? '';
  const column = ['left', 'centre', 'right'][third(box.x + box.width / 2, image.width)] ?? '';
  return `${row} ${column}`;
}

/** How much of the box the most covering other box covers. */
function overlapOf(box: ImageBox, others: readonly AnnotatedObject[]): string {
  const covered = Math.max(0, ...others.map((one) => intersectionArea(box, one.box))) / boxArea(box);
  if (covered === 0) return 'not at all';
  return covered < 0.25 ? 'under 25%' : '25% or more';
}

/** Attributes of more different numbers than this are cut into quarters. */
const mostNumbers = 12;

function attributeValues(facts: Facts, rows: Rows, name: string): string[] {
  const values = facts.attributes.map((attributes) => attributes[name]);
  const numbers = Array.from(rows, (row) => values[row]).filter((value) => typeof value === 'number');
  const isNumeric = numbers.length > 0 && new Set(numbers).size > mostNumbers;
  if (!isNumeric) return values.map((value) => (value === undefined ? '' : String(value)));
  const sorted = Float64Array.from(numbers).sort();
  const ends = [0.25, 0.5, 0.75].map((share) => quantile(sorted, share));
  const short = (value: number) => Number(value.toPrecision(3));
  const names = [0, 1, 2, 3].map((quarter) => {
    const [from, to] = [ends[quarter - 1], ends[quarter]];
    if (from === undefined) return `up to ${short(to ?? 0)}`;
    return to === undefined ? `above ${short(from)}` : `${short(from)} to ${short(to)}`;
  });
  return values.map((value) => {
    if (typeof value !== 'number') return '';
    const quarter = ends.findIndex((end) => value <= end);
    return names[quarter < 0 ? 3 : quarter] ?? '';
  });
}

function viewValues(table: EvaluationTable, facts: Facts, id: number): string[] {
  const view = facts.views.find((one) => one.id === id);
  if (!view) return [];
  return Array.from(table.expressionIds, (one) => (view.expressionIds.has(one) ? 'in it' : 'not in it'));
}

function othersOf(table: EvaluationTable, facts: Facts, row: number): AnnotatedObject[] {
  const objects = facts.objects.get(table.imageIds[row] ?? 0) ?? [];
  return objects.filter(({ referentId }) => referentId !== table.referentIds[row]);
}

/** Values found before: one screen slices the same rows several times, and texts are looked through for each field. */
const found = new WeakMap<Facts, Map<string, { rows: Rows; values: string[] }>>();

/** Each row's value of a field; empty: none. An unknown field has no values. */
export function valuesOf(table: EvaluationTable, facts: Facts, rows: Rows, field: string): string[] {
  const ofFields = found.get(facts) ?? new Map<string, { rows: Rows; values: string[] }>();
  found.set(facts, ofFields);
  const known = ofFields.get(field);
  if (known?.rows === rows) return known.values;
  const values = findValues(table, facts, rows, field);
  ofFields.set(field, { rows, values });
  return values;
}

function findValues(table: EvaluationTable, facts: Facts, rows: Rows, field: string): string[] {
  const ofBoxes = (value: (box: ImageBox, row: number) => string) =>
    Array.from({ length: table.count }, (_, row) => {
      const box = boxAt(table.truth, row);
      return box ? value(box, row) : '';
    });
  const image = (row: number) => facts.images[row] ?? { width: 1, height: 1 };
  switch (field) {
    case 'kind':
      return table.kinds;
    case 'category':
      return table.categories;
    case 'split':
      return facts.splits;
    case 'review':
      return facts.reviewStates;
    case 'label':
      return facts.failureLabels;
    case 'length':
      return facts.texts.map(lengthOf);
    case 'relation':
      return facts.texts.map((text) => relationWords.find(([, words]) => words.test(text))?.[0] ?? 'none');
    case 'size':
      return ofBoxes((box, row) => sizeOf(box, image(row)));
    case 'position':
      return ofBoxes((box, row) => positionOf(box, image(row)));
    case 'overlap':
      return ofBoxes((box, row) => overlapOf(box, othersOf(table, facts, row)));
    case 'distractors':
      return ofBoxes((_, row) => {
        const same = othersOf(table, facts, row).filter(({ category }) => category === table.categories[row]);
        return same.length > 2 ? '3 or more' : String(same.length);
      });
    default:
      if (field.startsWith('view:')) return viewValues(table, facts, Number(field.slice('view:'.length)));
      return field.startsWith('attribute:')
        ? attributeValues(facts, rows, field.slice('attribute:'.length))
        : [];
  }
}

/** Fields by which the rows fall into at least two parts. */
export function* fieldsOf(table: EvaluationTable, facts: Facts, rows: Rows): Pieces<SliceField[]> {
  const names = new Set(facts.attributes.flatMap((attributes) => Object.keys(attributes)));
  const attributes = [...names].sort().map((name) => ({ id: `attribute:${name}`, name }));
  const views = facts.views.map(({ id, name }) => ({ id: `view:${id}`, name: `View “${name}”` }));
  const all = [...sliceFields, ...attributes, ...views];
  yield { begin: 'Finding what slices can be made by', total: all.length };
  const found: SliceField[] = [];
  for (const { id, name } of all) {
    const values = valuesOf(table, facts, rows, id);
    const different = new Set(Array.from(rows, (row) => values[row] ?? '')).size;
    if (different > 1) found.push({ id, name, values: different });
    yield { done: 1 };
  }
  return found;
}
