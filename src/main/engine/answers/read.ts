/**
 * Reads what another method answered: JSON (our own export, or COCO's results), or a CSV. An answer names what it
 * answers by the expression's key, or by the object's key (COCO's annotation id), and then answers all of its
 * expressions, or the one whose text it gives.
 */
import { basename } from 'node:path';
import { z } from 'zod';
import type { ImportProblem } from '../../../common/contract';
import { WorkbenchError } from '../../../common/errors';
import type { ImageBox } from '../../../common/geometry/types';
import type { Breather } from '../datasets/breathe';
import { readTable } from '../datasets/csv';
import { readText } from '../datasets/files';
import { boxOfRow } from '../datasets/formats/table';
import type { SourceMask } from '../datasets/model';
import { boxTuple, key, parseItem, toBox, toMask } from '../datasets/parse';
import { jsonItems } from '../datasets/stream-json';

export interface GivenAnswer {
  expression: string | null;
  referent: string | null;
  /** Of an object's expressions only the one with this text; null: all of them. */
  text: string | null;
  /** null: the method found nothing. */
  box: ImageBox | null;
  mask: SourceMask | null;
  score: number | null;
  where: string;
}

/** Not `ref_id`: REFER numbers its references apart from its objects, whose keys are those of the annotations. */
const names = {
  expression: ['expression', 'expression_id', 'sent_id', 'sentence_id'],
  referent: ['referent', 'referent_id', 'annotation_id', 'ann_id'],
  text: ['text', 'sentence', 'sent', 'caption'],
} as const;

/** The outermost list, or the one of this name. */
const answerLists = ['', 'predictions'];

const anyKey = Object.fromEntries(
  [...names.expression, ...names.referent].map((name) => [name, key.nullish()]),
);
const anyText = Object.fromEntries(names.text.map((name) => [name, z.string().nullish()]));
const answer = z.object({
  ...(anyKey as Record<string, z.ZodOptional<z.ZodNullable<typeof key>>>),
  ...(anyText as Record<string, z.ZodOptional<z.ZodNullable<z.ZodString>>>),
  box: boxTuple.nullish(),
  bbox: boxTuple.nullish(),
  score: z.number().nullish(),
  mask: z.unknown().optional(),
  segmentation: z.unknown().optional(),
});

function firstOf(values: Record<string, unknown>, wanted: readonly string[]): string | null {
  const name = wanted.find(
    (each) => values[each] !== undefined && values[each] !== null && values[each] !== '',
  );
  return name === undefined ? null : String(values[name]);
}

/** All answers of a file; what cannot be read as one goes to `rejected`. Other work happens in between. */
export async function readAnswers(
  path: string,
  rejected: ImportProblem[],
  breather: Breather,
): Promise<GivenAnswer[]> {
  const answers = /\.csv$/i.test(path)
    ? answersOfTable(path, rejected, breather)
    : answersOfJson(path, rejected, breather);
  const all: GivenAnswer[] = [];
  for await (const one of answers) all.push(one);
  return all;
}

async function* answersOfJson(
  path: string,
  rejected: ImportProblem[],
  breather: Breather,
): AsyncGenerator<GivenAnswer> {
  const lists = new Set<string>();
  for await (const { list, index, value } of jsonItems(path, breather, lists)) {
    if (index === null || !answerLists.includes(list)) continue;
    const where = `${basename(path)} entry ${index + 1}`;
    const parsed = parseItem(answer, value, where, rejected);
    if (!parsed) continue;
    const mask = toMask(parsed.mask ?? parsed.segmentation ?? null);
    if (mask === undefined) {
      rejected.push({ kind: 'mask-invalid', where, message: 'its mask is neither polygons nor run lengths' });
      continue;
    }
    const box = parsed.box ?? parsed.bbox;
    yield {
      expression: firstOf(parsed, names.expression),
      referent: firstOf(parsed, names.referent),
      text: firstOf(parsed, names.text),
      box: box ? toBox(box) : null,
      mask,
      score: parsed.score ?? null,
      where,
    };
  }
  if (answerLists.some((name) => lists.has(name))) return;
  throw new WorkbenchError(
    'invalid',
    `${basename(path)} holds no list of predictions.`,
    'A list of objects, or an object with a list `predictions`; see docs/formats.md.',
  );
}

async function* answersOfTable(
  path: string,
  rejected: ImportProblem[],
  breather: Breather,
): AsyncGenerator<GivenAnswer> {
  const name = basename(path);
  const wanted = [...names.expression, ...names.referent];
  const table = readTable(await readText(path, breather), name, wanted, {
    breather,
    uneven(line, fields) {
      const message = `it has ${fields} fields, the first line ${table.columns.length}`;
      rejected.push({ kind: 'not-well-formed', where: `${name}:${line}`, message });
    },
  });
  for await (const { line, values } of table.rows) {
    const where = `${name}:${line}`;
    const box = boxOfRow(values);
    if (box === undefined) {
      rejected.push({ kind: 'box-invalid', where, message: 'its box is no four numbers' });
      continue;
    }
    const fields = Object.fromEntries(values);
    const score = Number(fields['score'] ?? '');
    yield {
      expression: firstOf(fields, names.expression),
      referent: firstOf(fields, names.referent),
      text: firstOf(fields, names.text),
      box,
      mask: null,
      score: fields['score'] && Number.isFinite(score) ? score : null,
      where,
    };
  }
}
