/** Model files that are damaged or meant to do harm are refused with a kind, and the process lives on. */
import { mkdirSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WorkbenchError } from '../../../src/common/errors';
import { Pack, PackStore, readManifest } from '../../../src/main/engine/models/packs';
import { OnnxRunner, type Tensors } from '../../../src/main/engine/models/session';
import { graph, temporaryFolder, writePack, type MadeManifest } from './pack-folder';

let folder: ReturnType<typeof temporaryFolder>;

beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

const tokens: Tensors = {
  input_ids: { type: 'int64', dims: [1, 4], data: BigInt64Array.of(1n, 2n, 3n, 4n) },
};

async function runnerOf(
  name: string,
  change?: (manifest: MadeManifest) => void,
): Promise<{ pack: Pack; runner: OnnxRunner }> {
  const path = writePack(folder.path, 'made', graph(name), change);
  const pack = new Pack(path, await readManifest(path), false);
  return { pack, runner: new OnnxRunner(pack, () => ({ threads: 1, provider: 'cpu' })) };
}

async function kindOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return 'none';
  } catch (error) {
    if (!(error instanceof WorkbenchError)) throw error;
    expect(error.message).not.toBe('');
    expect(error.hint).not.toBe('');
    return error.kind;
  }
}

describe('graphs', () => {
  it('a sound one runs, and says how long the runtime took', async () => {
    const { runner, pack } = await runnerOf('sound');
    const { outputs, milliseconds } = await runner.run('clip-text', tokens);
    expect([...(outputs.text_embeddings?.data ?? [])]).toEqual([1, 4, 9, 16]);
    expect(milliseconds).toBeGreaterThan(0);
    expect(await runner.loaded()).toEqual([{ role: 'clip-text', provider: 'cpu', partly: false }]);
    expect(pack.verified).toBe(true);
    await runner.close();
    expect(await runner.loaded()).toEqual([]);
  });

  const attacks: Record<string, string> = {
    'external-above': 'refused',
    'external-absolute': 'refused',
    'external-beside': 'refused',
    'external-in-node': 'refused',
    truncated: 'model-damaged',
    random: 'model-damaged',
    text: 'model-damaged',
    'huge-constant': 'model-damaged',
    'unknown-operator': 'model-damaged',
    'other-input': 'model-damaged',
  };
  for (const [name, kind] of Object.entries(attacks)) {
    it(`${name} is ${kind}, though its hash is the manifest's`, async () => {
      // What the external weights point at is there, so that only the refusal keeps it from being read.
      writeFileSync(join(folder.path, 'secret.bin'), Buffer.alloc(16, 1));
      mkdirSync(join(folder.path, 'made'));
      writeFileSync(join(folder.path, 'made', 'weights.bin'), Buffer.alloc(16, 1));
      const { runner } = await runnerOf(name);
      // The huge constant is harmless until it is asked for: then there is no memory for it.
      expect(await kindOf(runner.run('clip-text', tokens))).toBe(kind);
      await runner.close();
      // The next one works.
      const other = await runnerOf('sound');
      await other.runner.run('clip-text', tokens);
      await other.runner.close();
    });
  }

  it('one flipped byte is found before the runtime sees the file', async () => {
    const { pack, runner } = await runnerOf('sound');
    const bytes = graph('sound');
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
    writeFileSync(join(pack.folder, 'text.onnx'), bytes);
    expect(await kindOf(runner.load(['clip-text']))).toBe('model-damaged');
    expect(pack.verified).toBe(false);
    expect(pack.isDamaged('text.onnx')).toBe(true);
    // Put right, it works without a restart.
    writeFileSync(join(pack.folder, 'text.onnx'), graph('sound'));
    await runner.run('clip-text', tokens);
    expect(pack.verified).toBe(true);
    await runner.close();
  });

  it('a link in place of a file is not followed', async () => {
    const { pack, runner } = await runnerOf('sound');
    const outside = join(folder.path, 'outside.onnx');
    writeFileSync(outside, graph('sound'));
    unlinkSync(join(pack.folder, 'text.onnx'));
    symlinkSync(outside, join(pack.folder, 'text.onnx'));
    expect(await kindOf(runner.load(['clip-text']))).toBe('model-missing');
  });

  it('tensors must be those of the manifest', async () => {
    const wrongs: ((manifest: MadeManifest) => void)[] = [
      (manifest) => ((manifest.roles['clip-text'] ?? {}).inputs = { ids: { type: 'int64', shape: [-1, 4] } }),
      (manifest) =>
        ((manifest.roles['clip-text'] ?? {}).inputs = { input_ids: { type: 'float32', shape: [-1, 4] } }),
      (manifest) =>
        ((manifest.roles['clip-text'] ?? {}).inputs = { input_ids: { type: 'int64', shape: [-1, 5] } }),
      (manifest) =>
        ((manifest.roles['clip-text'] ?? {}).outputs = { text_embeddings: { type: 'float32', shape: [-1] } }),
    ];
    for (const wrong of wrongs) {
      const { runner } = await runnerOf('sound', wrong);
      expect(await kindOf(runner.load(['clip-text']))).toBe('model-damaged');
    }
  });

  it('inputs of another shape fail with a kind', async () => {
    const { runner } = await runnerOf('sound');
    const wrong: Tensors = { input_ids: { type: 'int64', dims: [1, 3], data: new BigInt64Array(3) } };
    expect(await kindOf(runner.run('clip-text', wrong))).toBe('model-damaged');
    await runner.run('clip-text', tokens);
    await runner.close();
  });

  it('another number of threads loads the graph anew, also while it runs', async () => {
    const { pack } = await runnerOf('sound');
    let threads = 1;
    const runner = new OnnxRunner(pack, () => ({ threads, provider: 'cpu' }));
    const running = [1, 2, 3].map((next) => {
      threads = next;
      return runner.run('clip-text', tokens);
    });
    for (const { outputs } of await Promise.all(running)) {
      expect([...(outputs.text_embeddings?.data ?? [])]).toEqual([1, 4, 9, 16]);
    }
    expect(await runner.loaded()).toHaveLength(1);
    await runner.close();
  });

  it('a provider that is not there is refused with the reason, and nothing runs elsewhere instead', async () => {
    const { pack } = await runnerOf('sound');
    const absent = process.platform === 'darwin' ? ('dml' as const) : ('coreml' as const);
    let provider: 'cpu' | typeof absent = absent;
    const runner = new OnnxRunner(pack, () => ({ threads: 1, provider }));
    await expect(runner.run('clip-text', tokens)).rejects.toMatchObject({
      kind: 'unsupported',
      message: expect.stringMatching(
        /set to run on \w+, which cannot be used: this copy of onnxruntime has no/,
      ) as string,
      hint: expect.stringContaining('CPU') as string,
    });
    expect(await runner.loaded()).toEqual([]);
    provider = 'cpu';
    await runner.run('clip-text', tokens);
    expect(await runner.loaded()).toEqual([{ role: 'clip-text', provider: 'cpu', partly: false }]);
    await runner.close();
  });
});

