import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readEncoded, writeEncoded } from '../../../src/main/engine/models/embedding-file';
import { EmbeddingStore, type EmbeddingStoreParts } from '../../../src/main/engine/models/embedding-store';
import { quietLog, temporaryFolder } from './pack-folder';

let root: ReturnType<typeof temporaryFolder>;
let folder: string;
let limit: number;

beforeEach(() => {
  root = temporaryFolder();
  folder = join(root.path, 'cache', 'embeddings');
  limit = 1_000_000;
});
afterEach(() => root.remove());

function open(parts: Partial<EmbeddingStoreParts> = {}): EmbeddingStore {
  return new EmbeddingStore({ folder, limit: () => limit, readOnly: false, log: quietLog, ...parts });
}

/** Numbers that a careless copy would change, in an array that does not begin at its buffer's start. */
function encoded(seed: number, length = 64) {
  const whole = new Float32Array(length + 3);
  const data = whole.subarray(3);
  for (let index = 0; index < length; index += 1) data[index] = Math.fround(Math.sin(seed + index) * 1e-39);
  data.set([NaN, -0, Infinity], 0);
  return {
    tensors: {
      image_embeddings: { type: 'float32' as const, dims: [1, length], data },
      ids: { type: 'int64' as const, dims: [2], data: BigInt64Array.of(-1n, 2n ** 60n) },
    },
    facts: [{ box: { x: 0.1 + 0.2, y: 1 / 3 }, score: seed }],
  };
}

const bytesOf = (values: Float32Array) => Buffer.from(values.buffer, values.byteOffset, values.byteLength);
const files = () => readdirSync(folder).sort();
const size = Buffer.concat(writeEncoded(encoded(0))).length;

describe('an encoded picture as a file', () => {
  it('comes back bit for bit', () => {
    const original = encoded(1);
    const read = readEncoded(Buffer.concat(writeEncoded(original)));
    expect(read.facts).toEqual(original.facts);
    expect(Object.keys(read.tensors)).toEqual(Object.keys(original.tensors));
    const floats = read.tensors.image_embeddings;
    expect(floats?.dims).toEqual([1, 64]);
    expect(bytesOf(floats?.data as Float32Array)).toEqual(bytesOf(original.tensors.image_embeddings.data));
    expect(read.tensors.ids?.data).toEqual(original.tensors.ids.data);
  });

  it('is refused with any byte changed, with any missing, and as another file', () => {
    const bytes = Buffer.concat(writeEncoded(encoded(1, 4)));
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes);
      changed[at]! ^= 1;
      expect(() => readEncoded(changed), `byte ${at}`).toThrow();
      expect(() => readEncoded(bytes.subarray(0, at)), `${at} bytes`).toThrow();
    }
    expect(() => readEncoded(Buffer.from('a file of someone else'))).toThrow('no encoded picture');
  });
});

describe('the store', () => {
  it('gives what was put in, also to the next process', async () => {
    await open().set('one', encoded(1));
    const next = open();
    const found = await next.get('one');
    expect(found?.facts).toEqual(encoded(1).facts);
    expect(await next.get('two')).toBeNull();
    expect(await next.usage()).toEqual({ bytes: size, entries: 1 });
    expect(files()).toEqual(['one.embedding']);
  });

  it('drops what was not used for longest, also by what an earlier process used', async () => {
    limit = 3 * size;
    const store = open();
    for (const key of ['a', 'b', 'c']) await store.set(key, encoded(1));
    await store.get('a');
    await store.set('d', encoded(1));
    expect(files()).toEqual(['a.embedding', 'c.embedding', 'd.embedding']);
    // File times may be coarse: the order of use is written plainly.
    ['d', 'a', 'c'].forEach((key, index) =>
      utimesSync(join(folder, `${key}.embedding`), 1_000 + index, 1_000 + index),
    );
    await open().set('e', encoded(1));
    expect(files()).toEqual(['a.embedding', 'c.embedding', 'e.embedding']);
    await open().get('a');
    limit = 2 * size;
    expect(await open().usage()).toEqual({ bytes: 2 * size, entries: 2 });
    expect(files()).toEqual(['a.embedding', 'e.embedding']);
  });

  it('replaces an entry without counting it twice, and keeps nothing larger than the limit', async () => {
    const store = open();
    await store.set('one', encoded(1));
    await store.set('one', encoded(2));
    expect(await store.usage()).toEqual({ bytes: size, entries: 1 });
    expect((await store.get('one'))?.facts).toEqual(encoded(2).facts);
    limit = size - 1;
    const small = open({ folder: join(root.path, 'other') });
    await small.set('one', encoded(1));
    expect(await small.usage()).toEqual({ bytes: 0, entries: 0 });
  });

  it('finds damage, removes it and takes the entry made anew', async () => {
    const damages: ((path: string) => void)[] = [
      (path) => truncateSync(path, 100),
      (path) => truncateSync(path, 0),
      (path) => {
        const bytes = readFileSync(path);
        bytes[bytes.length - 1]! ^= 1;
        writeFileSync(path, bytes);
      },
    ];
    for (const damage of damages) {
      const store = open();
      await store.set('one', encoded(1));
      damage(join(folder, 'one.embedding'));
      expect(await store.get('one')).toBeNull();
      expect(files()).toEqual([]);
      expect(await store.usage()).toEqual({ bytes: 0, entries: 0 });
      await store.set('one', encoded(1));
      expect(await store.get('one')).not.toBeNull();
    }
  });

  it('clears away what a crash left half written', async () => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'one-1.part'), 'half');
    const store = open();
    expect(await store.get('one')).toBeNull();
    expect(files()).toEqual([]);
    await store.set('one', encoded(1));
    expect(files()).toEqual(['one.embedding']);
  });

  it('is emptied by clear and goes on', async () => {
    const store = open();
    await store.set('one', encoded(1));
    await store.clear();
    expect(existsSync(folder)).toBe(false);
    expect(await store.usage()).toEqual({ bytes: 0, entries: 0 });
    await store.set('two', encoded(2));
    expect(files()).toEqual(['two.embedding']);
  });

  it('only reads in a workspace that is only read', async () => {
    await open().set('one', encoded(1));
    const before = readFileSync(join(folder, 'one.embedding'));
    limit = 1;
    const reader = open({ readOnly: true });
    expect(await reader.get('one')).not.toBeNull();
    await reader.set('two', encoded(2));
    await reader.usage();
    expect(files()).toEqual(['one.embedding']);
    expect(readFileSync(join(folder, 'one.embedding'))).toEqual(before);
  });

  it('keeps nothing with a limit of 0, on a full disk, or where it cannot write; nothing fails', async () => {
    limit = 0;
    await open().set('one', encoded(1));
    limit = 1_000_000;
    await open({ freeBytes: async () => 1_000 }).set('one', encoded(1));
    expect(existsSync(folder) ? files() : []).toEqual([]);
    const blocked = join(root.path, 'file');
    writeFileSync(blocked, '');
    const store = open({ folder: join(blocked, 'embeddings') });
    await store.set('one', encoded(1));
    expect(await store.get('one')).toBeNull();
  });
});
