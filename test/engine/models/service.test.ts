/** The provider and the contract's `models` on a copy of the shipped pack. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  ownMethodIds,
  type ExecutionProvider,
  type LatencyMeasurement,
  type Prediction,
} from '../../../src/common/contract';
import { decodeImage } from '../../../src/main/engine/imaging/decode';
import type { DecodedImage } from '../../../src/main/engine/imaging/image';
import { createMethodProvider, type MethodProvider } from '../../../src/main/engine/models/provider';
import { createModelsService } from '../../../src/main/engine/models/service';
import { demoFolder, resourcesFolder } from '../methods/golden';
import { graph, noJobs, quietLog, temporaryFolder, writePack } from './pack-folder';

const packId = 'emojiref-small';
const calmSettings = {
  threads: 1,
  imageCacheMegabytes: 64,
  embeddingCacheMegabytes: 0,
  executionProvider: 'cpu' as ExecutionProvider,
  packVariants: {},
};
let settings = calmSettings;

let folder: ReturnType<typeof temporaryFolder>;
let provider: MethodProvider;
let packFolder: string;
let image: DecodedImage;

beforeEach(async () => {
  settings = calmSettings;
  folder = temporaryFolder();
  packFolder = join(folder.path, 'resources', 'models', packId);
  mkdirSync(join(folder.path, 'resources', 'models'), { recursive: true });
  cpSync(join(resourcesFolder, 'models', packId), packFolder, { recursive: true });
  provider = await createMethodProvider({
    resourcesPath: join(folder.path, 'resources'),
    workspacePath: join(folder.path, 'workspace'),
    settings: () => settings,
    log: quietLog,
  });
  image = await decodeImage(join(demoFolder, 'images', 'validation-000000.webp'));
});
afterEach(async () => {
  await provider.close();
  folder.remove();
});

function serviceOf(readOnly = false) {
  const events: string[] = [];
  const kept: { id: string; hash: string; measurement: LatencyMeasurement }[] = [];
  const service = createModelsService({
    provider,
    readOnly,
    jobs: noJobs,
    latencies: {
      save: (id, hash, measurement) => void kept.push({ id, hash, measurement }),
      list: (id, hash) =>
        kept.filter((one) => one.id === id && one.hash === hash).map((one) => one.measurement),
    },
    emit: (name) => void events.push(name),
    sample: async () => ({ image, text: 'the fish' }),
  });
  return { service, events };
}

function flipOneByte(file: string): void {
  const path = join(packFolder, file);
  const bytes = readFileSync(path);
  const middle = bytes.length >> 1;
  bytes[middle] = (bytes[middle] ?? 0) ^ 1;
  writeFileSync(path, bytes);
}

/** Without the timings, which differ from run to run. */
function lasting({ timings: _, ...prediction }: Prediction): Omit<Prediction, 'timings'> {
  return prediction;
}

