/**
 * Any dataset there can be: images of one pixel, masks of several parts with holes, fractional and one-pixel boxes,
 * objects without a box, expressions that mean nothing, keys and texts of any Unicode.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { encodeRunLength, runLengthBox } from '../../../src/common/geometry/rle';
import type { Attributes, DatasetContent } from '../../../src/main/engine/datasets/model';
import { image, temporaryFolder } from './support';

const pictures = [
  { file: 'a.png', width: 1, height: 1 },
  { file: 'images/b.png', width: 7, height: 5 },
  { file: 'deep/images/ünï 图 & <c>.png', width: 40, height: 30 },
  { file: 'deep/d.e.png', width: 33, height: 64 },
  { file: 'same.png', width: 12, height: 9 },
  { file: 'same.PNG', width: 9, height: 12 },
];

/** A folder with the pictures that random datasets show. */
export async function pictureFolder(): Promise<string> {
  const root = temporaryFolder();
  for (const { file, width, height } of pictures) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), await image(width, height));
  }
  return root;
}

/** One line of text, as the import leaves it: no control characters, no spaces at its ends. */
const words = (least: number) =>
  fc
    .string({
      unit: fc.oneof(
        fc.constantFrom('a', ' ', '"', ',', '<', '&', '=', "'", '\\', '{', '🐕', 'é', '图'),
        fc.string({ unit: 'grapheme', maxLength: 1 }),
      ),
      maxLength: 12,
    }) // prettier-ignore
    .map((text) =>
      text
        .replace(/\p{Cs}/gu, '')
        .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
        .trim(),
    )
    .filter((text) => text.length >= least);
const number = fc.double({ min: 0, max: 1, noNaN: true, noDefaultInfinity: true });
const attributes: fc.Arbitrary<Attributes> = fc.dictionary(
  words(1).filter((name) => !['__proto__', 'iscrowd'].includes(name)),
  fc.oneof(words(0), fc.boolean(), fc.integer(), number.map((value) => value + 0)), // prettier-ignore
  { maxKeys: 2, noNullPrototype: true },
);

/** Any pixels: parts, holes, single pixels. Blocks make the larger ones. */
function masks(width: number, height: number) {
  return fc
    .record({
      blocks: fc.array(
        fc.record({ x: number, y: number, width: number, height: number, value: fc.boolean() }),
        {
          maxLength: 4,
        },
      ),
      pixels: fc.array(fc.nat(width * height - 1), { minLength: 1, maxLength: 5 }),
    })
    .map(({ blocks, pixels }) => {
      const data = new Uint8Array(width * height);
      for (const block of blocks) {
        const [left, top] = [Math.floor(block.x * width), Math.floor(block.y * height)];
        for (let y = top; y < Math.min(height, top + 1 + block.height * height); y += 1) {
          for (let x = left; x < Math.min(width, left + 1 + block.width * width); x += 1) {
            data[y * width + x] = Number(block.value);
          }
        }
      }
      for (const pixel of pixels) data[pixel] = 1;
      return encodeRunLength({ width, height, data });
    });
}

/** Boxes inside the image: one pixel, fractions, the whole image. */
function boxes(width: number, height: number) {
  const fractions = fc.tuple(number, number, number, number).map(([a, b, c, d]) => {
    const [x, y] = [a * width * 0.9, b * height * 0.9];
    return { x, y, width: (width - x) * (0.01 + 0.98 * c), height: (height - y) * (0.01 + 0.98 * d) };
  });
  const pixel = fc
    .tuple(fc.nat(width - 1), fc.nat(height - 1))
    .map(([x, y]) => ({ x, y, width: 1, height: 1 }));
  return fc.oneof(fractions, pixel, fc.constant({ x: 0, y: 0, width, height }));
}

/** A key as the import leaves it. */
const keyOf = fc.oneof(
  fc.nat(10_000).map(String),
  fc
    .string({
      unit: fc.oneof(fc.constantFrom('k', ' ', '#', '"', '0'), fc.string({ unit: 'grapheme', maxLength: 1 })),
      minLength: 1,
      maxLength: 6,
    })
    .map((key) => key.replace(/[\p{C}\p{Z}]+/gu, ' ').trim())
    .filter((key) => key !== ''),
);
const uniqueKeys = (count: number) => fc.uniqueArray(keyOf, { minLength: count, maxLength: count });
const splits = fc.constantFrom('train', 'val', 'test', 'testA', 'validation', '', 'my split_2');

interface Scene {
  picture: (typeof pictures)[number];
  split: string;
  objects: Omit<DatasetContent['referents'][number], 'key' | 'imageKey'>[];
  said: { object: number; text: string; kind: string; split: string | null; attributes: Attributes }[];
}

const scenes = fc
  .uniqueArray(fc.constantFrom(...pictures), { minLength: 1, maxLength: 3, selector: ({ file }) => file })
  .chain((chosen) =>
    fc.tuple(
      ...chosen.map((picture) => {
        const { width, height } = picture;
        const object = fc
          .record({
            category: words(0),
            box: fc.option(boxes(width, height), { freq: 5 }),
            mask: fc.option(masks(width, height)),
            attributes,
          })
          // An object with a mask has a box: the import gives it the mask's.
          .map((one) => ({ ...one, box: one.box ?? (one.mask && runLengthBox(one.mask)) }));
        return fc.record({
          picture: fc.constant(picture),
          split: splits,
          objects: fc.array(object, { maxLength: 3 }),
          said: fc.array(
            fc.record({
              object: fc.integer({ min: -1, max: 2 }),
              text: words(1),
              kind: words(0),
              split: fc.option(splits, { freq: 1 }),
              attributes,
            }),
            { minLength: 1, maxLength: 4 },
          ),
        });
      }),
    ),
  );

export const contents: fc.Arbitrary<DatasetContent> = scenes.chain((all: Scene[]) => {
  const count = (of: (scene: Scene) => number) => all.reduce((sum, scene) => sum + of(scene), 0);
  return fc
    .record({
      images: uniqueKeys(all.length),
      referents: uniqueKeys(count(({ objects }) => objects.length)),
      expressions: uniqueKeys(count(({ said }) => said.length)),
    })
    .map((keys): DatasetContent => {
      const content: DatasetContent = { images: [], referents: [], expressions: [] };
      all.forEach(({ picture, split, objects, said }, index) => {
        const imageKey = keys.images[index] ?? '';
        content.images.push({ key: imageKey, ...picture, split });
        const first = content.referents.length;
        for (const object of objects) {
          content.referents.push({
            key: keys.referents[content.referents.length] ?? '',
            imageKey,
            ...object,
          });
        }
        for (const { object, split: own, ...rest } of said) {
          const referent =
            objects.length > object && object >= 0 ? content.referents[first + object] : undefined;
          content.expressions.push({
            key: keys.expressions[content.expressions.length] ?? '',
            imageKey,
            referentKey: referent?.key ?? null,
            ...rest,
            split: own ?? split,
            category: referent?.category ?? '',
          });
        }
      });
      return content;
    });
});
