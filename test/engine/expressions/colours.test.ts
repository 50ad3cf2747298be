/** The colours of pictures that are found out ahead: right, kept, and made again when the image is another. */
import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { colourRecordBytes, coloursAlong, unpackColours } from '../../../src/common/picture-colours';
import { ColourFile } from '../../../src/main/engine/expressions/colour-file';
import { ColoursAhead } from '../../../src/main/engine/expressions/colours-ahead';
import { createLogger } from '../../../src/main/engine/logger';
import type { Workspace } from '../../../src/main/engine/workspace/open';
import { addTestDataset, openTestWorkspace, temporaryFolder } from '../../support/workspace';

let folder: string;
let workspace: Workspace;
let imageIds: number[];
let isBusy: boolean;
const path = () => join(folder, 'cache', 'colours.bin');
const newFile = () => new ColourFile(path(), createLogger(null));

/** The left half in one colour, the right half in another. */
async function writePicture(name: string, left: string, right: string) {
  const half = (background: string) => ({ width: 40, height: 60, channels: 3 as const, background });
  const picture = sharp({ create: { ...half(left), width: 80 } }).composite([
    {
      input: await sharp({ create: half(right) })
        .png()
        .toBuffer(),
      left: 40,
      top: 0,
    },
  ]);
  writeFileSync(join(folder, 'data', name), await picture.png().toBuffer());
}

beforeEach(async () => {
  folder = temporaryFolder();
  mkdirSync(join(folder, 'data'));
  workspace = await openTestWorkspace(join(folder, 'workspace'));
  imageIds = addTestDataset(workspace, { images: 3, root: join(folder, 'data') }).imageIds;
  isBusy = false;
  await writePicture('0.png', '#ff0000', '#0000ff');
  await writePicture('2.png', '#00ff00', '#ffffff');
});
afterEach(() => {
  workspace.close();
  rmSync(folder, { recursive: true, force: true });
});

async function whole(file: ColourFile): Promise<void> {
  const ahead = new ColoursAhead(workspace, file, () => isBusy);
  await vi.waitFor(() => expect(ahead.start()).toBe(true), { timeout: 10_000 });
  await ahead.close();
}
function recordsOf(file: ColourFile) {
  const records = file.read(0, 100);
  return Array.from({ length: records.length / colourRecordBytes }, (_, place) =>
    unpackColours(records, place),
  );
}

/** By image: several are read beside each other. */
const inOrder = (file: ColourFile) => recordsOf(file).toSorted((a, b) => a.imageId - b.imageId);

describe('colours found out ahead', () => {
  it('are those of the places of each picture; one that cannot be read has none', async () => {
    const file = newFile();
    await whole(file);
    const records = inOrder(file);
    expect(records.map(({ imageId }) => imageId)).toEqual(imageIds);
    const [first, missing, last] = records;
    expect(first?.colours).toHaveLength(3 * coloursAlong ** 2);
    expect([...(first?.colours.subarray(0, 3) ?? [])]).toEqual([255, 0, 0]);
    expect([...(first?.colours.subarray(-3) ?? [])]).toEqual([0, 0, 255]);
    expect([...(last?.colours.subarray(0, 3) ?? [])]).toEqual([0, 255, 0]);
    expect(missing?.colours).toHaveLength(0);
    file.close();
  });

  it('are those of pictures in sight first, at once and while a job runs, each read once', async () => {
    const file = newFile();
    isBusy = true;
    const ahead = new ColoursAhead(workspace, file, () => isBusy);
    expect(ahead.start()).toBe(false);
    ahead.giveWay();
    const [first = 0, , last = 0] = imageIds;
    await Promise.all([ahead.first([last, 987_654]), ahead.first([last])]);
    expect(recordsOf(file).map(({ imageId }) => imageId)).toEqual([last]);
    await ahead.first([first, last]);
    expect(inOrder(file).map(({ imageId }) => imageId)).toEqual([first, last]);
    isBusy = false;
    await vi.waitFor(() => expect(ahead.start()).toBe(true), { timeout: 10_000 });
    expect(inOrder(file).map(({ imageId }) => imageId)).toEqual(imageIds);
    await ahead.close();
    file.close();
  });

  it('are not found out again after a restart, nor once more where only some were added', async () => {
    const file = newFile();
    await whole(file);
    file.close();
    const again = newFile();
    expect(recordsOf(again)).toEqual(recordsOf(file));
    await whole(again);
    expect(recordsOf(again)).toHaveLength(3);
    addTestDataset(workspace, { images: 1, root: join(folder, 'data') });
    await whole(again);
    expect(recordsOf(again)).toHaveLength(4);
    again.close();
  });

  it('are made anew where an id has become that of another image', async () => {
    const file = newFile();
    await whole(file);
    await writePicture('other.png', '#000000', '#000000');
    workspace.database.prepare("UPDATE images SET file = 'other.png' WHERE id = ?").run(imageIds[0]);
    await whole(file);
    const last = recordsOf(file).at(-1);
    expect(last?.imageId).toBe(imageIds[0]);
    expect([...(last?.colours.subarray(0, 3) ?? [])]).toEqual([0, 0, 0]);
    file.close();
  });

  it('are made again where a power cut left half a record', async () => {
    const file = newFile();
    await whole(file);
    file.close();
    appendFileSync(path(), 'half');
    const damaged = newFile();
    expect(recordsOf(damaged)).toEqual([]);
    await whole(damaged);
    damaged.close();
    expect(readFileSync(path())).toHaveLength(3 * colourRecordBytes);
  });

  it('wait while a job runs, and for as long as pictures are asked for', async () => {
    isBusy = true;
    const file = newFile();
    const ahead = new ColoursAhead(workspace, file, () => isBusy);
    expect(ahead.start()).toBe(false);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(recordsOf(file)).toEqual([]);
    isBusy = false;
    await vi.waitFor(() => expect(ahead.start()).toBe(true), { timeout: 10_000 });
    expect(recordsOf(file)).toHaveLength(3);
    await ahead.close();
    file.close();
  });
});
