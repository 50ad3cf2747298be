/**
 * COCO's instances with the expressions in the same file: in a list `expressions`, as the workbench writes it, or with
 * each annotation, as many datasets have it (`caption`, `expression`, `sentence` … or a list of them).
 */
import { basename, join } from 'node:path';
import { z } from 'zod';
import { findImagesFolder, jsonFilesAt, nameOf } from '../files';
import { emptyDataset, type DatasetReader } from '../model';
import { attributes, key, parseItem } from '../parse';
import { readCocoInstances } from './coco';
import { onlyOne } from './table';

const expression = z.object({
  id: key.nullish(),
  image_id: key.nullish(),
  annotation_id: key.nullish(),
  text: z.string(),
  split: z.string().max(200).nullish(),
  kind: z.string().max(200).default(''),
  attributes,
});
const image = z.object({ id: key, split: z.string().max(200).optional() });

/** Fields of an annotation that hold what is said of it. */
const textFields = [
  'expression',
  'caption',
  'sentence',
  'description',
  'text',
  'expressions',
  'captions',
  'sentences',
];

export function looksLikeCoco(head: string): boolean {
  return (
    head.trimStart().startsWith('{') &&
    /"(images|annotations|categories)"\s*:\s*\[/.test(head) &&
    !/"(tokens_positive|tokens_negative|dataset_name|flags|shapes)"\s*:/.test(head)
  );
}

export const coco: DatasetReader = {
  format: 'coco',

  async detect(path) {
    return (await jsonFilesAt(path, looksLikeCoco)).names.length > 0;
  },

  async read({ path, imagesPath, breather }) {
    const { folder, names } = await jsonFilesAt(path, looksLikeCoco);
    const name = onlyOne(names, "JSON file in COCO's instances format");
    const dataset = emptyDataset({ format: 'coco', name: nameOf(path), root: folder });
    const { rejected } = dataset;
    const instances = await readCocoInstances(join(folder, name), rejected, breather, {
      annotation(value, referent) {
        for (const [index, text] of textsOf(value as Record<string, unknown>).entries()) {
          const where = `${referent.where} expression ${index}`;
          const own = { key: `${referent.key}-${index}`, referentKey: referent.key, imageKey: null, text };
          dataset.expressions.push({ ...own, kind: '', split: null, attributes: {}, where });
        }
      },
      other(list, value, index) {
        if (list !== 'expressions') return;
        const parsed = parseItem(expression, value, `${name} expressions[${index}]`, rejected);
        if (!parsed) return;
        dataset.expressions.push({
          key: parsed.id ?? `expression-${index}`,
          referentKey: parsed.annotation_id ?? null,
          imageKey: parsed.image_id ?? null,
          text: parsed.text,
          kind: parsed.kind,
          split: parsed.split ?? null,
          attributes: parsed.attributes,
          where: `${name} expressions[${index}]`,
        });
      },
      image(value, found) {
        const parsed = image.safeParse(value);
        found.split = (parsed.success && parsed.data.split) || splitOfFile(name);
      },
    });
    dataset.images.push(...instances.images.values());
    dataset.referents.push(...instances.referents.values());
    const files = dataset.images.map(({ file }) => file);
    dataset.root = await findImagesFolder(folder, imagesPath, files);
    return dataset;
  },
};

function textsOf(annotation: Record<string, unknown>): string[] {
  const values = textFields.flatMap((field) => annotation[field] ?? []).flat();
  return values.flatMap((value) => {
    if (typeof value === 'string') return value;
    const { sent, raw, text } = (value ?? {}) as Record<string, unknown>;
    return [sent, raw, text].find((one) => typeof one === 'string') ?? [];
  }) as string[];
}

/** instances_val2017.json → val2017; a name without such an end has no split. */
function splitOfFile(name: string): string {
  return /_((?:train|val|test|dev)[^_]*)\.json$/i.exec(basename(name))?.[1] ?? '';
}
