import DatabaseConstructor from 'better-sqlite3';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toErrorValue } from '../../../src/common/errors';
import { migrate, schemaVersion, versionOf } from '../../../src/main/engine/workspace/migrations';
import { initialSchema } from '../../../src/main/engine/workspace/migrations/001-initial';
import { createCorrectionsService } from '../../../src/main/engine/corrections/service';
import { bundleForNode, startProcess } from '../../support/child-process';
import { addTestDataset, openTestWorkspace, temporaryFolder } from '../../support/workspace';

let path: string;
const file = () => join(path, 'workspace.sqlite');

beforeEach(() => {
  path = temporaryFolder();
});
afterEach(() => rmSync(path, { recursive: true, force: true }));

async function kindOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'no error',
    (error: unknown) => toErrorValue(error, '').kind,
  );
}

/** A workspace with a dataset and one backup, closed; large enough to have a middle. */
async function filledWorkspace(): Promise<string> {
  const workspace = await openTestWorkspace(path);
  addTestDataset(workspace, { images: 300 });
  const backup = await workspace.backup();
  workspace.close();
  return backup.path;
}

describe('a workspace', () => {
  it('is made where there is none, and keeps what it holds', async () => {
    path = join(path, 'new', 'folder');
    const first = await openTestWorkspace(path);
    expect(first.info()).toMatchObject({
      path,
      schemaVersion,
      revision: 0,
      readOnly: false,
      newestBackup: null,
    });
    expect(first.database.pragma('synchronous', { simple: true })).toBe(2);
    expect(first.database.pragma('journal_mode', { simple: true })).toBe('wal');
    first.repositories.settings.change({ author: 'Ada', threads: 2 });
    first.close();
    const again = await openTestWorkspace(path);
    expect(again.repositories.settings.get()).toMatchObject({ author: 'Ada', threads: 2, theme: 'system' });
    expect(await again.checkIntegrity()).toEqual({ ok: true, problems: [] });
    again.close();
  });

  it('has one owner at a time', async () => {
    const owner = await openTestWorkspace(path);
    expect(await kindOf(openTestWorkspace(path))).toBe('locked');
    owner.close();
    (await openTestWorkspace(path)).close();
  });

  it('says in words that another program holds its file, keeps nothing half, and goes on afterwards', async () => {
    const workspace = await openTestWorkspace(path);
    workspace.database.pragma('busy_timeout = 20');
    const other = new DatabaseConstructor(workspace.database.name);
    other.exec('BEGIN IMMEDIATE');
    let thrown: unknown;
    try {
      workspace.repositories.settings.change({ author: 'Ada' });
    } catch (error) {
      thrown = error;
    }
    const { kind, message, hint } = toErrorValue(thrown, '');
    expect(kind).toBe('locked');
    expect(message).toMatch(/^Another program holds the workspace/);
    expect(`${message} ${hint}`).not.toMatch(/database is locked|SQLITE/);
    expect(hint).toMatch(/^Close what else has it open/);
    other.exec('ROLLBACK');
    other.close();
    expect(workspace.repositories.settings.change({ author: 'Grace' }).author).toBe('Grace');
    workspace.close();
  });

  it('has one owner among processes, and none once that is killed', async () => {
    const workspace = await openTestWorkspace(path);
    addTestDataset(workspace, { images: 1 });
    workspace.close();
    const bundle = await bundleForNode('test/engine/promises/correction-writer.ts');
    const writer = startProcess(bundle, [path]);
    writer.process.stdin.write('go\n');
    await writer.line((line) => line === '3');
    expect(await kindOf(openTestWorkspace(path))).toBe('locked');
    await writer.kill();
    (await openTestWorkspace(path)).close();
    bundle.dispose();
  });

  it('can be looked at without being changed', async () => {
    await filledWorkspace();
    const before = readFileSync(file());
    const workspace = await openTestWorkspace(path, true);
    expect(workspace.info().readOnly).toBe(true);
    expect(workspace.repositories.expressions.get(1)?.text).toBe('the cat');
    expect(() => workspace.repositories.settings.change({ author: 'Eve' })).toThrow(/readonly/);
    workspace.close();
    expect(readFileSync(file()).equals(before)).toBe(true);
    expect(await kindOf(openTestWorkspace(join(path, 'nowhere'), true))).toBe('not-found');
  });

  it('tells a file in its place from a folder', async () => {
    writeFileSync(join(path, 'file'), 'text');
    expect(await kindOf(openTestWorkspace(join(path, 'file')))).toBe('invalid');
  });
});

