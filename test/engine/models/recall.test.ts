/** Answers from encoded pictures on the disk, with the shipped pack and real sessions. */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ownMethodIds, type OwnMethodId, type Prediction } from '../../../src/common/contract';
import { decodeImage } from '../../../src/main/engine/imaging/decode';
import type { DecodedImage } from '../../../src/main/engine/imaging/image';
import { createMethodProvider, type MethodProvider } from '../../../src/main/engine/models/provider';
import { createModelsService } from '../../../src/main/engine/models/service';
import { demoFolder, resourcesFolder } from '../methods/golden';
import { noJobs, quietLog, temporaryFolder } from './pack-folder';

const packId = 'emojiref-small';
const texts = ['the fish', 'a penguin that is pink', 'smallest elephant'];
/** Stages whose work the cache saves. */
const encoding = ['detect', 'encode crops', 'encode image', 'encode image (BLIP)', 'encode image (SAM)'];

let root: ReturnType<typeof temporaryFolder>;
let embeddingCacheMegabytes: number;
let opened: MethodProvider[];

beforeEach(() => {
  root = temporaryFolder();
  embeddingCacheMegabytes = 64;
  opened = [];
});
afterEach(async () => {
  for (const provider of opened) await provider.close();
  root.remove();
});

/** Another process on the same workspace: nothing in memory, the same folders. */
async function newProvider(resourcesPath = resourcesFolder, workspace = 'workspace') {
  const provider = await createMethodProvider({
    resourcesPath,
    workspacePath: join(root.path, workspace),
    settings: () => ({
      threads: 1,
      imageCacheMegabytes: 64,
      embeddingCacheMegabytes,
      executionProvider: 'cpu',
      packVariants: {},
    }),
    log: quietLog,
  });
  opened.push(provider);
  return provider;
}

// Decoded anew each time, as another process would.
const picture = (name = 'validation-000000') => decodeImage(join(demoFolder, 'images', `${name}.webp`));

async function answersOf(
  provider: MethodProvider,
  image: DecodedImage,
  methods: readonly OwnMethodId[] = ownMethodIds,
) {
  const answers: Prediction[] = [];
  for (const methodId of methods) {
    const method = await provider.method(packId, methodId);
    const state = await method.prepare(image);
    for (const text of texts) answers.push(await method.ground(state, text));
  }
  return answers;
}

/** As it is stored, without how long it took. */
const bytesOf = (answers: readonly Prediction[]) =>
  JSON.stringify(answers.map((answer) => ({ ...answer, timings: 0 })));
const encodingTime = (answers: readonly Prediction[]) =>
  answers
    .flatMap(({ timings }) => timings)
    .filter(({ stage }) => encoding.includes(stage))
    .map(({ runtime }) => runtime);
const folder = (workspace = 'workspace') => join(root.path, workspace, 'cache', 'embeddings');
const files = () => readdirSync(folder());

