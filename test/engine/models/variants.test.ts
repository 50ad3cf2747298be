/** Variants of a pack: what a manifest may say of them, and real sessions on a copy of the shipped pack that has one. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Settings } from '../../../src/common/contract';
import { decodeImage } from '../../../src/main/engine/imaging/decode';
import { parseManifest, type Manifest } from '../../../src/main/engine/models/manifest';
import { createMethodProvider, type MethodProvider } from '../../../src/main/engine/models/provider';
import { createModelsService } from '../../../src/main/engine/models/service';
import { chooseVariant, manifestOfVariant } from '../../../src/main/engine/models/variants';
import { demoFolder, resourcesFolder } from '../methods/golden';
import { entryOf, graph, manifestOf, noJobs, quietLog, temporaryFolder, writePack } from './pack-folder';

const packId = 'emojiref-small';
const ownFile = 'risclip-ground.int8.onnx';

let root: ReturnType<typeof temporaryFolder>;
let folder: string;
let packVariants: Settings['packVariants'];
let provider: MethodProvider;

/** The graph with a comment: other bytes and another hash, the same arithmetic. */
function commented(bytes: Uint8Array): Buffer {
  const comment = Buffer.from('a variant');
  return Buffer.concat([bytes, Buffer.from([0x32, comment.length]), comment]);
}

