/** All formats, in the order in which they are tried. */
import { stat } from 'node:fs/promises';
import type { DatasetFormat } from '../../../../common/contract';
import { datasetFormats } from '../../../../common/contract';
import { formatDescriptions } from '../../../../common/dataset-formats';
import { WorkbenchError } from '../../../../common/errors';
import type { DatasetReader } from '../model';
import { cocoCsv } from './coco-csv';
import { coco } from './coco-expressions';
import { folderCsv } from './folder-csv';
import { groundingJsonl } from './grounding-jsonl';
import { labelme } from './labelme';
import { mdetr } from './mdetr';
import { odvg } from './odvg';
import { parquet } from './parquet';
import { refer } from './refer';
import { voc } from './voc';
import { yolo } from './yolo';

const readers: readonly DatasetReader[] = [
  groundingJsonl,
  refer,
  mdetr,
  cocoCsv,
  coco,
  odvg,
  yolo,
  voc,
  parquet,
  folderCsv,
  labelme,
];

/** Formats that a file or folder could be, the likeliest first; throws `not-found`. */
export async function detectFormats(path: string): Promise<DatasetFormat[]> {
  try {
    await stat(path);
  } catch (error) {
    throw new WorkbenchError('not-found', `There is nothing at ${path}.`, 'Check the path.', {
      cause: error,
    });
  }
  const found: DatasetFormat[] = [];
  for (const reader of readers) {
    if (await reader.detect(path)) found.push(reader.format);
  }
  return found;
}

/** The reader of the wanted format, or of the detected one; throws `unsupported` where the path is not that. */
export async function readerFor(path: string, format: DatasetFormat | null): Promise<DatasetReader> {
  const formats = await detectFormats(path);
  const chosen = format ?? formats[0];
  const reader = readers.find((known) => known.format === chosen);
  if (reader && formats.includes(reader.format)) return reader;
  const known = datasetFormats.map(
    (one) => `${formatDescriptions[one].name}: ${formatDescriptions[one].looks}`,
  );
  throw new WorkbenchError(
    'unsupported',
    format ? `${path} is not in the format ${format}.` : `${path} is in no format that the workbench knows.`,
    format ? formatDescriptions[format].looks : `Known are: ${known.join(' ')} See docs/formats.md.`,
  );
}
