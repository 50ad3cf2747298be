/** Clicks and boxes on demo images with the shipped pack, against the dataset's own masks. */
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { decodeRunLength, runLengthIou } from '../../../src/common/geometry/rle';
import type { ImageBox, RunLengthMask } from '../../../src/common/geometry/types';
import { createSegment } from '../../../src/main/engine/expressions/segment';
import { decodeImage } from '../../../src/main/engine/imaging/decode';
import { createMethodProvider, type MethodProvider } from '../../../src/main/engine/models/provider';
import { demoFolder, resourcesFolder } from '../methods/golden';

interface Referent {
  image: string;
  box: [number, number, number, number];
  mask: RunLengthMask;
}

const log = { info() {}, warn() {}, error: () => '' };
const imageIds = [0, 1, 2, 3];
const nameOf = (imageId: number) => `validation-00000${imageId}`;
const referents = readFileSync(join(demoFolder, 'referents.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Referent);

let provider: MethodProvider;
let decoded: number[];
let segment: ReturnType<typeof createSegment>;

beforeAll(async () => {
  provider = await createMethodProvider({
    resourcesPath: resourcesFolder,
    workspacePath: join(tmpdir(), 'no-workspace'),
    settings: () => ({
      threads: 1,
      imageCacheMegabytes: 64,
      embeddingCacheMegabytes: 0,
      executionProvider: 'cpu',
      packVariants: {},
    }),
    log,
  });
});
afterAll(() => provider.close());
beforeEach(() => {
  decoded = [];
  segment = createSegment({
    decode: (imageId) => {
      decoded.push(imageId);
      return decodeImage(join(demoFolder, 'images', `${nameOf(imageId)}.webp`));
    },
    segmenter: (packId) => provider.segmenter(packId),
    defaultPackId: () => provider.defaultPackId(),
  });
});

const nothing = { points: [], box: null, previousMask: null, packId: null };
const referentsOf = (imageId: number) => referents.filter(({ image }) => image === nameOf(imageId));

function boxOf({ box: [x, y, width, height] }: Referent): ImageBox {
  return { x, y, width, height };
}

/** The pixel of a mask that is nearest to the middle of its box: a place where a person would click. */
function clickOn(referent: Referent): { x: number; y: number; positive: boolean } {
  const { width, data } = decodeRunLength(referent.mask);
  const box = boxOf(referent);
  const [middleX, middleY] = [box.x + box.width / 2, box.y + box.height / 2];
  let best = { x: middleX, y: middleY, distance: Infinity };
  data.forEach((bit, index) => {
    const [x, y] = [(index % width) + 0.5, Math.floor(index / width) + 0.5];
    const distance = Math.hypot(x - middleX, y - middleY);
    if (bit && distance < best.distance) best = { x, y, distance };
  });
  return { x: best.x, y: best.y, positive: true };
}

async function meanIou(ask: (referent: Referent, imageId: number) => Promise<RunLengthMask | undefined>) {
  let sum = 0;
  let count = 0;
  for (const imageId of imageIds) {
    for (const referent of referentsOf(imageId)) {
      const mask = await ask(referent, imageId);
      sum += mask ? runLengthIou(mask, referent.mask) : 0;
      count += 1;
    }
  }
  return sum / count;
}

async function cutOut(imageId: number, prompt: Partial<Parameters<typeof segment>[0]>) {
  const { candidates } = await segment({ ...nothing, imageId, ...prompt });
  return candidates[0]?.mask;
}

describe('cutting out what is pointed at', () => {
  it('finds the object under a click, and better inside a box', async () => {
    const clicked = await meanIou((referent, imageId) => cutOut(imageId, { points: [clickOn(referent)] }));
    const boxed = await meanIou((referent, imageId) => cutOut(imageId, { box: boxOf(referent) }));
    expect(clicked).toBeGreaterThan(0.75);
    expect(boxed).toBeGreaterThan(0.8);
  });

  it('improves on an earlier mask that fits, and keeps to it', async () => {
    const improved = await meanIou((referent, imageId) =>
      cutOut(imageId, { points: [clickOn(referent)], previousMask: referent.mask }),
    );
    expect(improved).toBeGreaterThan(0.85);
  });

  it('leaves out what a negative click points at', async () => {
    const [first, second] = referentsOf(0);
    const both = { x: 0, y: 0, width: 448, height: 448 };
    const inside = async (points: ReturnType<typeof clickOn>[]) => {
      const mask = await cutOut(0, { box: both, points });
      const place = clickOn(first!);
      return mask && decodeRunLength(mask).data[Math.floor(place.y) * 448 + Math.floor(place.x)];
    };
    expect(await inside([clickOn(first!)])).toBe(1);
    expect(await inside([{ ...clickOn(first!), positive: false }, clickOn(second!)])).not.toBe(1);
  });

  it('reads and encodes a picture once, and makes it ready before the first click', async () => {
    const ready = await segment({ ...nothing, imageId: 0 });
    expect(ready.candidates).toEqual([]);
    const points = [clickOn(referentsOf(0)[0]!)];
    await segment({ ...nothing, imageId: 0, points });
    await segment({ ...nothing, imageId: 0, points });
    expect(decoded).toEqual([0]);
    await segment({ ...nothing, imageId: 1 });
    await segment({ ...nothing, imageId: 0, points });
    expect(decoded).toEqual([0, 1, 0]);
  });

  it('says why it cannot, and tries again the next time', async () => {
    await expect(segment({ ...nothing, imageId: 0, packId: 'absent' })).rejects.toMatchObject({
      kind: 'model-missing',
    });
    await expect(segment({ ...nothing, imageId: 77 })).rejects.toMatchObject({ kind: 'not-found' });
    await expect(segment({ ...nothing, imageId: 77 })).rejects.toMatchObject({ kind: 'not-found' });
    expect(decoded).toEqual([77, 77]);
  });
});
