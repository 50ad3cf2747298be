/** A real workspace with the real datasets service and job queue, in a folder that is removed afterwards. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { afterAll } from 'vitest';
import { importSource, type Job } from '../../../src/common/contract';
import type { Logger } from '../../../src/main/engine/context';
import { importWork } from '../../../src/main/engine/datasets/import';
import { createDatasetsService } from '../../../src/main/engine/datasets/service';
import { Works } from '../../../src/common/works/works';
import { JobQueue } from '../../../src/main/engine/jobs/queue';
import { openWorkspace } from '../../../src/main/engine/workspace/open';

export const repository = join(__dirname, '../../..');
export const fixtures = join(repository, 'test/fixtures/datasets');
export const demo = join(repository, 'resources/datasets/emojiref');
export const demoImages = join(demo, 'images');

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'workbench-datasets-'));
  folders.push(folder);
  return folder;
}

export const silent: Logger = { info: () => undefined, warn: () => undefined, error: () => 'test' };

/** `import_` starts the job and waits for its end. */
export async function openDatasets() {
  const workspace = await openWorkspace({ path: temporaryFolder(), log: silent });
  const events: string[] = [];
  const progress: string[] = [];
  const emit = (name: string, payload: unknown) => {
    if (name === 'data.changed') events.push((payload as { what: string }).what);
    if (name === 'work.progress') progress.push((payload as { message: string }).message);
  };
  const parts = { workspace, emit, log: silent };
  const unused = () => Promise.reject(new Error('not part of these tests'));
  const jobs = new JobQueue({
    store: workspace.repositories.jobs,
    works: { import: importWork(parts), predict: unused },
    emit,
    log: silent,
  });
  const service = createDatasetsService({ ...parts, jobs });
  const works = new Works((work) => emit('work.progress', work));
  return {
    workspace,
    jobs,
    service,
    events,
    progress,
    async import_(source: Parameters<typeof importSource.parse>[0]): Promise<Job> {
      const { jobId } = await service.import(importSource.parse(source));
      return jobs.finished(jobId);
    },
    /** As the engine answers the call: telling how far it is, until it is stopped. */
    preview: async (source: Parameters<typeof importSource.parse>[0]) =>
      works.run('preview', (control) => service.preview(importSource.parse(source), control)),
    works,
  };
}

/** Writes files, JSON where the content is not text or bytes; `image` makes a picture of that size. */
export async function writeFolder(files: Record<string, unknown>): Promise<string> {
  const folder = temporaryFolder();
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    const value = await content;
    writeFileSync(
      path,
      typeof value === 'string' || value instanceof Uint8Array ? value : JSON.stringify(value),
    );
  }
  return folder;
}

export async function image(width: number, height: number): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background: '#345' } })
    .png()
    .toBuffer();
}

export function jsonl(...values: unknown[]): string {
  return values.map((value) => `${typeof value === 'string' ? value : JSON.stringify(value)}\n`).join('');
}
