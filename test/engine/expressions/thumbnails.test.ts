/** Small pictures that are kept on the disk: right after the file is another one, bounded, and never in the way. */
import { existsSync, mkdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { testImages } from '../../support/images';
import { ThumbnailStore } from '../../../src/main/engine/expressions/thumbnail-store';
import { createLogger } from '../../../src/main/engine/logger';
import type { Workspace } from '../../../src/main/engine/workspace/open';
import { addTestDataset, openTestWorkspace, temporaryFolder } from '../../support/workspace';

let folder: string;
let workspace: Workspace;
let imageId: number;
let limit: number;
let store: ThumbnailStore;
const path = () => join(folder, 'cache', 'thumbnails.sqlite');
const file = () => join(folder, 'data', '0.png');
const newStore = () => new ThumbnailStore({ path: path(), limit: () => limit, log: createLogger(null) });

/** One colour; without compression, so that every picture of the size has as many bytes. */
async function writePicture(background: string) {
  const create = { width: 100, height: 80, channels: 3, background } as const;
  writeFileSync(file(), await sharp({ create }).png({ compressionLevel: 0 }).toBuffer());
}

beforeEach(async () => {
  folder = temporaryFolder();
  mkdirSync(join(folder, 'data'));
  workspace = await openTestWorkspace(join(folder, 'workspace'));
  [imageId = 0] = addTestDataset(workspace, { images: 1, root: join(folder, 'data') }).imageIds;
  limit = 1_000_000;
  store = newStore();
  await writePicture('#ff0000');
});
afterEach(() => {
  store.close();
  workspace.close();
  rmSync(folder, { recursive: true, force: true });
});

const service = () => testImages(workspace, store);
const read = async (known: string | null = null, size: number | null = 64) =>
  service().read({ imageId, size, known });
async function colourOf(bytes: Uint8Array | null): Promise<string> {
  const { dominant } = await sharp(bytes ?? new Uint8Array()).stats();
  return dominant.r > 200 ? 'red' : dominant.b > 200 ? 'blue' : 'other';
}

describe('a picture that is kept', () => {
  it('is not made again, also not after a restart', async () => {
    const first = await read();
    expect(store.usage()).toEqual({ bytes: first.bytes?.byteLength, entries: 1 });
    store.close();
    store = newStore();
    const kept = store.get({ imageId, size: 64, stamp: first.stamp });
    expect(Buffer.from(kept ?? [])).toEqual(Buffer.from(first.bytes ?? []));
    expect(Buffer.from((await read()).bytes ?? [])).toEqual(Buffer.from(first.bytes ?? []));
  });

  it('is another one as soon as the file is, even of the same length and time', async () => {
    const before = await read();
    expect(await colourOf(before.bytes)).toBe('red');
    const { size, atime, mtime } = statSync(file());
    await writePicture('#0000ff');
    expect(statSync(file()).size).toBe(size);
    utimesSync(file(), atime, mtime);
    const after = await read(before.stamp);
    expect(after.stamp).not.toBe(before.stamp);
    expect(await colourOf(after.bytes)).toBe('blue');
    // The old one is not kept beside it.
    expect(store.usage().entries).toBe(1);
  });

  it('is not sent where it is known already', async () => {
    const { stamp } = await read();
    expect(await read(stamp)).toEqual({ bytes: null, contentType: '', stamp });
    expect(await read(stamp, null)).toMatchObject({ bytes: null });
  });

  it('is missed where the file is gone', async () => {
    const { stamp } = await read();
    rmSync(file());
    await expect(read(stamp)).rejects.toMatchObject({ kind: 'not-found' });
  });

  it('is small: larger ones are made each time', async () => {
    await read(null, 2_048);
    await read(null, null);
    expect(store.usage().entries).toBe(0);
  });
});

describe('what is kept', () => {
  const content = new Uint8Array(1_000);
  const put = (image: number) => store.set({ imageId: image, size: 64, stamp: 'a' }, content);
  const has = (image: number) => store.get({ imageId: image, size: 64, stamp: 'a' }) !== null;

  it('never takes more than the limit; what was shown last stays', () => {
    vi.useFakeTimers();
    try {
      limit = 10_000;
      for (let image = 1; image <= 10; image += 1) {
        put(image);
        vi.advanceTimersByTime(4_000_000);
      }
      expect(has(1)).toBe(true);
      put(11);
      expect([has(1), has(2), has(3), has(4), has(11)]).toEqual([true, false, false, true, true]);
      expect(store.usage().bytes).toBe(9_000);
      put(11);
      expect(store.usage()).toEqual({ bytes: 9_000, entries: 9 });
      limit = 3_500;
      expect(store.usage().bytes).toBe(3_000);
    } finally {
      vi.useRealTimers();
    }
  });

  it('is cleared, and kept anew afterwards', async () => {
    await read();
    expect(service().clearCache({})).toEqual({ bytes: 0, entries: 0, limit });
    expect(await read()).toMatchObject({ contentType: 'image/jpeg' });
    expect(store.usage().entries).toBe(1);
  });

  it('is nothing, and no file, where the settings say so', async () => {
    limit = 0;
    expect((await read()).bytes).not.toBeNull();
    expect(store.usage()).toEqual({ bytes: 0, entries: 0 });
    expect(existsSync(path())).toBe(false);
  });

  it('keeps no picture from being shown when it is damaged, and is begun anew', async () => {
    mkdirSync(join(folder, 'cache'));
    writeFileSync(path(), 'This is no database, whatever its name says. '.repeat(50));
    expect(await colourOf((await read()).bytes)).toBe('red');
    store.close();
    store = newStore();
    await read();
    expect(store.usage().entries).toBe(1);
  });

  it('keeps no picture from being shown where nothing can be written', async () => {
    writeFileSync(join(folder, 'cache'), 'A file is in the place of the folder.');
    expect(await colourOf((await read()).bytes)).toBe('red');
    expect(store.usage()).toEqual({ bytes: 0, entries: 0 });
  });
});