describe('a second run over the same pictures', () => {
  it('skips the encoders and answers the same byte for byte', async () => {
    const first = await answersOf(await newProvider(), await picture());
    expect(encodingTime(first)).toHaveLength(5);
    expect(encodingTime(first).every((time) => time > 0)).toBe(true);
    const second = await answersOf(await newProvider(), await picture());
    expect(bytesOf(second)).toBe(bytesOf(first));
    // No encoder ran: YOLO+CLIP does not even come to the stage of the crops.
    expect(encodingTime(second)).toEqual([0, 0, 0, 0]);
    embeddingCacheMegabytes = 0;
    const without = await answersOf(await newProvider(resourcesFolder, 'another'), await picture());
    expect(bytesOf(without)).toBe(bytesOf(first));
    expect(existsSync(folder('another'))).toBe(false);
  });

  it('encodes another picture, and one whose entry is damaged, and answers rightly', async () => {
    const first = await answersOf(await newProvider(), await picture());
    const count = files().length;
    expect(count).toBe(4);
    for (const file of files()) {
      const path = join(folder(), file);
      const bytes = readFileSync(path);
      bytes[bytes.length >> 1]! ^= 1;
      writeFileSync(path, bytes);
    }
    const second = await answersOf(await newProvider(), await picture());
    expect(bytesOf(second)).toBe(bytesOf(first));
    expect(encodingTime(second).every((time) => time > 0)).toBe(true);
    const third = await answersOf(await newProvider(), await picture());
    expect(encodingTime(third)).toEqual([0, 0, 0, 0]);
    await answersOf(await newProvider(), await picture('validation-000001'));
    expect(files()).toHaveLength(2 * count);
  });

  it('is not served by what other settings or another graph made', async () => {
    await answersOf(await newProvider(), await picture());
    const resources = join(root.path, 'resources');
    mkdirSync(join(resources, 'models'), { recursive: true });
    cpSync(join(resourcesFolder, 'models', packId), join(resources, 'models', packId), { recursive: true });
    const path = join(resources, 'models', packId, 'manifest.json');
    const manifest = JSON.parse(readFileSync(path, 'utf8')) as {
      methods: { 'yolo-clip': Record<string, unknown>; 'blip-sam': Record<string, unknown> };
      roles: Record<string, { image: { mean: number[] } }>;
    };
    manifest.methods['yolo-clip'].scoreThreshold = 0.9;
    // Says nothing about pictures: what they were encoded to still serves.
    manifest.methods['blip-sam'].points = 2;
    manifest.roles['risclip-image']!.image.mean = [0.4, 0.4, 0.4];
    writeFileSync(path, JSON.stringify(manifest));
    const provider = await newProvider(resources);
    const runs = async (method: OwnMethodId) =>
      encodingTime(await answersOf(provider, await picture(), [method])).some((time) => time > 0);
    expect(await runs('yolo-clip')).toBe(true);
    expect(await runs('risclip')).toBe(true);
    expect(await runs('blip-sam')).toBe(false);
  });

  it('shares what SAM saw between BLIP+SAM and the clicks of a person', async () => {
    const provider = await newProvider();
    const segmenter = await provider.segmenter(packId);
    const points = [{ x: 40, y: 40, positive: true }];
    const clicked = await segmenter.segment(await segmenter.prepare(await picture()), { points });
    expect(files()).toHaveLength(1);
    const answers = await answersOf(await newProvider(), await picture(), ['blip-sam']);
    expect(answers[0]?.timings.find(({ stage }) => stage === 'encode image (SAM)')?.runtime).toBe(0);
    const again = await (await newProvider()).segmenter(packId);
    expect(await again.segment(await again.prepare(await picture()), { points })).toEqual(clicked);
  });

  it('is measured without the cache', async () => {
    const provider = await newProvider();
    await answersOf(provider, await picture(), ['risclip']);
    const method = await provider.freshMethod(packId, 'risclip');
    const answer = await method.ground(await method.prepare(await picture()), texts[0] as string);
    expect(encodingTime([answer])[0]).toBeGreaterThan(0);
  });
});

it('the models service tells its size and empties it', async () => {
  const provider = await newProvider();
  const serviceOf = (readOnly: boolean) =>
    createModelsService({
      provider,
      readOnly,
      jobs: noJobs,
      latencies: { save: () => undefined, list: () => [] },
      emit: () => undefined,
      sample: async () => null,
    });
  await answersOf(provider, await picture());
  const before = await serviceOf(false).embeddingCache({});
  expect(before).toMatchObject({ path: folder(), entries: 4, limit: 64_000_000 });
  expect(before.bytes).toBeGreaterThan(0);
  await expect(Promise.resolve(serviceOf(true).clearEmbeddingCache({}))).rejects.toMatchObject({
    kind: 'read-only',
  });
  expect(await serviceOf(false).clearEmbeddingCache({})).toEqual({ ...before, bytes: 0, entries: 0 });
  expect(existsSync(folder())).toBe(false);
});
