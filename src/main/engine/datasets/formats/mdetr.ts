/** MDETR's fine-tuning JSON: COCO's style with one `images` entry for each expression. */
import { basename, join } from 'node:path';
import { z } from 'zod';
import type { Breather } from '../breathe';
import { filesAt, findImagesFolder, jsonFilesAt, nameOf } from '../files';
import { emptyDataset, type DatasetReader, type SourceDataset } from '../model';
import { boxTuple, key, parseItem, toBox, toMask } from '../parse';
import { exportedFiles } from '../supplement';
import { visitCocoFile } from './coco';

const captioned = z.object({
  id: key,
  file_name: z.string(),
  width: z.number().nullish(),
  height: z.number().nullish(),
  original_id: key.nullish(),
  caption: z.string(),
  kind: z.string().max(200).default(''),
});

const annotation = z.object({
  id: key,
  image_id: key,
  category_id: key.nullish(),
  bbox: boxTuple,
  segmentation: z.unknown().optional(),
  original_id: key.nullish(),
});
type Annotation = z.output<typeof annotation>;

function looksLikeMdetr(head: string): boolean {
  return /"(tokens_positive|tokens_negative|dataset_name)"\s*:/.test(head);
}

/** The files that look like MDETR's, and those that an export left without an entry. */
async function mdetrFiles(path: string): Promise<{ folder: string; names: string[] }> {
  const { folder, names } = await jsonFilesAt(path, looksLikeMdetr);
  const exported = new Set(await exportedFiles(folder, 'mdetr'));
  const present = (await filesAt(path)).names.filter((name) => exported.has(name));
  return { folder, names: [...new Set([...names, ...present])].sort() };
}

/** finetune_refcocog_val.json → val; a name without such an end has no split. */
export function splitOfName(name: string): string {
  const stem = name.replace(/\.json$/i, '');
  const last = /_([^_]+)$/.exec(stem)?.[1] ?? '';
  return stem.startsWith('finetune_') || /^(train|val|test|dev)/i.test(last) ? last : '';
}

export const mdetr: DatasetReader = {
  format: 'mdetr',

  async detect(path) {
    return (await mdetrFiles(path)).names.length > 0;
  },

  async read({ path, imagesPath, breather }) {
    const { folder, names } = await mdetrFiles(path);
    const dataset = emptyDataset({
      format: 'mdetr',
      name: nameOf(path).replace(/^finetune_/, ''),
      root: folder,
    });
    const known: KnownKeys = { images: new Map(), referents: new Set(), expressions: new Set() };
    for (const name of names) await readFileInto(dataset, join(folder, name), known, breather);
    dataset.root = await findImagesFolder(
      folder,
      imagesPath,
      dataset.images.map((image) => image.file),
    );
    return dataset;
  },
};

/** What the files read so far have named: images by file, so that the entries of one image become one. */
interface KnownKeys {
  images: Map<string, string>;
  referents: Set<string>;
  expressions: Set<string>;
}

async function readFileInto(
  dataset: SourceDataset,
  path: string,
  known: KnownKeys,
  breather: Breather,
): Promise<void> {
  const { rejected } = dataset;
  const name = basename(path);
  const split = splitOfName(name);
  const images: { value: unknown; index: number }[] = [];
  const annotationsOf = new Map<string, Annotation[]>();
  const broken = new Set<string>();
  const categoryNames = await visitCocoFile(
    path,
    {
      image: (value, index) => images.push({ value, index }),
      annotation(value, index) {
        const parsed = parseItem(annotation, value, `${name} annotations[${index}]`, rejected);
        if (!parsed) {
          broken.add(String((value as { image_id?: unknown } | null)?.image_id));
          return;
        }
        const others = annotationsOf.get(parsed.image_id);
        if (others) others.push(parsed);
        else annotationsOf.set(parsed.image_id, [parsed]);
      },
    },
    rejected,
    breather,
  );
  for (const { value, index } of images) {
    await breather.breathe();
    const entry = parseItem(captioned, value, `${name} images[${index}]`, rejected);
    if (!entry) continue;
    const where = `${name} image ${entry.id}`;
    const [meant, another] = annotationsOf.get(entry.id) ?? [];
    if (broken.has(entry.id)) {
      // Not an expression that means nothing: its object is only not readable.
      rejected.push({ kind: 'referent-rejected', where, message: 'its annotation was rejected' });
      continue;
    }
    if (another) {
      const message = 'the caption has several boxes; an expression means one object';
      rejected.push({ kind: 'several-referents', where, message });
      continue;
    }
    const imageKey = known.images.get(entry.file_name) ?? entry.original_id ?? entry.file_name;
    if (!known.images.has(entry.file_name)) {
      known.images.set(entry.file_name, imageKey);
      const { width = null, height = null } = entry;
      dataset.images.push({ key: imageKey, file: entry.file_name, width, height, split, where });
    }
    const referentKey = meant ? (meant.original_id ?? `${imageKey}#${meant.bbox.join(',')}`) : null;
    if (meant && referentKey !== null && !known.referents.has(referentKey)) {
      known.referents.add(referentKey);
      dataset.referents.push({
        key: referentKey,
        imageKey,
        category: categoryNames.get(meant.category_id ?? '') ?? '',
        box: toBox(meant.bbox),
        mask: toMask(meant.segmentation) ?? null,
        attributes: {},
        where: `${name} annotation ${meant.id}`,
      });
    }
    // Ids run on from file to file; where they start anew, the split tells them apart.
    const expressionKey = known.expressions.has(entry.id) ? `${split}-${entry.id}` : entry.id;
    known.expressions.add(entry.id);
    dataset.expressions.push({
      key: expressionKey,
      referentKey,
      imageKey,
      text: entry.caption,
      kind: entry.kind,
      split,
      attributes: {},
      where,
    });
  }
}
