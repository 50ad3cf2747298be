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
import { readJson, readText } from '../datasets/files';
import { boxOfRow } from '../datasets/formats/table';
import type { SourceMask } from '../datasets/model';
import { boxTuple, key, parseItem, toBox, toMask } from '../datasets/parse';

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

/** All answers of a file; what cannot be read as one goes to `rejected`. */
export async function readAnswers(
  path: string,
  rejected: ImportProblem[],
  breather: Breather,
): Promise<GivenAnswer[]> {
  return /\.csv$/i.test(path) ? answersOfTable(path, rejected) : answersOfJson(path, rejected, breather);
}

async function answersOfJson(
  path: string,
  rejected: ImportProblem[],
  breather: Breather,
): Promise<GivenAnswer[]> {
  const content = await readJson(path);
  const inner = (content as { predictions?: unknown } | null)?.predictions;
  const list = Array.isArray(content) ? content : inner;
  if (!Array.isArray(list)) {
    throw new WorkbenchError(
      'invalid',
      `${basename(path)} holds no list of predictions.`,
      'A list of objects, or an object with a list `predictions`; see docs/formats.md.',
    );
  }
  const answers: GivenAnswer[] = [];
  const name = basename(path);
  for (const [index, value] of list.entries()) {
    await breather.breathe();
    const where = `${name} entry ${index + 1}`;
    const parsed = parseItem(answer, value, where, rejected);
    if (!parsed) continue;
    const mask = toMask(parsed.mask ?? parsed.segmentation ?? null);
    if (mask === undefined) {
      rejected.push({ kind: 'mask-invalid', where, message: 'its mask is neither polygons nor run lengths' });
      continue;
    }
    const box = parsed.box ?? parsed.bbox;
    answers.push({
      expression: firstOf(parsed, names.expression),
      referent: firstOf(parsed, names.referent),
      text: firstOf(parsed, names.text),
      box: box ? toBox(box) : null,
      mask,
      score: parsed.score ?? null,
      where,
    });
  }
  return answers;
}

async function answersOfTable(path: string, rejected: ImportProblem[]): Promise<GivenAnswer[]> {
  const table = readTable(await readText(path), basename(path), [...names.expression, ...names.referent]);
  for (const { line, fields } of table.uneven) {
    const message = `it has ${fields} fields, the first line ${table.columns.length}`;
    rejected.push({ kind: 'not-well-formed', where: `${basename(path)}:${line}`, message });
  }
  return table.rows.flatMap(({ line, values }): GivenAnswer[] => {
    const where = `${basename(path)}:${line}`;
    const box = boxOfRow(values);
    if (box === undefined) {
      rejected.push({ kind: 'box-invalid', where, message: 'its box is no four numbers' });
      return [];
    }
    const fields = Object.fromEntries(values);
    const score = Number(fields['score'] ?? '');
    return [
      {
        expression: firstOf(fields, names.expression),
        referent: firstOf(fields, names.referent),
        text: firstOf(fields, names.text),
        box,
        mask: null,
        score: fields['score'] && Number.isFinite(score) ? score : null,
        where,
      },
    ];
  });
}
