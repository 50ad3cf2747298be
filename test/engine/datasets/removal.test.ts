/** Removing a dataset: gone at once, cleared away turn by turn, and images of a Parquet file as long as a backup has them. */
import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { unwatched } from '../../../src/common/contract';
import { clearRemoved } from '../../../src/main/engine/datasets/clear-removed';
import { exportDataset } from '../../../src/main/engine/datasets/export';
import { isExtracted, sweepExtracted } from '../../../src/main/engine/workspace/extracted-images';
import { openWorkspace, type Workspace } from '../../../src/main/engine/workspace/open';
import { addTestDataset, addTestRun, testPrediction, truthBox } from '../../support/workspace';
import { image, openDatasets, silent, temporaryFolder, writeFolder } from './support';

const tables = ['images', 'referents', 'ground_truth', 'expressions', 'runs', 'predictions', 'datasets'];

function rows({ database }: Workspace): number[] {
  return tables.map((table) => database.prepare(`SELECT count(*) FROM ${table}`).pluck().get() as number);
}

/** Two datasets, the first of several thousand rows with a run. */
function fill(workspace: Workspace) {
  const { datasetId, expressionIds } = addTestDataset(workspace, { images: 700 });
  const runId = addTestRun(workspace, datasetId, 'risclip');
  const prediction = testPrediction('risclip', truthBox(0));
  workspace.repositories.predictions.save(
    runId,
    expressionIds.map((expressionId) => ({ expressionId, text: 'text', prediction })),
  );
  addTestDataset(workspace, { images: 2 });
  return { datasetId, total: 700 + 1_400 + 2_800 + 2_800 + 1 };
}

describe('a dataset that is removed', () => {
  it('is gone at once, and is cleared away while other calls are answered, which it tells', async () => {
    const { service, workspace } = await openDatasets();
    const { datasetId, total } = fill(workspace);
    const told: number[] = [];
    const listed: number[] = [];
    const control = {
      ...unwatched,
      begin: (_message: string, all?: number) => told.push(-(all ?? 0)),
      advance(more: number) {
        told.push(more);
        listed.push(workspace.repositories.datasets.list().length, rows(workspace)[0] ?? 0);
      },
    };
    expect(await service.remove({ datasetId }, control)).toEqual({ cleared: true, backupsWithImages: 0 });
    const [announced = 0, ...done] = told;
    expect(-announced).toBe(total);
    expect(done.reduce((sum, more) => sum + more, 0)).toBe(total);
    expect(done.length).toBeGreaterThan(4);
    // Asked after the first piece: of the two datasets one, all of whose images and the other's are still there.
    expect(listed.slice(0, 2)).toEqual([1, 702]);
    expect(rows(workspace)).toEqual([2, 4, 4, 8, 0, 0, 1]);
    expect((await workspace.checkIntegrity()).problems).toEqual([]);
    const words = workspace.database.prepare('SELECT count(*) FROM expression_texts').pluck();
    expect(words.get()).toBe(8);
  });

  it('stays gone where that was stopped, and the rest goes after the next start', async () => {
    const { service, workspace } = await openDatasets();
    const { datasetId } = fill(workspace);
    const abort = new AbortController();
    const control = { ...unwatched, signal: abort.signal, advance: () => abort.abort() };
    expect(await service.remove({ datasetId }, control)).toEqual({ cleared: false, backupsWithImages: 0 });
    expect(await service.list({})).toHaveLength(1);
    await expect(service.remove({ datasetId })).rejects.toThrow(/no dataset/);
    const { path } = workspace;
    workspace.close();
    const again = await openWorkspace({ path, log: silent });
    expect(again.repositories.datasets.list()).toHaveLength(1);
    clearRemoved(again, silent);
    await expect.poll(() => rows(again), { timeout: 20_000 }).toEqual([2, 4, 4, 8, 0, 0, 1]);
    again.close();
  });
});

/** A Parquet file with a picture inside. */
async function parquetFile(): Promise<string> {
  const root = await writeFolder({ 'a.png': image(40, 30) });
  const path = join(temporaryFolder(), 'export');
  const box = { x: 1, y: 2, width: 3, height: 4 };
  const own = { split: 'val', kind: '', attributes: {}, category: 'dog' };
  await exportDataset({
    dataset: { name: 'x', description: '', licence: '', root },
    content: {
      images: [{ key: '1', file: 'a.png', width: 40, height: 30, split: 'val' }],
      referents: [{ key: '1', imageKey: '1', category: 'dog', box, mask: null, attributes: {} }],
      expressions: [{ key: '1', imageKey: '1', referentKey: '1', text: 'the dog', ...own }],
    },
    path,
    format: 'parquet',
  });
  const file = join(temporaryFolder(), 'dogs.parquet');
  copyFileSync(join(path, 'data/val-00000-of-00001.parquet'), file);
  return file;
}

describe('images that were inside an imported file', () => {
  async function imported() {
    const opened = await openDatasets();
    const job = await opened.import_({ path: await parquetFile(), format: 'parquet' });
    const [dataset] = await opened.service.list({});
    if (!dataset) throw new Error(job.message);
    return { ...opened, dataset };
  }

  it('go with their dataset where no backup has it', async () => {
    const { dataset, service, workspace } = await imported();
    expect(isExtracted(workspace.path, dataset.root)).toBe(true);
    expect(existsSync(dataset.root)).toBe(true);
    const removal = await service.remove({ datasetId: dataset.id });
    expect(removal).toEqual({ cleared: true, backupsWithImages: 0 });
    expect(readdirSync(join(workspace.path, 'extracted-images'))).toEqual([]);
  });

  it('stay for a backup, which brings the dataset back with them, and go with the last one', async () => {
    const { dataset, service, workspace } = await imported();
    const { path } = await workspace.backup();
    const before = readFileSync(path);
    const removal = await service.remove({ datasetId: dataset.id });
    expect(removal).toEqual({ cleared: true, backupsWithImages: 1 });
    expect(existsSync(dataset.root)).toBe(true);
    // To look into a backup leaves it as it is, and nothing beside it.
    expect(readFileSync(path)).toEqual(before);
    expect(readdirSync(join(workspace.path, 'backups')).filter((name) => /-(wal|shm)$/.test(name))).toEqual(
      [],
    );
    workspace.close();
    const restored = await openWorkspace({ path: workspace.path, restore: basename(path), log: silent });
    const [back] = restored.repositories.datasets.list();
    const file = restored.database.prepare('SELECT file FROM images').pluck().get() as string;
    expect(existsSync(join(back?.root ?? '', file))).toBe(true);

    restored.repositories.settings.change({ backupCount: 1 });
    restored.repositories.datasets.remove(back?.id ?? 0);
    expect([...restored.repositories.datasets.clear(back?.id ?? 0)]).toHaveLength(3);
    await sweepExtracted(restored.path, restored.database);
    expect(existsSync(dataset.root)).toBe(true);
    // The only backup that is kept is one without the dataset.
    await restored.backup();
    expect(existsSync(dataset.root)).toBe(false);
    restored.close();
  });

  it('stay where a backup cannot be read, and never belong to another folder', async () => {
    const { dataset, service, workspace } = await imported();
    const { path } = await workspace.backup();
    writeFileSync(path, 'no database any more');
    expect((await service.remove({ datasetId: dataset.id })).backupsWithImages).toBe(1);
    expect(existsSync(dataset.root)).toBe(true);
    expect(isExtracted(workspace.path, join(workspace.path, 'elsewhere'))).toBe(false);
    expect(isExtracted(temporaryFolder(), dataset.root)).toBe(false);
  });
});
