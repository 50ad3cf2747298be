/**
 * `workbench.jsonl`, beside the files of every exported format but our own: what the format has no place for, so that
 * importing an export gives the dataset back exactly. Other programs leave the file alone.
 *
 * Where both say something, the format's own files count: boxes, masks, categories and texts that another program
 * changed are taken as changed. The supplement gives keys, kinds, splits and attributes, the last bits of a box that
 * the format rounds, masks where the format has none, and the items that it cannot hold.
 */
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import type { DatasetFormat, ImportProblem } from '../../../common/contract';
import type { ImageBox } from '../../../common/geometry/types';
import type { Breather } from './breathe';
import { findImagesFolder, isFile, isFolder, readHead } from './files';
import type { DatasetContent, SourceDataset, SourceExpression, SourceImage, SourceReferent } from './model';
import { attributes, boxTuple, key, parseItem, toBox, toMask } from './parse';
import { jsonLinesOf } from './stream-lines';
import { writeLines } from './write-files';
import type { Written } from './writer';

export const supplementName = 'workbench.jsonl';
export const supplementVersion = 1;
/** Pixels by which a box may differ from the one that was written and still be the same. */
const roundingPixels = 1e-3;
/** The longest name, description and licence fit, and the names of thousands of files. */
const headerBytes = 262_144;

const header = z.object({
  format: z.literal('grounding-workbench-supplement'),
  version: z.literal(supplementVersion),
  of: z.string(),
  name: z.string().max(2_000).default(''),
  description: z.string().max(20_000).default(''),
  licence: z.string().max(2_000).default(''),
  files: z.array(z.string()).default([]),
});

const imageLine = z.object({
  key,
  /** null: the format does not hold it. */
  held: z.string().nullable(),
  file: z.string(),
  width: z.number(),
  height: z.number(),
  split: z.string().max(200),
});
const referentLine = z.object({
  key,
  held: z.string().nullable(),
  image: key,
  category: z.string().max(500),
  box: boxTuple.nullable(),
  mask: z.unknown().optional(),
  attributes,
});
const expressionLine = z.object({
  key,
  held: z.string().nullable(),
  image: key,
  referent: key.nullable(),
  text: z.string(),
  kind: z.string().max(200),
  split: z.string().max(200),
  attributes,
});
const line = z.union([
  z.object({ image: imageLine }),
  z.object({ referent: referentLine }),
  z.object({ expression: expressionLine }),
]);

export async function writeSupplement(
  folder: string,
  format: DatasetFormat,
  dataset: { name: string; description: string; licence: string },
  content: DatasetContent,
  written: Written,
  holdsMasks: boolean,
): Promise<void> {
  const { name, description, licence } = dataset;
  const head = {
    format: 'grounding-workbench-supplement',
    version: supplementVersion,
    of: format,
    name,
    description,
    licence,
    files: written.files,
  };
  await writeLines(join(folder, supplementName), linesFor(head, content, written, holdsMasks));
}

function* linesFor(
  head: unknown,
  { images, referents, expressions }: DatasetContent,
  written: Written,
  holdsMasks: boolean,
): Generator<unknown> {
  yield head;
  for (const { key: own, file, width, height, split } of images) {
    yield { image: { key: own, held: written.images.get(own) ?? null, file, width, height, split } };
  }
  for (const { key: own, imageKey, category, box, mask, attributes: kept } of referents) {
    const held = written.referents.get(own) ?? null;
    const writesMask = mask !== null && (held === null || !holdsMasks);
    yield {
      referent: {
        key: own,
        held,
        image: imageKey,
        category,
        box: box && [box.x, box.y, box.width, box.height],
        ...(writesMask && { mask }),
        attributes: kept,
      },
    };
  }
  for (const { key: own, imageKey, referentKey, text, kind, split, attributes: kept } of expressions) {
    const held = written.expressions.get(own) ?? null;
    yield {
      expression: {
        key: own,
        held,
        image: imageKey,
        referent: referentKey,
        text,
        kind,
        split,
        attributes: kept,
      },
    };
  }
}

/**
 * The files that an export of this format wrote into a folder, by its supplement; none where it has no supplement of
 * the format. A file that holds none of the dataset's items does not show what it is: only the supplement tells.
 */
export async function exportedFiles(folder: string, format: DatasetFormat): Promise<readonly string[]> {
  const file = join(folder, supplementName);
  if (!(await isFile(file))) return [];
  const firstLine = (await readHead(file, headerBytes)).split('\n', 1)[0] ?? '';
  const head = header.safeParse(parsedOrNull(firstLine));
  return head.success && head.data.of === format ? head.data.files : [];
}

function parsedOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Completes what a reader found by the supplement beside it; nothing happens where there is none for this format. */
export async function applySupplement(
  dataset: SourceDataset,
  { path, imagesPath }: { path: string; imagesPath: string | null },
  breather: Breather,
): Promise<void> {
  const isWhole = await isFolder(path);
  const folder = isWhole ? path : dirname(path);
  const file = join(folder, supplementName);
  const hadImages = dataset.images.length > 0;
  if (!(await isFile(file))) return;
  const problems: ImportProblem[] = [];
  let completion: Completion | null = null;
  for await (const { value, where } of jsonLinesOf(file, problems, breather)) {
    if (completion === null) {
      const head = header.safeParse(value);
      if (!head.success || head.data.of !== dataset.format) return;
      completion = new Completion(dataset, isWhole || head.data.files.length < 2);
      if (isWhole || head.data.files[0] === basename(path)) completion.describe(head.data);
      continue;
    }
    const parsed = parseItem(line, value, where, problems);
    if (!parsed) continue;
    if ('image' in parsed) completion.image(parsed.image, where);
    else if ('referent' in parsed) completion.referent(parsed.referent, where);
    else completion.expression(parsed.expression, where);
  }
  completion?.finish();
  dataset.rejected.push(...problems);
  // The reader had nothing to look for the folder of the images with.
  if (!hadImages && dataset.images.length > 0) {
    const files = dataset.images.map((image) => image.file);
    dataset.root = await findImagesFolder(folder, imagesPath, files);
  }
}