describe('manifests', () => {
  const wrongs: Record<string, (manifest: MadeManifest) => void> = {
    'another schema': (manifest) => (manifest.schema = 2),
    'an unknown key': (manifest) => (manifest.command = 'rm'),
    'a file in another folder': (manifest) => {
      manifest.files['../text.onnx'] = { sha256: '0'.repeat(64), bytes: 1 };
    },
    'an id that is a path': (manifest) => (manifest.id = '../made'),
    'a role whose file is not listed': (manifest) => (manifest.files = {}),
    'an unknown role': (manifest) => (manifest.roles.judge = manifest.roles['clip-text'] ?? {}),
    'a hash that is none': (manifest) => {
      manifest.files['text.onnx'] = { sha256: 'abc', bytes: 1 };
    },
    'an image rule that does not fit its input': (manifest) => {
      (manifest.roles['clip-text'] ?? {}).image = {
        input: 'input_ids',
        size: [8, 8],
        resize: 'squash',
        filter: 'bilinear',
        channels: 'rgb',
        scale: 1,
        mean: [0, 0, 0],
        std: [1, 1, 1],
      };
    },
  };
  for (const [what, change] of Object.entries(wrongs)) {
    it(`${what} makes the pack unusable, and the other packs go on`, async () => {
      const bundled = join(folder.path, 'bundled');
      writePack(bundled, 'made', graph('sound'), change);
      writePack(bundled, 'other', graph('sound'));
      const store = new PackStore(bundled, join(folder.path, 'installed'));
      const entries = await store.list();
      expect(entries.map(({ problem }) => problem?.kind ?? 'sound')).toEqual(['model-damaged', 'sound']);
      expect((await store.get('other')).packId).toBe('other');
      expect(await kindOf(store.get('made'))).toBe('model-missing');
    });
  }

  it('that are no JSON, or too large, or a folder, are a problem of their pack', async () => {
    const bundled = join(folder.path, 'bundled');
    mkdirSync(join(bundled, 'a', 'manifest.json'), { recursive: true });
    for (const name of ['b', 'c', 'd']) mkdirSync(join(bundled, name));
    writeFileSync(join(bundled, 'b', 'manifest.json'), '{');
    writeFileSync(join(bundled, 'c', 'manifest.json'), `"${'x'.repeat(1_000_001)}"`);
    const entries = await new PackStore(bundled, join(folder.path, 'none')).list();
    expect(entries.map(({ problem }) => problem?.kind)).toEqual(Array(4).fill('model-damaged'));
  });

  it('of the same id: the first one counts', async () => {
    const bundled = join(folder.path, 'bundled');
    const installed = join(folder.path, 'installed');
    writePack(bundled, 'made', graph('sound'));
    writePack(installed, 'made', graph('sound'));
    const entries = await new PackStore(bundled, installed).list();
    expect(entries.map(({ id, problem }) => [id, problem?.kind])).toEqual([
      ['made', undefined],
      ['folder:made', 'conflict'],
    ]);
  });
});
