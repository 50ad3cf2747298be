/** Images that a person added are in every backup, come back with it, and are read by the integrity check. */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { keepPicture, ownImage } from '../../../src/main/engine/dropped/own-dataset';
import { createLogger } from '../../../src/main/engine/logger';
import { openWorkspace, type Workspace } from '../../../src/main/engine/workspace/open';
import { openTestWorkspace, temporaryFolder } from '../../support/workspace';

let path: string;
beforeEach(() => {
  path = temporaryFolder();
});
afterEach(() => rmSync(path, { recursive: true, force: true }));

const images = () => join(path, 'images');
const copies = () => join(path, 'backups', 'images');

/** A picture of one colour, added as the window adds one. */
async function add(workspace: Workspace, colour: number): Promise<string> {
  const image = { width: 4, height: 3, data: new Uint8Array(4 * 3 * 3).fill(colour) };
  const held = { heldId: 1, name: 'dropped', image };
  const file = await keepPicture(images(), held);
  ownImage(workspace, images(), file, held);
  return file;
}

it('a backup holds a copy of each, made once', async () => {
  const workspace = await openTestWorkspace(path);
  const first = await add(workspace, 10);
  await workspace.backup();
  const second = await add(workspace, 20);
  expect(readdirSync(copies())).toEqual([first]);
  await workspace.backup();
  expect(readdirSync(copies()).sort()).toEqual([first, second].sort());
  workspace.close();
});

it('a restored backup brings back what the folder has lost, and leaves what is there', async () => {
  const workspace = await openTestWorkspace(path);
  const lost = await add(workspace, 10);
  const bytes = readFileSync(join(images(), lost));
  const { path: backup } = await workspace.backup();
  const later = await add(workspace, 20);
  workspace.close();
  rmSync(join(images(), lost));
  const restored = await openWorkspace({ path, restore: basename(backup), log: createLogger(null) });
  expect(readFileSync(join(images(), lost))).toEqual(bytes);
  expect(existsSync(join(images(), later))).toBe(true);
  expect(await restored.checkIntegrity()).toEqual({ ok: true, problems: [] });
  restored.close();
});

it('the integrity check names what is missing or another picture, and the copy that can take its place', async () => {
  const workspace = await openTestWorkspace(path);
  const [kept, lost] = [await add(workspace, 10), await add(workspace, 20)];
  await workspace.backup();
  const unsaved = await add(workspace, 30);
  expect(await workspace.checkIntegrity()).toEqual({ ok: true, problems: [] });
  writeFileSync(join(images(), kept), 'another picture');
  rmSync(join(images(), lost));
  rmSync(join(images(), unsaved));
  expect(await workspace.checkIntegrity()).toEqual({
    ok: false,
    problems: [
      `the added image ${kept} is not what was added; ${join(copies(), kept)} is a copy that can be put there`,
      `the added image ${lost} is missing; ${join(copies(), lost)} is a copy that can be put there`,
      `the added image ${unsaved} is missing`,
    ],
  });
  workspace.close();
});
