import {
  appendFileSync,
  copyFileSync,
  existsSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { noteLeftWhole, takeLeftWhole } from '../../../src/main/engine/workspace/left-whole';
import { openTestWorkspace, temporaryFolder } from '../../support/workspace';

let folder: string;
let file: string;
beforeEach(() => {
  folder = temporaryFolder();
  file = join(folder, 'workspace.sqlite');
  writeFileSync(file, 'whole');
  noteLeftWhole(file);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('a file is as it was left, and the note of it counts once', () => {
  expect(takeLeftWhole(file)).toBe(true);
  expect(takeLeftWhole(file)).toBe(false);
});

it('a file that was written is not as it was left, even of the same length and time', () => {
  const before = new Date(1_700_000_000_000);
  utimesSync(file, before, before);
  noteLeftWhole(file);
  writeFileSync(file, 'whale');
  utimesSync(file, before, before);
  expect(takeLeftWhole(file)).toBe(false);
});

it('nor is a copy that was put in its place, or one with changes beside it', () => {
  copyFileSync(file, `${file}.copy`);
  rmSync(file);
  copyFileSync(`${file}.copy`, file);
  expect(takeLeftWhole(file)).toBe(false);
  noteLeftWhole(file);
  appendFileSync(`${file}-wal`, 'changes');
  expect(takeLeftWhole(file)).toBe(false);
});

it('a workspace that is closed in good order is noted, one that is in use is not', async () => {
  const path = join(folder, 'workspace');
  const note = join(path, 'workspace.sqlite-left-whole');
  (await openTestWorkspace(path)).close();
  expect(readFileSync(note, 'utf8')).not.toBe('');
  const again = await openTestWorkspace(path);
  expect(existsSync(note)).toBe(false);
  again.close();
});
