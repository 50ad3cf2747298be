/**
 * ODVG grounding JSONL: a line holds an image, a caption and its regions. A line with one region whose phrase is the
 * caption is an expression; a line with several regions gives an expression for each phrase.
 */
import { basename, join } from 'node:path';
import { z } from 'zod';
import type { ImageBox } from '../../../../common/geometry/types';
import { filesAt, findImagesFolder, nameOf, readHead } from '../files';
import { emptyDataset, type DatasetReader } from '../model';
import { boxTuple, key, parseItem } from '../parse';
import { jsonLinesOf } from '../stream-lines';
import { splitOfName } from './mdetr';
import { exportedFiles, supplementName } from '../supplement';

const headBytes = 65_536;

const region = z.object({
  bbox: z.union([
    boxTuple,
    z
      .array(boxTuple)
      .length(1)
      .transform(([only]) => only as z.output<typeof boxTuple>),
  ]),
  phrase: z.union([z.string(), z.array(z.string()).transform((words) => words.join(' '))]).optional(),
  category: z.string().max(500).default(''),
  object_id: key.nullish(),
});
const line = z.object({
  filename: z.string(),
  width: z.number().nullish(),
  height: z.number().nullish(),
  expression_id: key.nullish(),
  grounding: z.object({ caption: z.string(), regions: z.array(region).default([]) }),
});

async function odvgFiles(path: string): Promise<{ folder: string; names: string[] }> {
  const { folder, names } = await filesAt(path);
  // A file that an export left without a line does not show what it is.
  const found = new Set(await exportedFiles(folder, 'odvg'));
  for (const name of names) {
    if (!/\.jsonl?$/i.test(name) || name === supplementName) continue;
    const head = await readHead(join(folder, name), headBytes);
    const firstLine = head.slice(0, head.search(/[\r\n]|$/));
    if (/"filename"\s*:/.test(firstLine) && /"grounding"\s*:/.test(firstLine)) found.add(name);
  }
  return { folder, names: names.filter((name) => found.has(name)) };
}

export const odvg: DatasetReader = {
  format: 'odvg',

  async detect(path) {
    return (await odvgFiles(path)).names.length > 0;
  },

  async read({ path, imagesPath, breather }) {
    const { folder, names } = await odvgFiles(path);
    const dataset = emptyDataset({ format: 'odvg', name: nameOf(path), root: folder });
    const images = new Set<string>();
    const referents = new Set<string>();
    for (const name of names) {
      const split = splitOfName(name.replace(/\.jsonl?$/i, '.json').replace(/^odvg_/, 'finetune_'));
      for await (const { value, where, number } of jsonLinesOf(
        join(folder, name),
        dataset.rejected,
        breather,
      )) {
        const parsed = parseItem(line, value, where, dataset.rejected);
        if (!parsed) continue;
        const { filename: image, width = null, height = null, grounding } = parsed;
        if (!images.has(image)) {
          images.add(image);
          dataset.images.push({ key: image, file: image, width, height, split, where });
        }
        const own = parsed.expression_id ?? `${basename(name)}:${number}`;
        const expression = { imageKey: image, kind: '', split, attributes: {}, where };
        if (grounding.regions.length === 0) {
          dataset.expressions.push({ ...expression, key: own, referentKey: null, text: grounding.caption });
        }
        for (const [index, { bbox, phrase, category, object_id }] of grounding.regions.entries()) {
          const box = boxOfCorners(bbox);
          const referentKey = object_id ?? `${image}#${bbox.join(',')}`;
          if (!referents.has(referentKey)) {
            referents.add(referentKey);
            const referent = { key: referentKey, imageKey: image, category, box, mask: null };
            dataset.referents.push({ ...referent, attributes: {}, where });
          }
          const isOnly = grounding.regions.length === 1;
          dataset.expressions.push({
            ...expression,
            key: isOnly ? own : `${own}-${index}`,
            referentKey,
            text: isOnly ? grounding.caption : (phrase ?? ''),
          });
        }
      }
    }
    dataset.root = await findImagesFolder(folder, imagesPath, [...images]);
    return dataset;
  },
};

function boxOfCorners([left, top, right, bottom]: z.output<typeof boxTuple>): ImageBox {
  return { x: left, y: top, width: right - left, height: bottom - top };
}