it('a folder that cannot be written gives the kind read-only', async () => {
  await filledWorkspace();
  const bundle = await bundleForNode('test/engine/workspace/open-and-tell.ts');
  chmodSync(file(), 0o444);
  chmodSync(join(path, 'workspace.lock'), 0o444);
  chmodSync(path, 0o555);
  try {
    // Root may write everywhere, so that the attempt is made as nobody.
    const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
    chmodSync(join(bundle.path, '..'), 0o755);
    const first = startProcess(bundle, [path, join(path, 'new')], nobody);
    await first.line((line) => line === 'end');
    expect(first.lines).toEqual(['read-only', 'read-only', 'end']);
    chmodSync(path, 0o755);
    rmSync(join(path, 'workspace.lock'));
    chmodSync(path, 0o555);
    const second = startProcess(bundle, [path], nobody);
    await second.line((line) => line === 'end');
    expect(second.lines).toEqual(['read-only', 'end']);
  } finally {
    chmodSync(path, 0o755);
    bundle.dispose();
  }
});

describe('damage', () => {
  async function damage(change: (bytes: Buffer) => Buffer) {
    const backup = await filledWorkspace();
    const damaged = change(readFileSync(file()));
    writeFileSync(file(), damaged);
    return { backup, damaged };
  }
  const cases: [string, (bytes: Buffer) => Buffer][] = [
    [
      '4 KB overwritten in the middle',
      (bytes) => bytes.fill(0xa5, bytes.length / 2, bytes.length / 2 + 4_096),
    ],
    ['a file cut in half', (bytes) => bytes.subarray(0, bytes.length / 2)],
    ['a header of zeros', (bytes) => bytes.fill(0, 0, 100)],
    ['another file altogether', () => Buffer.from('this is not a workspace '.repeat(1_000))],
    ['an empty file', () => Buffer.alloc(0)],
  ];
  it.each(cases)('is noticed, kept and told of with the newest backup: %s', async (_name, change) => {
    const { backup, damaged } = await damage(change);
    const opening = openTestWorkspace(path);
    await expect(opening).rejects.toMatchObject({ kind: 'damaged', hint: expect.stringContaining(backup) });
    expect(readFileSync(file()).equals(damaged)).toBe(true);
    expect(await kindOf(openTestWorkspace(path, true))).toBe('damaged');
    // The hint, followed.
    for (const name of readdirSync(path).filter((one) => one.startsWith('workspace.sqlite'))) {
      rmSync(join(path, name));
    }
    writeFileSync(file(), readFileSync(backup));
    const restored = await openTestWorkspace(path);
    expect((await restored.checkIntegrity()).ok).toBe(true);
    expect(restored.database.prepare('SELECT count(*) FROM expressions').pluck().get()).toBe(1_200);
    restored.close();
  });

  it('of references is found by the integrity check', async () => {
    const workspace = await openTestWorkspace(path);
    addTestDataset(workspace, { images: 2 });
    workspace.database.pragma('foreign_keys = OFF');
    workspace.database.exec('DELETE FROM images WHERE id = 1');
    expect(await workspace.checkIntegrity()).toMatchObject({
      ok: false,
      problems: [
        '4 rows of expressions refer to rows that do not exist',
        '2 rows of referents refer to rows that do not exist',
      ],
    });
    workspace.close();
  });
});

