/** Datasets and answers as large as one likes, the same each time: what RefCOCOg is like, without its pictures. */
import type { ImageBox } from '../../src/common/geometry/types';
import type { ValidDataset, ValidExpression, ValidReferent } from '../../src/main/engine/datasets/model';

export interface Scale {
  images: number;
  expressions: number;
}

/** RefCOCOg with all its splits. */
export const refcocog: Scale = { images: 25_799, expressions: 95_457 };

export const pictureWidth = 640;
export const pictureHeight = 480;
const expressionsPerReferent = 2;
const splits = ['train', 'train', 'train', 'validation', 'test'] as const;
const kinds = ['category', 'colour', 'size', 'position', 'relation', 'ordinal', 'negation', 'conjunction'];
const colours = ['red', 'green', 'blue', 'white', 'black', 'brown', 'striped', 'bright yellow'];
const places = ['on the left', 'on the right', 'in the middle', 'behind the table', 'next to the window'];
const doings = ['standing', 'sitting', 'lying', 'looking away', 'facing the camera', 'half hidden'];
const things = ['dog', 'cat', 'man', 'woman', 'car', 'bicycle', 'chair', 'cup', 'umbrella', 'pizza'];
const categoryCount = 80;

/** Numbers below 1 that look random, always the same (mulberry32). */
export function randomShares(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

function categoryName(number: number): string {
  const thing = things[number % things.length] ?? 'dog';
  const colour = colours[Math.floor(number / things.length)] ?? 'red';
  return number < things.length ? thing : `${colour} ${thing}`;
}

/** Image k is `pictures/<k>.jpg`; referents and expressions are spread over the images one after the other. */
export function scaleDataset({ images, expressions }: Scale, root: string, name: string): ValidDataset {
  const share = randomShares(20_260_101);
  const pick = <Value>(values: readonly Value[]) => values[Math.floor(share() * values.length)] as Value;
  const dataset: ValidDataset = {
    format: 'grounding-jsonl',
    name,
    description: '',
    licence: 'MIT',
    root,
    images: Array.from({ length: images }, (_, image) => ({
      key: `image-${image}`,
      file: `pictures/${image}.jpg`,
      width: pictureWidth,
      height: pictureHeight,
      split: splits[image % splits.length] ?? 'train',
    })),
    referents: [],
    expressions: [],
    repaired: [],
    rejected: [],
  };
  const referents = Math.ceil(expressions / expressionsPerReferent);
  for (let number = 0; number < referents; number += 1) {
    const image = dataset.images[Math.floor((number * images) / referents)];
    if (!image) continue;
    const width = Math.round(30 + share() * 240);
    const height = Math.round(30 + share() * 200);
    const box = {
      x: Math.floor(share() * (pictureWidth - width)),
      y: Math.floor(share() * (pictureHeight - height)),
      width,
      height,
    };
    const referent: ValidReferent = {
      key: `referent-${number}`,
      imageKey: image.key,
      category: categoryName(Math.floor(share() ** 2 * categoryCount)),
      box,
      mask: null,
      attributes: {},
    };
    dataset.referents.push(referent);
    for (let each = 0; each < expressionsPerReferent; each += 1) {
      const key = dataset.expressions.length;
      if (key === expressions) break;
      const words = ['the', pick(colours), referent.category, pick(doings)];
      if (share() < 0.7) words.push(pick(places));
      if (share() < 0.5) words.push(`near number ${Math.floor(share() * 900)}`);
      const expression: ValidExpression = {
        key: `expression-${key}`,
        imageKey: image.key,
        referentKey: referent.key,
        text: words.join(' '),
        kind: pick(kinds),
        split: image.split,
        category: referent.category,
        attributes: { crowded: share() < 0.3, annotator: `a${Math.floor(share() * 12)}`, chance: share() },
      };
      dataset.expressions.push(expression);
    }
  }
  return dataset;
}

export interface ScaleAnswer {
  expressionKey: string;
  box: ImageBox | null;
  score: number;
}

/** What one method answers to each expression: most near the truth, some elsewhere, a few nothing. */
export function* scaleAnswers(dataset: ValidDataset, method: number): Generator<ScaleAnswer> {
  const share = randomShares(7 + method);
  const truths = new Map(dataset.referents.map(({ key, box }) => [key, box]));
  for (const { key, referentKey } of dataset.expressions) {
    const truth = truths.get(referentKey ?? '');
    const chance = share();
    if (!truth || chance < 0.02) {
      yield { expressionKey: key, box: null, score: 0 };
      continue;
    }
    const away = chance < 0.6 ? 0.15 : 1.2;
    const moved = (at: number, length: number, end: number) =>
      Math.min(end - length, Math.max(0, at + (share() - 0.5) * away * length));
    const { width, height } = truth;
    const box = {
      x: moved(truth.x, width, pictureWidth),
      y: moved(truth.y, height, pictureHeight),
      width,
      height,
    };
    yield { expressionKey: key, box, score: share() };
  }
}