class Completion {
  readonly #dataset: SourceDataset;
  /** Whether items that the format cannot hold are added: not where only one of several files is read. */
  readonly #adds: boolean;
  readonly #imagesByFile: Map<string, SourceImage>;
  readonly #referents: Map<string, SourceReferent>;
  readonly #expressions: Map<string, SourceExpression>;
  /** What the reader called it, and what it is called. */
  readonly #imageKeys = new Map<string, string>();
  readonly #referentKeys = new Map<string, string>();
  readonly #knownImages = new Set<string>();
  readonly #order = new Map<SourceImage | SourceReferent | SourceExpression, number>();

  constructor(dataset: SourceDataset, adds: boolean) {
    this.#dataset = dataset;
    this.#adds = adds;
    this.#imagesByFile = new Map(dataset.images.map((image) => [image.file, image]));
    this.#referents = new Map(dataset.referents.map((referent) => [referent.key, referent]));
    this.#expressions = new Map(dataset.expressions.map((expression) => [expression.key, expression]));
  }

  describe({ name, description, licence }: { name: string; description: string; licence: string }): void {
    if (name !== '') this.#dataset.name = name;
    this.#dataset.description ||= description;
    this.#dataset.licence ||= licence;
  }

  image(line: z.output<typeof imageLine>, where: string): void {
    const found = line.held === null ? undefined : this.#imagesByFile.get(line.held);
    if (found) {
      this.#imageKeys.set(found.key, line.key);
      this.#put(found, { key: line.key, split: line.split });
    } else if (line.held === null && this.#adds) {
      const { key: own, file, width, height, split } = line;
      this.#dataset.images.push(this.#noted({ key: own, file, width, height, split, where }));
    } else return;
    this.#knownImages.add(line.key);
  }

  referent(line: z.output<typeof referentLine>, where: string): void {
    const box = line.box && toBox(line.box);
    const mask = toMask(line.mask) ?? null;
    const found = line.held === null ? undefined : this.#referents.get(line.held);
    if (found) {
      const same = isSameBox(found.box, box);
      this.#referentKeys.set(found.key, line.key);
      this.#put(found, {
        key: line.key,
        attributes: line.attributes,
        ...(same && { box }),
        ...(same && found.mask === null && { mask }),
      });
    } else if (line.held === null && this.#adds && this.#knownImages.has(line.image)) {
      const { key: own, image: imageKey, category, attributes: kept } = line;
      const added = { key: own, imageKey, category, box, mask, attributes: kept, where };
      this.#dataset.referents.push(this.#noted(added));
    }
  }

  expression(line: z.output<typeof expressionLine>, where: string): void {
    const { key: own, held, image, referent, text, kind, split, attributes: kept } = line;
    const found = held === null ? undefined : this.#expressions.get(held);
    if (found) this.#put(found, { key: own, kind, split, attributes: kept });
    else if (held === null && this.#adds && this.#knownImages.has(image)) {
      const added = {
        key: own,
        referentKey: referent,
        imageKey: image,
        text,
        kind,
        split,
        attributes: kept,
        where,
      };
      this.#dataset.expressions.push(this.#noted(added));
    }
  }

  /** References follow the new keys, and everything stands in the order in which it was exported. */
  finish(): void {
    const { images, referents, expressions } = this.#dataset;
    const added = new Set<object>(
      [...referents, ...expressions].filter((item) => item.where.startsWith(`${supplementName}:`)),
    );
    const imageKey = (old: string) => this.#imageKeys.get(old) ?? old;
    for (const referent of referents) {
      if (!added.has(referent)) referent.imageKey = imageKey(referent.imageKey);
    }
    for (const expression of expressions) {
      if (added.has(expression)) continue;
      const { referentKey, imageKey: old } = expression;
      if (old !== null) expression.imageKey = imageKey(old);
      if (referentKey !== null) {
        expression.referentKey = this.#referentKeys.get(referentKey) ?? referentKey;
      }
    }
    const place = (item: SourceImage | SourceReferent | SourceExpression) =>
      this.#order.get(item) ?? Number.MAX_SAFE_INTEGER;
    for (const list of [images, referents, expressions] as (
      SourceImage | SourceReferent | SourceExpression
    )[][]) {
      list.sort((a, b) => place(a) - place(b));
    }
  }

  #put<Item extends SourceImage | SourceReferent | SourceExpression>(
    item: Item,
    values: Partial<Item>,
  ): void {
    Object.assign(item, values);
    this.#noted(item);
  }

  #noted<Item extends SourceImage | SourceReferent | SourceExpression>(item: Item): Item {
    this.#order.set(item, this.#order.size);
    return item;
  }
}

function isSameBox(found: ImageBox | null, written: ImageBox | null): boolean {
  if (found === null || written === null) return found === written;
  return (['x', 'y', 'width', 'height'] as const).every(
    (side) => Math.abs(found[side] - written[side]) <= roundingPixels,
  );
}