describe('methods', () => {
  it('answer the same twice, also in another order and after the graphs were loaded anew', async () => {
    const texts = ['the fish', 'a penguin that is pink', 'smallest elephant'];
    for (const methodId of ownMethodIds) {
      const method = await provider.method(packId, methodId);
      const first = await method.prepare(image);
      const answers: Prediction[] = [];
      for (const text of texts) answers.push(await method.ground(first, text));
      expect(await method.prepare(image)).toBe(first);
      const fresh = await provider.freshMethod(packId, methodId);
      const second = await fresh.prepare(image);
      expect(second).not.toBe(first);
      for (const [index, text] of [...texts.entries()].reverse()) {
        expect(lasting(await fresh.ground(second, text))).toEqual(lasting(answers[index] as Prediction));
      }
    }
    const method = await provider.freshMethod(packId, 'risclip');
    const before = await method.ground(await method.prepare(image), 'the fish');
    await provider.release(packId);
    const anew = await provider.freshMethod(packId, 'risclip');
    expect(lasting(await anew.ground(await anew.prepare(image), 'the fish'))).toEqual(lasting(before));
  });

  it('two askers of one picture wait for one preparation', async () => {
    const method = await provider.method(packId, 'blip-sam');
    const [one, two] = await Promise.all([method.prepare(image), method.prepare(image)]);
    expect(one).toBe(two);
  });

  it('report the preparation once, and the time inside the runtime with every stage', async () => {
    const method = await provider.method(packId, 'yolo-clip');
    const state = await method.prepare(image);
    const first = await method.ground(state, 'the fish');
    const second = await method.ground(state, 'the fish');
    expect(first.timings.map(({ stage }) => stage)).toEqual([
      'detect',
      'encode crops',
      'encode text',
      'compare',
    ]);
    expect(second.timings.map(({ stage }) => stage)).toEqual(['encode text', 'compare']);
    for (const { milliseconds, runtime } of first.timings) {
      expect(runtime).toBeLessThanOrEqual(milliseconds);
    }
    expect(first.timings[0]?.runtime).toBeGreaterThan(0);
    // The text was asked before: its embedding is known.
    expect(second.timings[0]?.runtime).toBe(0);
  });

  it('are described with what pins a run to them', async () => {
    const described = await provider.describeMethod(packId, 'risclip');
    expect(described.pack.id).toBe(packId);
    expect(described.pack.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(described.provider).toBe('cpu');
    expect(described.versions.onnxruntime).toMatch(/^\d+\./);
    expect(await provider.describeMethod(packId, 'risclip')).toEqual(described);
    const other = await provider.describeMethod(packId, 'yolo-clip');
    expect(other.pack.hash).not.toBe(described.pack.hash);
    expect(other.settingsHash).not.toBe(described.settingsHash);
  });

  it('a damaged file keeps its method from running, and no other', async () => {
    flipOneByte('clip-text.onnx');
    const refusal = { kind: 'model-damaged', hint: expect.stringMatching(/./) };
    await expect(provider.method(packId, 'yolo-clip')).rejects.toMatchObject(refusal);
    await expect(provider.describeMethod(packId, 'yolo-clip')).rejects.toMatchObject(refusal);
    for (const methodId of ['blip-sam', 'risclip'] as const) {
      const method = await provider.method(packId, methodId);
      await method.ground(await method.prepare(image), 'the fish');
    }
    const { service } = serviceOf();
    const [summary] = await service.packs({});
    expect(summary?.verified).toBe(false);
    expect(summary?.problem?.kind).toBe('model-damaged');
    expect(summary?.methods).toEqual([
      { method: 'yolo-clip', available: false, missingRoles: ['clip-text'] },
      { method: 'blip-sam', available: true, missingRoles: [] },
      { method: 'risclip', available: true, missingRoles: [] },
    ]);
  });

  it('settings that a method does not know make the pack unfit for it', async () => {
    const path = join(packFolder, 'manifest.json');
    const manifest = JSON.parse(readFileSync(path, 'utf8')) as {
      methods: { risclip: Record<string, unknown> };
    };
    manifest.methods.risclip.threshold = 'high';
    writeFileSync(path, JSON.stringify(manifest));
    await provider.refresh();
    await expect(provider.method(packId, 'risclip')).rejects.toMatchObject({
      kind: 'model-damaged',
      message: expect.stringContaining('methods.risclip.threshold'),
    });
    await provider.method(packId, 'yolo-clip');
  });
});

describe('the models service', () => {
  it('tells what is there before anything was checked, and after', async () => {
    const { service } = serviceOf();
    const [before] = await service.packs({});
    expect(before).toMatchObject({ id: packId, bundled: true, verified: null, problem: null, demo: true });
    expect(before?.bytes).toBe(before?.files.reduce((sum, { bytes }) => sum + bytes, 0));
    expect(before?.methods.every(({ available }) => available)).toBe(true);
    expect(before?.parameters).toBeGreaterThan(0);
    expect((await service.verify({ packId })).verified).toBe(true);
    flipOneByte('sam-image.onnx');
    const damaged = await service.verify({ packId });
    expect(damaged.verified).toBe(false);
    expect(damaged.methods.find(({ method }) => method === 'blip-sam')?.missingRoles).toEqual(['sam-image']);
  });

  it('says which graphs are loaded and what runs them', async () => {
    const { service } = serviceOf();
    expect(await service.status({})).toMatchObject({
      provider: '',
      requested: 'cpu',
      refusal: '',
      loadedSessions: [],
      threads: 1,
    });
    await provider.method(packId, 'risclip');
    const status = await service.status({});
    expect(status.loadedSessions.map(({ role }) => role).sort()).toEqual(['risclip-ground', 'risclip-image']);
    expect(status.loadedSessions.every((session) => session.provider === 'cpu')).toBe(true);
    expect(status).toMatchObject({ provider: 'cpu', refusal: '' });
  });

  it('says of each provider whether it can be used, and refuses to run on one that cannot', async () => {
    const { service } = serviceOf();
    expect(await service.tryProvider({ provider: 'cpu' })).toEqual({
      provider: 'cpu',
      state: 'available',
      reason: '',
    });
    const absent = process.platform === 'darwin' ? 'dml' : 'coreml';
    const found = (await service.providers({})).find(({ provider: one }) => one === absent);
    expect(found).toMatchObject({ state: 'unavailable' });
    expect(found?.reason).toMatch(/no \w+: it is part of \w+, and this is/);
    expect(await service.tryProvider({ provider: absent })).toEqual(found);
    settings = { ...settings, executionProvider: absent };
    await expect(provider.describeMethod(packId, 'risclip')).rejects.toMatchObject({
      kind: 'unsupported',
      message: expect.stringContaining(found?.reason ?? '?') as string,
    });
    expect(await service.status({})).toMatchObject({
      provider: '',
      requested: absent,
      refusal: found?.reason,
    });
  });

  it('measures a method', async () => {
    const { service } = serviceOf();
    const measured = await service.measure({ packId, method: 'yolo-clip', variant: null });
    expect(measured.prepare).toBeGreaterThan(0);
    expect(measured.ground).toBeGreaterThan(0);
    expect(measured.repetitions).toBeGreaterThan(0);
    expect(measured).toMatchObject({ provider: 'cpu', threads: 1 });
    const whole = measured.stages.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
    expect(whole).toBeGreaterThan(0);
    for (const { runtime, milliseconds } of measured.stages) {
      expect(runtime).toBeLessThanOrEqual(milliseconds);
    }
    const [pack] = await service.packs({});
    expect(pack?.latencies).toEqual([measured]);
    expect(pack?.roles.find(({ role }) => role === 'detector')).toMatchObject({
      file: 'detector.onnx',
      methods: ['yolo-clip'],
      sha256: pack?.files.find(({ name }) => name === 'detector.onnx')?.sha256,
    });
  });

  it('keeps no measurement in a workspace that is only read', async () => {
    const { service } = serviceOf(true);
    await service.measure({ packId, method: 'risclip', variant: null });
    const [pack] = await service.packs({});
    expect(pack?.latencies).toEqual([]);
  });

  it('installs and removes packs, tells those who listen, and never removes what is bundled', async () => {
    const { service, events } = serviceOf();
    const source = writePack(join(folder.path, 'source'), 'made', graph('sound'));
    const installed = await service.install({ path: source });
    expect(installed).toMatchObject({ id: 'made', bundled: false, problem: null });
    expect(installed.methods.every(({ available }) => !available)).toBe(true);
    expect((await service.packs({})).map(({ id }) => id)).toEqual([packId, 'made']);
    expect(provider.defaultPackId()).toBe(packId);
    await service.remove({ packId: 'made' });
    expect((await service.packs({})).map(({ id }) => id)).toEqual([packId]);
    expect(events).toEqual(['data.changed', 'data.changed']);
    await expect(Promise.resolve(service.remove({ packId }))).rejects.toMatchObject({ kind: 'refused' });
    await expect(Promise.resolve(service.remove({ packId: 'nothing' }))).rejects.toMatchObject({
      kind: 'not-found',
    });
  });

  it.each([
    ['risclip', {}, 'model-missing', /cannot serve RisCLIP: it lacks risclip-image, risclip-ground/],
    ['yolo-clip', {}, 'model-missing', /cannot serve YOLO\+CLIP: it lacks detector, clip-image/],
  ] as const)('refuses a pack for %s that lacks its roles', async (method, methodSettings, kind, message) => {
    const { service } = serviceOf();
    const source = writePack(join(folder.path, 'source'), 'made', graph('sound'), (manifest) => {
      manifest.methods = { [method]: methodSettings };
    });
    await expect(Promise.resolve(service.install({ path: source }))).rejects.toMatchObject({
      kind,
      message: expect.stringMatching(message) as string,
    });
    expect((await service.packs({})).map(({ id }) => id)).toEqual([packId]);
  });

  it('refuses a pack whose inputs are not named or shaped as its method wants them', async () => {
    const { service } = serviceOf();
    for (const [role, input, message] of [
      ['risclip-image', 'picture', /does not fit RisCLIP/],
      ['risclip-ground', 'words', /does not fit RisCLIP/],
    ] as const) {
      const source = join(folder.path, role);
      cpSync(packFolder, source, { recursive: true });
      const file = join(source, 'manifest.json');
      const manifest = JSON.parse(readFileSync(file, 'utf8')) as {
        id: string;
        roles: Record<string, { inputs: Record<string, unknown>; image?: { input: string } }>;
      };
      manifest.id = 'another';
      const changed = manifest.roles[role];
      const [name = '', rule] = Object.entries(changed?.inputs ?? {}).at(-1) ?? [];
      delete changed?.inputs[name];
      if (changed) changed.inputs[input] = rule;
      if (changed?.image) changed.image.input = input;
      writeFileSync(file, JSON.stringify(manifest));
      await expect(Promise.resolve(service.install({ path: source }))).rejects.toMatchObject({
        kind: 'model-damaged',
        message: expect.stringMatching(message) as string,
      });
    }
    expect((await service.packs({})).map(({ id }) => id)).toEqual([packId]);
  });

  it('changes nothing in a workspace that is only read', async () => {
    const { service } = serviceOf(true);
    await expect(Promise.resolve(service.install({ path: packFolder }))).rejects.toMatchObject({
      kind: 'read-only',
    });
  });
});

it('without any pack there is no default one, and the reason is told', async () => {
  const empty = await createMethodProvider({
    resourcesPath: join(folder.path, 'nothing'),
    workspacePath: join(folder.path, 'nothing'),
    settings: () => settings,
    log: quietLog,
  });
  expect(() => empty.defaultPackId()).toThrow(expect.objectContaining({ kind: 'model-missing' }));
  await expect(empty.method(packId, 'risclip')).rejects.toMatchObject({ kind: 'model-missing' });
});
