/** The data behind a report as other programs read it: the dataset with its ground truth, and what the runs answered. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type {
  EvaluationOptions,
  ExportFormat,
  PredictionFormat,
  ReportDataset,
  ReportFormat,
  ReportPredictions,
  WorkControl,
} from '../../../common/contract';
import { WorkbenchError } from '../../../common/errors';
import { writtenAnswers } from '../answers/write';
import { exportDataset } from '../datasets/export';
import { counted, gathered } from '../datasets/write-files';
import type { Repositories } from '../workspace/repositories';
import { writeWhole } from './write';

const datasetFormats: Record<ReportDataset, ExportFormat> = {
  'dataset-jsonl': 'grounding-jsonl',
  'dataset-refer': 'refer',
  'dataset-mdetr': 'mdetr',
  'dataset-coco': 'coco',
};
const predictionFormats: Record<ReportPredictions, PredictionFormat> = {
  'predictions-json': 'json',
  'predictions-csv': 'csv',
  'predictions-coco': 'coco',
};

/** The part of a workspace that is written. */
export type ExportedRepositories = Pick<Repositories, 'datasets' | 'givenAnswers' | 'runs'>;

export const isDataset = (format: ReportFormat): format is ReportDataset => format in datasetFormats;
export const isPredictions = (format: ReportFormat): format is ReportPredictions =>
  format in predictionFormats;

/** Throws `conflict` where something is in the place of one of the datasets: nothing of a person's is overwritten. */
export function checkDatasetFolders(folder: string, formats: readonly ReportFormat[]): void {
  for (const format of formats.filter(isDataset)) {
    const path = join(folder, format);
    if (existsSync(path)) {
      throw new WorkbenchError(
        'conflict',
        `There is already something at ${path}.`,
        'Choose another folder for the report, or move that dataset away; nothing is overwritten.',
      );
    }
  }
}

/** Writes the whole dataset, with the ground truth that counts, into a folder of the format's name; returns its path. */
export async function writeDataset(
  { datasets }: ExportedRepositories,
  datasetId: number,
  { groundTruth, revision }: EvaluationOptions,
  folder: string,
  format: ReportDataset,
  control: WorkControl,
): Promise<string> {
  const dataset = datasets.get(datasetId);
  if (!dataset) throw new WorkbenchError('not-found', 'The dataset of the report is gone.');
  const content = datasets.content(datasetId, groundTruth, revision);
  const path = join(folder, format);
  await exportDataset({ dataset, content, path, format: datasetFormats[format], images: false }, control);
  return path;
}

/** Writes what each run has answered, all splits together, into a file for each run; returns their paths. */
export async function writePredictions(
  { runs, givenAnswers }: ExportedRepositories,
  runIds: readonly number[],
  folder: string,
  format: ReportPredictions,
  control: WorkControl,
): Promise<string[]> {
  const written = predictionFormats[format];
  const ending = { json: 'json', csv: 'csv', coco: 'coco.json' }[written];
  const files: string[] = [];
  for (const runId of runIds) {
    const run = runs.get(runId);
    if (!run) throw new WorkbenchError('not-found', `There is no run ${runId}.`, 'It may have been removed.');
    const name = `predictions-run-${runId}-${run.method}.${ending}`;
    const answers = givenAnswers.answersOf(runId);
    const counting = counted(`Writing the answers of run ${runId}`, answers, control);
    files.push(await writeWhole(folder, name, gathered(writtenAnswers(run, counting, written))));
  }
  return files;
}