function changeManifest(change: (manifest: Manifest) => void): void {
  const path = join(folder, 'manifest.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as Manifest;
  change(manifest);
  writeFileSync(path, JSON.stringify(manifest));
}

beforeEach(async () => {
  root = temporaryFolder();
  folder = join(root.path, 'resources', 'models', packId);
  mkdirSync(join(root.path, 'resources', 'models'), { recursive: true });
  cpSync(join(resourcesFolder, 'models', packId), folder, { recursive: true });
  const own = commented(readFileSync(join(folder, 'risclip-ground.onnx')));
  writeFileSync(join(folder, ownFile), own);
  changeManifest((manifest) => {
    manifest.files[ownFile] = entryOf(own);
    manifest.variants = {
      int8: {
        description: 'Weights of 8 bits.',
        files: { 'risclip-ground': ownFile },
        measured: [{ method: 'risclip', metric: 'accuracy@0.5', value: 0.5, data: 'a test', count: 2 }],
        speed: [{ method: 'risclip', factor: 1.5, data: 'two cores' }],
      },
    };
  });
  packVariants = {};
  provider = await createMethodProvider({
    resourcesPath: join(root.path, 'resources'),
    workspacePath: join(root.path, 'workspace'),
    settings: () => ({
      threads: 1,
      imageCacheMegabytes: 64,
      embeddingCacheMegabytes: 64,
      executionProvider: 'cpu',
      packVariants,
    }),
    log: quietLog,
  });
});
afterEach(async () => {
  await provider.close();
  root.remove();
});

describe('a run with a variant', () => {
  it('is another run where its files differ, and says so in its name', async () => {
    const plain = await provider.describeMethod(packId, 'risclip');
    const int8 = await provider.describeMethod(packId, 'risclip', 'int8');
    expect([plain.variant, int8.variant]).toEqual(['float32', 'int8']);
    expect(int8.pack).toMatchObject({ id: packId, name: `${plain.pack.name}, int8` });
    expect(int8.pack.hash).not.toBe(plain.pack.hash);
    // YOLO+CLIP has no file of its own in it: the same files are the same run.
    expect(await provider.describeMethod(packId, 'yolo-clip', 'int8')).toEqual(
      await provider.describeMethod(packId, 'yolo-clip'),
    );
  });

  it('has prepared pictures of its own in memory, and shares on the disk what the same encoder made', async () => {
    const image = await decodeImage(join(demoFolder, 'images', 'validation-000000.webp'));
    const plain = await provider.method(packId, 'risclip');
    const int8 = await provider.method(packId, 'risclip', 'int8');
    expect(int8.cacheKey).not.toBe(plain.cacheKey);
    const first = await plain.ground(await plain.prepare(image), 'the fish');
    const second = await int8.ground(await int8.prepare(image), 'the fish');
    expect({ ...second, timings: [] }).toEqual({ ...first, timings: [] });
    expect(first.timings[0]?.runtime).toBeGreaterThan(0);
    expect(second.timings[0]?.runtime).toBe(0);
  });

  it('is refused where the pack has none of that name', async () => {
    await expect(provider.method(packId, 'risclip', 'int4')).rejects.toMatchObject({
      kind: 'model-missing',
      hint: 'It has float32 and int8.',
    });
  });
});

describe('without a variant named', () => {
  const variantInUse = async () => (await provider.describeMethod(packId, 'risclip')).variant;

  it('the manifest says which, and a person’s choice goes before it', async () => {
    expect(await variantInUse()).toBe('float32');
    packVariants = { [packId]: 'int8' };
    expect(await variantInUse()).toBe('int8');
    changeManifest((manifest) => (manifest.defaultVariant = 'int8'));
    await provider.refresh();
    packVariants = {};
    expect(await variantInUse()).toBe('int8');
    packVariants = { [packId]: 'float32' };
    expect(await variantInUse()).toBe('float32');
    // One that the pack no longer has counts as no choice.
    packVariants = { [packId]: 'int4' };
    expect(await variantInUse()).toBe('int8');
  });
});

it('the models service tells size, accuracy and speed of each variant, and checks all files', async () => {
  const service = createModelsService({
    provider,
    readOnly: false,
    jobs: noJobs,
    latencies: { save: () => undefined, list: () => [] },
    emit: () => undefined,
    sample: async () => null,
  });
  packVariants = { [packId]: 'int8' };
  const [pack] = await service.packs({});
  expect(pack?.variant).toBe('int8');
  expect(pack?.variants.map(({ name, methods }) => [name, methods])).toEqual([
    ['float32', []],
    ['int8', ['risclip']],
  ]);
  expect(pack?.variants[0]?.measured).toEqual(pack?.measured);
  expect(pack?.variants[1]).toMatchObject({
    measured: [{ value: 0.5 }],
    speed: [{ method: 'risclip', factor: 1.5 }],
  });
  const bytes = readFileSync(join(folder, ownFile));
  bytes[100]! ^= 1;
  writeFileSync(join(folder, ownFile), bytes);
  expect((await service.verify({ packId })).verified).toBe(false);
  await expect(provider.method(packId, 'risclip', 'int8')).rejects.toMatchObject({ kind: 'model-damaged' });
  await provider.method(packId, 'risclip', 'float32');
});

describe('what a manifest says of variants', () => {
  const sound = graph('sound');
  const manifest = (changes: object) => JSON.stringify({ ...manifestOf('made', sound), ...changes });
  const refused: [string, object, RegExp][] = [
    ['the plain name', { variants: { float32: { files: {} } } }, /variants\.float32/],
    [
      'a role that is not there',
      { variants: { int8: { files: { detector: 'text.onnx' } } } },
      /no role detector/,
    ],
    ['a file that is not listed', { variants: { int8: { files: { 'clip-text': 'a.onnx' } } } }, /a\.onnx/],
    ['an unknown role', { variants: { int8: { files: { nose: 'text.onnx' } } } }, /variants\.int8\.files/],
    ['a default that is not there', { defaultVariant: 'int8' }, /defaultVariant/],
    [
      'no speed at all',
      { variants: { int8: { files: {}, speed: [{ method: 'risclip', factor: 0, data: '' }] } } },
      /factor/,
    ],
  ];
  it.each(refused)('%s is refused', (_, changes, message) => {
    expect(() => parseManifest(manifest(changes))).toThrow(message);
  });

  it('changes the files of its roles and nothing else', () => {
    const parsed = parseManifest(
      manifest({
        files: { 'text.onnx': entryOf(sound), 'other.onnx': entryOf(sound) },
        variants: { int8: { files: { 'clip-text': 'other.onnx' } } },
      }),
    );
    const whole = parsed.roles['clip-text'];
    expect(manifestOfVariant(parsed, 'int8').roles).toEqual({
      'clip-text': { ...whole, file: 'other.onnx' },
    });
    expect(manifestOfVariant(parsed, 'float32').roles).toEqual(parsed.roles);
    expect(chooseVariant(parsed, null, 'int8')).toBe('int8');
  });

  it('is installed only when its graphs fit their roles', async () => {
    const service = createModelsService({
      provider,
      readOnly: false,
      jobs: noJobs,
      latencies: { save: () => undefined, list: () => [] },
      emit: () => undefined,
      sample: async () => null,
    });
    const withVariant = (id: string, bytes: Buffer) => {
      const path = writePack(join(root.path, 'source'), id, sound, (made) => {
        made.files['other.onnx'] = entryOf(bytes);
        made['variants'] = { int8: { files: { 'clip-text': 'other.onnx' } } };
      });
      writeFileSync(join(path, 'other.onnx'), bytes);
      return path;
    };
    const installed = await service.install({ path: withVariant('good', commented(sound)) });
    expect(installed.variants.map(({ name }) => name)).toEqual(['float32', 'int8']);
    await expect(
      Promise.resolve(service.install({ path: withVariant('bad', graph('other-input')) })),
    ).rejects.toMatchObject({ kind: 'model-damaged' });
  });
});