describe('a backup', () => {
  it('is one moment of a workspace that is being written, and can be opened', async () => {
    const workspace = await openTestWorkspace(path);
    const dataset = addTestDataset(workspace, { images: 2_000 });
    const service = createCorrectionsService({ workspace, emit: () => undefined });
    let done = false;
    const correct = async () => {
      for (let count = 0; !done; count += 1) {
        const expressionId = dataset.expressionIds[count % 100] ?? 0;
        const referentId = dataset.referentIds[count % 100] ?? 0;
        const truth = workspace.repositories.groundTruth.of(referentId);
        const box = { x: 1, y: 1, width: 5 + (count % 200), height: 5 };
        await service.apply({
          change: {
            kind: 'ground-truth',
            referentId,
            expectedRevision: truth?.revision ?? 0,
            box,
            mask: null,
            source: 'edited',
            runId: null,
          },
          label: 'Resize box',
        });
        await service.apply({ change: { kind: 'text', expressionId, text: `text ${count}` }, label: 'Edit' });
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    const correcting = correct();
    const backups: string[] = [];
    for (let count = 0; count < 3; count += 1) backups.push((await workspace.backup()).path);
    done = true;
    await correcting;
    const revision = workspace.info().revision;
    expect(workspace.info().newestBackup).toBe(backups.at(-1));
    workspace.close();
    for (const backup of backups) {
      const copy = new DatabaseConstructor(backup, { readonly: true });
      expect(copy.pragma('integrity_check', { simple: true })).toBe('ok');
      expect(copy.pragma('foreign_key_check')).toEqual([]);
      const saved = copy.prepare('SELECT revision FROM state').pluck().get() as number;
      expect(saved).toBeLessThanOrEqual(revision);
      const rows = copy
        .prepare('SELECT count(*), max(revision) FROM ground_truth WHERE revision > 0')
        .raw()
        .get();
      expect(rows).toEqual([saved, saved === 0 ? null : saved]);
      copy.close();
    }
    expect(existsSync(`${backups[0]}.unfinished`)).toBe(false);
  });

  it('is kept among the newest ten', async () => {
    const workspace = await openTestWorkspace(path);
    const made: string[] = [];
    for (let count = 0; count < 12; count += 1) {
      made.push((await workspace.backup()).path);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    workspace.close();
    const kept = readdirSync(join(path, 'backups')).map((name) => join(path, 'backups', name));
    expect(kept.sort()).toEqual(made.slice(2));
  });
});

describe('migrations', () => {
  const newDatabase = () => {
    const database = new DatabaseConstructor(file());
    database.pragma('foreign_keys = ON');
    return database;
  };

  it('happen wholly or not at all', () => {
    const database = newDatabase();
    const second = "ALTER TABLE settings ADD COLUMN note TEXT; UPDATE settings SET note = 'seen';";
    migrate(database, [initialSchema]);
    database.exec(`INSERT INTO settings (key, value) VALUES ('author', '"Ada"')`);
    const failing = [initialSchema, `${second} INSERT INTO nowhere VALUES (1);`];
    expect(() => migrate(database, failing)).toThrow(/nowhere/);
    expect(versionOf(database)).toBe(1);
    expect(database.prepare('SELECT * FROM settings').all()).toEqual([{ key: 'author', value: '"Ada"' }]);
    migrate(database, [initialSchema, second]);
    expect(versionOf(database)).toBe(2);
    expect(database.prepare('SELECT note FROM settings').pluck().get()).toBe('seen');
    database.close();
  });

  it('are refused where they would leave rows without what they refer to', () => {
    const database = newDatabase();
    migrate(database, [initialSchema]);
    database.exec('CREATE TABLE notes (id INTEGER PRIMARY KEY, image_id INTEGER REFERENCES images(id))');
    database.pragma('foreign_keys = OFF');
    expect(() => migrate(database, [initialSchema, 'INSERT INTO notes VALUES (1, 4711);'])).toThrow(
      /refer to/,
    );
    expect(versionOf(database)).toBe(1);
    expect(database.prepare('SELECT count(*) FROM notes').pluck().get()).toBe(0);
    database.close();
  });

  it('of a newer workbench are left alone, read-only too', async () => {
    await filledWorkspace();
    const database = new DatabaseConstructor(file());
    database.pragma('user_version = 99');
    database.pragma('journal_mode = DELETE');
    database.close();
    const before = readFileSync(file());
    for (const readOnly of [false, true]) {
      await expect(openTestWorkspace(path, readOnly)).rejects.toMatchObject({
        kind: 'newer-version',
        hint: expect.stringContaining('Nothing was changed'),
      });
    }
    expect(readFileSync(file()).equals(before)).toBe(true);
  });
});

it('a full disk is told of, and what was there before stays', async () => {
  const workspace = await openTestWorkspace(path);
  const dataset = addTestDataset(workspace, { images: 2 });
  const service = createCorrectionsService({ workspace, emit: () => undefined });
  const pages = workspace.database.pragma('page_count', { simple: true }) as number;
  // SQLite answers as it does when the disk has no more room.
  workspace.database.pragma(`max_page_count = ${pages}`);
  const expressionId = dataset.expressionIds[0] ?? 0;
  const attempt = (text: string) =>
    kindOf((async () => service.apply({ change: { kind: 'text', expressionId, text }, label: 'Edit' }))());
  expect(await attempt('word '.repeat(20_000))).toBe('disk-full');
  expect(workspace.repositories.expressions.get(expressionId)?.text).toBe('the cat');
  expect(await service.state({ imageId: dataset.imageIds[0] ?? 0 })).toEqual({ undo: null, redo: null });
  workspace.database.pragma('max_page_count = 1000000');
  expect(await attempt('the black cat')).toBe('no error');
  expect((await workspace.checkIntegrity()).ok).toBe(true);
  workspace.close();
});

it('makes the folder of backups only when it is needed', async () => {
  mkdirSync(join(path, 'workspace'));
  const workspace = await openTestWorkspace(join(path, 'workspace'));
  expect(existsSync(join(path, 'workspace', 'backups'))).toBe(false);
  workspace.close();
});
