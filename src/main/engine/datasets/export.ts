/** Writing a dataset to a new folder: beside it first, then renamed, so that there is never half a dataset. */
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { DatasetSummary } from '../../../common/contract';
import { WorkbenchError } from '../../../common/errors';
import { writeGroundingJsonl } from './formats/grounding-jsonl-write';
import { writeMdetr } from './formats/mdetr-write';
import { writeRefer } from './formats/refer-write';
import type { DatasetContent } from './model';

export type ExportFormat = 'grounding-jsonl' | 'refer' | 'mdetr';

/** Writes into an empty folder; returns the number of expressions written. */
export type DatasetWriter = (
  folder: string,
  dataset: DatasetSummary,
  content: DatasetContent,
) => Promise<number>;

const writers: Record<ExportFormat, DatasetWriter> = {
  'grounding-jsonl': writeGroundingJsonl,
  refer: writeRefer,
  mdetr: writeMdetr,
};

export async function exportDataset(request: {
  dataset: DatasetSummary;
  content: DatasetContent;
  path: string;
  format: ExportFormat;
}): Promise<{ path: string; expressions: number }> {
  const { dataset, content, path, format } = request;
  await checkFree(path);
  await mkdir(dirname(path), { recursive: true });
  const unfinished = join(dirname(path), `.${basename(path)}-${randomUUID()}`);
  await mkdir(unfinished);
  try {
    const expressions = await writers[format](unfinished, dataset, content);
    await rmdir(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
    await rename(unfinished, path);
    return { path, expressions };
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

/** Throws `conflict` where something is at the path already; an empty folder is as good as none. */
async function checkFree(path: string): Promise<void> {
  const there = await readdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    if (error.code === 'ENOTDIR') return [basename(path)];
    throw error;
  });
  if (there.length === 0) return;
  throw new WorkbenchError(
    'conflict',
    `There is already something at ${path}.`,
    'Choose a new or an empty folder; nothing is overwritten.',
  );
}
