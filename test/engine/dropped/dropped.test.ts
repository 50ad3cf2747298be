import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dropLimits, dropped, type contract, type DomainService } from '../../../src/common/contract';
import { createCorrectionsService } from '../../../src/main/engine/corrections/service';
import { HeldImages } from '../../../src/main/engine/dropped/held-images';
import { createDroppedService } from '../../../src/main/engine/dropped/service';
import { createAnswerQuestion } from '../../../src/main/engine/expressions/answer-question';
import { decodeStoredImage } from '../../../src/main/engine/expressions/image-files';
import { createLogger } from '../../../src/main/engine/logger';
import type { Workspace } from '../../../src/main/engine/workspace/open';
import { middleMethod } from '../../support/method';
import { openTestWorkspace, temporaryFolder } from '../../support/workspace';

const fixtures = join(__dirname, '..', '..', 'fixtures', 'images');
let path: string;
let workspace: Workspace;
let service: DomainService<typeof contract.dropped>;
let corrections: DomainService<typeof contract.corrections>;

beforeEach(async () => {
  path = temporaryFolder();
  workspace = await openTestWorkspace(path);
  corrections = createCorrectionsService({ workspace, emit: () => undefined });
  const answerQuestion = createAnswerQuestion({
    method: async () => middleMethod({}),
    defaultPackId: () => 'bundled',
    log: createLogger(null),
  });
  service = createDroppedService({ workspace, held: new HeldImages(), answerQuestion, corrections });
});
afterEach(() => {
  workspace.close();
  rmSync(path, { recursive: true, force: true });
});

/** 40×30 pixels, left half red, with metadata that must not get further than the engine. */
async function photo(): Promise<Uint8Array> {
  const half = await sharp({ create: { width: 20, height: 30, channels: 3, background: '#c81e1e' } })
    .png()
    .toBuffer();
  const create = { width: 40, height: 30, channels: 3, background: '#1e3cc8' } as const;
  return sharp({ create })
    .composite([{ input: half, left: 0, top: 0 }])
    .withExif({ IFD0: { Copyright: 'secret place' } })
    .png()
    .toBuffer();
}
const fixture = (name: string) => new Uint8Array(readFileSync(join(fixtures, name)));
const holdFailure = async (bytes: Uint8Array) => {
  try {
    await service.hold({ name: 'x', bytes });
  } catch (error) {
    return (error as { kind: string }).kind;
  }
  return 'held';
};

describe('a dropped image', () => {
  it('is re-encoded from its pixels, and no file of it stays', async () => {
    const held = await service.hold({ name: 'photo.png', bytes: await photo() });
    expect(held).toMatchObject({ name: 'photo.png', width: 40, height: 30, contentType: 'image/jpeg' });
    expect(Buffer.from(held.picture).includes('secret')).toBe(false);
    const { data } = await sharp(held.picture).raw().toBuffer({ resolveWithObject: true });
    expect(Math.abs((data[0] ?? 0) - 0xc8)).toBeLessThan(6);
    expect(existsSync(join(path, 'images'))).toBe(false);
    expect(workspace.repositories.datasets.list()).toEqual([]);
  });

  it('is refused where it is no picture, broken, or too large', async () => {
    expect(await holdFailure(fixture('text.png'))).toBe('unreadable');
    expect(await holdFailure(fixture('truncated.jpg'))).toBe('unreadable');
    expect(await holdFailure(fixture('huge.png'))).toBe('too-large');
    const bytes = new Uint8Array(dropLimits.bytes + 1);
    expect(dropped.hold.input.safeParse({ name: 'x', bytes }).success).toBe(false);
    expect(dropped.hold.input.safeParse({ name: 'x', bytes: bytes.subarray(0, 100) }).success).toBe(true);
  });

  it('is answered by the methods, until it is let go', async () => {
    const { heldId } = await service.hold({ name: 'photo.png', bytes: await photo() });
    const ask = async () =>
      service.ask({ heldId, text: 'the red half', methods: ['yolo-clip', 'risclip'], packId: null });
    expect(await ask()).toMatchObject([
      { method: 'yolo-clip', ok: true },
      { method: 'risclip', ok: true },
    ]);
    await service.release({ heldId });
    await expect(ask()).rejects.toMatchObject({ kind: 'not-found' });
  });
});

describe('adding it', () => {
  const box = { x: 0, y: 0, width: 20, height: 30 };

  it('keeps the picture in the workspace, in a dataset of its own, as one step that can be undone', async () => {
    const { heldId } = await service.hold({ name: 'photo.png', bytes: await photo() });
    const referent = { box, mask: null, source: 'accepted' } as const;
    const added = await service.add({ heldId, text: 'the red half', referent });
    const [dataset] = workspace.repositories.datasets.list();
    expect(dataset).toMatchObject({ id: added.datasetId, name: 'Added images', images: 1, expressions: 1 });
    const decoded = await decodeStoredImage(workspace, added.imageId);
    expect([...decoded.data.subarray(0, 3)]).toEqual([0xc8, 0x1e, 0x1e]);
    expect(
      Buffer.from(readFileSync(join(path, 'images', readdirSync(join(path, 'images'))[0]!))).includes(
        'secret',
      ),
    ).toBe(false);

    const again = await service.add({ heldId, text: 'the blue half', referent: null });
    expect(again).toMatchObject({ datasetId: added.datasetId, imageId: added.imageId });
    expect(readdirSync(join(path, 'images'))).toHaveLength(1);
    expect(workspace.repositories.expressions.ofImage(added.imageId).map(({ text }) => text)).toEqual([
      'the red half',
      'the blue half',
    ]);

    // The workspace is moved: its pictures go along.
    workspace.close();
    const elsewhere = `${path}-moved`;
    renameSync(path, elsewhere);
    path = elsewhere;
    workspace = await openTestWorkspace(path);
    corrections = createCorrectionsService({ workspace, emit: () => undefined });
    expect((await decodeStoredImage(workspace, added.imageId)).width).toBe(40);

    await corrections.undo({ imageId: added.imageId });
    await corrections.undo({ imageId: added.imageId });
    expect(workspace.repositories.expressions.ofImage(added.imageId)).toEqual([]);
  });
});
