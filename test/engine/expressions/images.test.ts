/** Images are read by id only, and only from the folder of their dataset. */
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { imagePath, decodeStoredImage, pathInside } from '../../../src/main/engine/expressions/image-files';
import { testImages } from '../../support/images';
import { ThumbnailStore } from '../../../src/main/engine/expressions/thumbnail-store';
import { createLogger } from '../../../src/main/engine/logger';
import type { Workspace } from '../../../src/main/engine/workspace/open';
import {
  addTestDataset,
  imageHeight,
  imageWidth,
  openTestWorkspace,
  temporaryFolder,
  type TestDataset,
} from '../../support/workspace';

let folder: string;
let root: string;
let workspace: Workspace;
let dataset: TestDataset;

/** What an image of the dataset is called, and the kind of error it must give; null: it is served. */
const cases: [fileName: string, kind: string | null][] = [
  ['good.png', null],
  ['inside/good.png', null],
  ['inside/../good.png', null],
  ['link-inside.png', null],
  ['../outside.png', 'refused'],
  ['inside/../../outside.png', 'refused'],
  ['../data-evil/outside.png', 'refused'],
  ['link-outside.png', 'refused'],
  ['linked-folder/outside.png', 'refused'],
  ['..', 'refused'],
  ['.', 'refused'],
  ['good.png\0.txt', 'refused'],
  ['..%2foutside.png', 'not-found'],
  ['..\\outside.png', 'not-found'],
  ['missing.png', 'not-found'],
  ['good.png/more', 'not-found'],
  ['text.png', 'unreadable'],
  ['small.png', null],
];

beforeAll(async () => {
  folder = temporaryFolder();
  root = join(folder, 'data');
  mkdirSync(join(root, 'inside'), { recursive: true });
  mkdirSync(join(folder, 'data-evil'));
  const create = { width: imageWidth, height: imageHeight, channels: 3, background: '#205080' } as const;
  const picture = await sharp({ create }).png().toBuffer();
  for (const place of ['data/good.png', 'data/inside/good.png', 'outside.png', 'data-evil/outside.png']) {
    writeFileSync(join(folder, place), picture);
  }
  writeFileSync(join(root, 'small.png'), await sharp(picture).resize(64, 48).png().toBuffer());
  writeFileSync(join(root, 'text.png'), 'This is no picture.');
  symlinkSync('good.png', join(root, 'link-inside.png'));
  symlinkSync(join(folder, 'outside.png'), join(root, 'link-outside.png'));
  symlinkSync(join(folder, 'data-evil'), join(root, 'linked-folder'));
  workspace = await openTestWorkspace(join(folder, 'workspace'));
  dataset = addTestDataset(workspace, {
    images: cases.length,
    root,
    fileName: (image) => cases[image]?.[0] ?? '',
  });
});
afterAll(() => {
  workspace.close();
  rmSync(folder, { recursive: true, force: true });
});

const imageNamed = (fileName: string) =>
  dataset.imageIds[cases.findIndex(([name]) => name === fileName)] ?? 0;
const nothingKept = new ThumbnailStore({ path: '', limit: () => 0, log: createLogger(null) });
const read = async (imageId: number, size: number | null = 64) => {
  const found = await testImages(workspace, nothingKept).read({ imageId, size, known: null });
  return { ...found, bytes: found.bytes ?? new Uint8Array() };
};

describe('an image', () => {
  it.each(cases)('named %j gives %s', async (fileName, kind) => {
    const reading = read(imageNamed(fileName));
    if (kind === null) {
      const { bytes, contentType } = await reading;
      expect(contentType).toBe('image/jpeg');
      expect(await sharp(bytes).metadata()).toMatchObject({ format: 'jpeg', width: 64, height: 48 });
    } else {
      await expect(reading).rejects.toMatchObject({ kind });
    }
  });

  it('keeps its size when none is asked for', async () => {
    const { bytes } = await read(imageNamed('good.png'), null);
    expect(await sharp(bytes).metadata()).toMatchObject({ width: imageWidth, height: imageHeight });
  });

  it('that does not exist is not found', async () => {
    await expect(read(987_654)).rejects.toMatchObject({ kind: 'not-found' });
  });

  it('is never a path of the caller', async () => {
    await expect(pathInside(root, join(folder, 'outside.png'))).rejects.toMatchObject({ kind: 'refused' });
    await expect(pathInside(root, join(root, 'good.png'))).resolves.toBe(join(root, 'good.png'));
  });

  it('is refused for inference when it is not the size it was imported with', async () => {
    const decoded = await decodeStoredImage(workspace, imageNamed('good.png'));
    expect(decoded).toMatchObject({ width: imageWidth, height: imageHeight });
    await expect(decodeStoredImage(workspace, imageNamed('small.png'))).rejects.toMatchObject({
      kind: 'damaged',
    });
  });

  it('is found through a root that is itself a link, and missed when the root is gone', async () => {
    symlinkSync(root, join(folder, 'linked-root'));
    await expect(pathInside(join(folder, 'linked-root'), 'good.png')).resolves.toBe(join(root, 'good.png'));
    renameSync(root, join(folder, 'moved'));
    await expect(imagePath(workspace, imageNamed('good.png'))).rejects.toMatchObject({
      kind: 'not-found',
      message: expect.stringContaining('folder'),
    });
    renameSync(join(folder, 'moved'), root);
  });
});
