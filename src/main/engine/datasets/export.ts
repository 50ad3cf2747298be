/** Writing a dataset to a new folder: beside it first, then renamed, so that there is never half a dataset. */
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import {
  unwatched,
  type DatasetExport,
  type ExportFormat,
  type MaskForm,
  type WorkControl,
} from '../../../common/contract';
import { formatDescriptions, maskFormWords } from '../../../common/dataset-formats';
import { WorkbenchError } from '../../../common/errors';
import { exportWarnings } from './export-warnings';
import { writeCoco } from './formats/coco-write';
import { writeFolderCsv } from './formats/folder-csv-write';
import { writeGroundingJsonl } from './formats/grounding-jsonl-write';
import { writeLabelme } from './formats/labelme-write';
import { writeMdetr } from './formats/mdetr-write';
import { writeOdvg } from './formats/odvg-write';
import { writeParquet } from './formats/parquet-write';
import { writeRefer } from './formats/refer-write';
import { writeVoc } from './formats/voc-write';
import { writeYolo } from './formats/yolo-write';
import type { DatasetContent } from './model';
import { writeSupplement } from './supplement';
import type { DatasetWriter, WriteRequest } from './writer';

/** `holdsMasks`: whether the format's own reader gets the masks back from the format's own files. */
const writers: Record<ExportFormat, { write: DatasetWriter; holdsMasks: boolean }> = {
  'grounding-jsonl': { write: writeGroundingJsonl, holdsMasks: true },
  refer: { write: writeRefer, holdsMasks: true },
  mdetr: { write: writeMdetr, holdsMasks: true },
  coco: { write: writeCoco, holdsMasks: true },
  odvg: { write: writeOdvg, holdsMasks: false },
  labelme: { write: writeLabelme, holdsMasks: true },
  voc: { write: writeVoc, holdsMasks: false },
  yolo: { write: writeYolo, holdsMasks: false },
  parquet: { write: writeParquet, holdsMasks: true },
  'folder-csv': { write: writeFolderCsv, holdsMasks: false },
};

/** Throws `invalid` or `not-found`, and `conflict` where something is at the path already; then nothing was written. */
export async function exportDataset(
  request: {
    dataset: WriteRequest['dataset'];
    content: DatasetContent;
    path: string;
    format: ExportFormat;
    /** null: as is usual for the format. */
    images?: boolean | null;
    masks?: MaskForm;
  },
  control: WorkControl = unwatched,
): Promise<DatasetExport> {
  const { dataset, content, path, format, masks = 'packed' } = request;
  checkOptions(format, request.images ?? null, masks);
  const images = request.images ?? formatDescriptions[format].copiesImages;
  return intoNewFolder(path, async (folder) => {
    const { write, holdsMasks } = writers[format];
    control.begin('Writing annotations');
    const written = await write({ folder, dataset, content, images, masks, control });
    control.signal.throwIfAborted();
    if (format !== 'grounding-jsonl') {
      await writeSupplement(folder, format, dataset, content, written, holdsMasks);
    }
    control.signal.throwIfAborted();
    const warnings = exportWarnings(format, content, written);
    return { path, expressions: content.expressions.length, warnings };
  });
}

/** Throws `invalid` where the format cannot be written in the wanted way. */
function checkOptions(format: ExportFormat, images: boolean | null, masks: MaskForm): void {
  const { name, needsImages, maskForms } = formatDescriptions[format];
  if (images === false && needsImages) {
    throw new WorkbenchError(
      'invalid',
      `${name} cannot be exported without the images: they get other names there.`,
      'Export with copies of the images, or choose another format.',
    );
  }
  if (masks !== 'packed' && !maskForms?.includes(masks)) {
    throw new WorkbenchError(
      'invalid',
      `${name} has no masks as ${maskFormWords[masks].name.toLowerCase()}.`,
      'REFER, MDETR and COCO have a choice of forms; every other format has one form or none.',
    );
  }
}

/** Fills a folder beside the wanted one and then renames it; throws `conflict` where something is there already. */
export async function intoNewFolder<Value>(
  path: string,
  fill: (folder: string) => Promise<Value>,
): Promise<Value> {
  await checkFree(path);
  await mkdir(dirname(path), { recursive: true });
  const unfinished = join(dirname(path), `.${basename(path)}-${randomUUID()}`);
  await mkdir(unfinished);
  try {
    const value = await fill(unfinished);
    await rmdir(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
    await rename(unfinished, path);
    return value;
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
