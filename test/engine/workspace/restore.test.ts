/** A backup takes the workspace's place without anything being lost on the way. */
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Work } from '../../../src/common/contract';
import { toErrorValue } from '../../../src/common/errors';
import { createEngine } from '../../../src/main/engine';
import { createLogger } from '../../../src/main/engine/logger';
import { openWorkspace } from '../../../src/main/engine/workspace/open';
import { addTestDataset, openTestWorkspace, temporaryFolder } from '../../support/workspace';

let path: string;
const file = () => join(path, 'workspace.sqlite');
const backups = () => readdirSync(join(path, 'backups')).sort();

beforeEach(() => {
  path = temporaryFolder();
});
afterEach(() => rmSync(path, { recursive: true, force: true }));

const openRestored = (restore: string) => openWorkspace({ path, restore, log: createLogger(null) });

/** A workspace with one dataset, a backup of that, and then a second dataset. */
async function withBackup(): Promise<string> {
  const workspace = await openTestWorkspace(path);
  addTestDataset(workspace, { images: 20 });
  const backup = await workspace.backup();
  addTestDataset(workspace, { images: 20 });
  workspace.close();
  return basename(backup.path);
}

async function datasetsIn(restore?: string): Promise<number> {
  const workspace = restore ? await openRestored(restore) : await openTestWorkspace(path);
  const count = workspace.repositories.datasets.list().length;
  expect(await workspace.checkIntegrity()).toEqual({ ok: true, problems: [] });
  workspace.close();
  return count;
}

it('is what was there when it was made, and what was there before is a backup now', async () => {
  const name = await withBackup();
  expect(await datasetsIn(name)).toBe(1);
  expect(backups()).toHaveLength(2);
  // The way back is the same way.
  expect(await datasetsIn(backups().at(-1))).toBe(2);
  expect(await datasetsIn()).toBe(2);
});

it('tells from its start how far it is', async () => {
  const name = await withBackup();
  const told: Work[] = [];
  const engine = await createEngine(
    { workspacePath: path, resourcesPath: 'resources', logPath: null, version: 'test', restore: name },
    (event, payload) => {
      if (event === 'work.progress') told.push(payload as Work);
    },
  );
  expect(new Set(told.map((work) => work.name))).toEqual(new Set(['restore']));
  expect([...new Set(told.map(({ message }) => message))]).toEqual([
    '',
    'Copying the backup',
    'Checking the backup',
    'Keeping the workspace as it is now',
    'Copying the database',
    'Putting the backup in its place',
    'Opening the workspace',
  ]);
  const bytes = statSync(join(path, 'backups', name)).size;
  expect(told.some(({ message, total }) => message === 'Copying the backup' && total === bytes)).toBe(true);
  expect(told.at(-1)).toMatchObject({ ended: true });
  await engine.close();
});

it('keeps as many backups as the settings say, and drops none by restoring', async () => {
  const workspace = await openTestWorkspace(path);
  workspace.repositories.settings.change({ backupCount: 2 });
  for (let made = 0; made < 4; made += 1) await workspace.backup();
  workspace.close();
  expect(backups()).toHaveLength(2);
  await datasetsIn(backups()[0]);
  expect(backups()).toHaveLength(3);
});

it('keeps a damaged file under another name', async () => {
  const name = await withBackup();
  writeFileSync(file(), 'not a database at all');
  expect(await datasetsIn(name)).toBe(1);
  const aside = readdirSync(path).find((each) => each.startsWith('damaged-'));
  expect(readFileSync(join(path, aside ?? ''), 'utf8')).toBe('not a database at all');
});

it('refuses a damaged backup and one that is gone, and changes nothing', async () => {
  const name = await withBackup();
  const bytes = readFileSync(join(path, 'backups', name));
  bytes.fill(0x55, Math.floor(bytes.length / 2), Math.floor(bytes.length / 2) + 4096);
  writeFileSync(join(path, 'backups', name), bytes);
  const kindOf = (restore: string) =>
    openRestored(restore).then(
      () => 'no error',
      (error: unknown) => toErrorValue(error, '').kind,
    );
  expect(await kindOf(name)).toBe('damaged');
  expect(await kindOf('2020-01-01.sqlite')).toBe('not-found');
  expect(existsSync(`${file()}.restoring`)).toBe(false);
  expect(backups()).toEqual([name]);
  expect(await datasetsIn()).toBe(2);
});
