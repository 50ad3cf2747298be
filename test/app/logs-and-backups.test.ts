/** What is given to somebody who helps, read back by another library; and the list of backups. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openPromise } from 'yauzl';
import { unwatched } from '../../src/common/contract';
import { WorkbenchError } from '../../src/common/errors';
import { listBackups } from '../../src/main/app/backups';
import { exportLogs, withoutContents } from '../../src/main/app/log-export';
import { openLog } from '../../src/main/app/log';
import { createLogger } from '../../src/main/engine/logger';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'grounding-logs-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Names and texts of an archive, by another library than the one that wrote it; it checks every CRC. */
async function unzip(path: string): Promise<Record<string, string>> {
  const zip = await openPromise(path);
  const files: Record<string, string> = {};
  for await (const entry of zip.eachEntry()) {
    files[entry.fileName] = await text(await zip.openReadStreamPromise(entry));
  }
  return files;
}

describe('exported logs', () => {
  it('say what went wrong, and nothing of the dataset or the person', async () => {
    const logs = join(folder, 'logs');
    const engine = createLogger(logs);
    engine.warn('repaired', { count: 3, expression: 'the small dog left of the red car' });
    const cause = new WorkbenchError('unreadable', 'Cannot read “/home/ada/holiday photos/beach.jpg”.');
    const id = engine.error('datasets.import', new Error('Failed on "the red car"', { cause }));
    engine.error('expressions.ask', { text: 'the small dog', pixels: new Uint8Array(100) });
    engine.close();
    openLog(logs).write('Refused: request', { url: 'file:///home/ada/secret/list.csv' });

    const { path, lines } = await exportLogs(logs, folder, { version: '1.2.3' });
    const files = await unzip(path);
    expect(lines).toBe(4);
    expect(Object.keys(files).sort()).toEqual(['about.json', 'engine.log', 'window.log']);
    const all = Object.values(files).join('\n');
    for (const secret of ['dog', 'red car', 'home/ada', 'holiday', 'beach', 'secret', 'list.csv'])
      expect(all).not.toContain(secret);
    expect(all).toContain(id);
    expect(all).toContain('datasets.import');
    expect(all).toContain('"kind":"unreadable"');
    expect(all).toContain('logs-and-backups.test.ts');
    expect(JSON.parse(files['about.json'] ?? '')).toEqual({ version: '1.2.3' });
  });

  it('are not written where they are stopped', async () => {
    const logs = join(folder, 'logs');
    openLog(logs).write('Refused: request', {});
    const reason = new WorkbenchError('cancelled', 'It was stopped.');
    const control = { ...unwatched, signal: AbortSignal.abort(reason) };
    await expect(exportLogs(logs, folder, {}, { control })).rejects.toBe(reason);
    expect(readdirSync(folder)).toEqual(['logs']);
  });

  it('hold no line that is no JSON, and need a log', async () => {
    expect(withoutContents('the small dog')).toBe('{"message":"[a line of 13 characters]"}');
    await expect(exportLogs(join(folder, 'none'), folder, {})).rejects.toThrow('no log');
  });
});

describe('the list of backups', () => {
  it('is newest first with the time each was made, and holds nothing else', () => {
    expect(listBackups(folder)).toEqual([]);
    mkdirSync(join(folder, 'backups'));
    for (const name of ['2026-11-24T10-00-00-000Z.sqlite', '2026-11-25T09-30-15-250Z.sqlite', 'x.unfinished'])
      writeFileSync(join(folder, 'backups', name), '1234');
    expect(listBackups(folder)).toMatchObject([
      { name: '2026-11-25T09-30-15-250Z.sqlite', bytes: 4, madeAt: '2026-11-25T09:30:15.250Z' },
      { madeAt: '2026-11-24T10:00:00.000Z' },
    ]);
  });
});
