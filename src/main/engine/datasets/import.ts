/** The import job: prepares a dataset and stores it in one transaction, so that there is never half of one. */
import { countOf, formatCount } from '../../../common/amounts';
import { importSource, type DatasetSummary, type ImportSource } from '../../../common/contract';
import { WorkbenchError } from '../../../common/errors';
import type { Emit, Logger } from '../context';
import type { JobControl, JobOutcome, JobWork } from '../jobs/queue';
import type { Workspace } from '../workspace/open';
import { contentHash } from './content-hash';
import { ExtractedImages } from './extracted-images';
import type { ValidDataset } from './model';
import { prepareDataset } from './prepare';

export interface ImportParts {
  workspace: Workspace;
  emit: Emit;
  log: Logger;
}

/** The request is a contract's ImportSource with absolute paths; the result is `{ datasetId }`. */
export function importWork(parts: ImportParts): JobWork {
  return async (request, control) => {
    const source = importSource.parse(request);
    const extracted = new ExtractedImages(parts.workspace.path);
    try {
      const outcome = await importDataset(source, parts, control, extracted);
      extracted.keep();
      return outcome;
    } finally {
      await extracted.clean();
    }
  };
}

async function importDataset(
  source: ImportSource,
  parts: ImportParts,
  control: JobControl,
  extracted: ExtractedImages,
): Promise<JobOutcome> {
  const { datasets } = parts.workspace.repositories;
  const dataset = await prepareDataset(source, { control, extract: () => extracted.make() });
  const hash = contentHash(dataset);
  checkUsable(dataset);
  checkNew(datasets.similar(hash, dataset.name), hash, dataset.name);
  if (control.signal.aborted) throw new WorkbenchError('cancelled', 'The import was cancelled.');
  control.say('Storing');
  const datasetId = datasets.insert({ ...dataset, sourcePath: source.path, contentHash: hash });
  parts.log.info('dataset imported', { datasetId, expressions: dataset.expressions.length });
  parts.emit('data.changed', { what: 'datasets', expressionIds: [] });
  const { images, expressions, repaired, rejected } = dataset;
  return {
    message:
      `${countOf(expressions.length, 'expression')} on ${countOf(images.length, 'image')} imported; ` +
      `${formatCount(repaired.length)} repaired, ${formatCount(rejected.length)} left out.`,
    result: { datasetId },
  };
}

function checkUsable({ expressions, rejected }: ValidDataset): void {
  if (expressions.length > 0) return;
  const [first] = rejected;
  throw new WorkbenchError(
    'invalid',
    first
      ? `No expression can be used. The first problem, at ${first.where}: ${first.message}.`
      : 'The dataset holds no expression.',
    rejected.some(({ kind }) => kind === 'image-missing')
      ? 'Choose the folder of the images, and look at the preview for what is missing.'
      : 'Look at the preview for what was rejected.',
  );
}

function checkNew(
  similar: readonly Pick<DatasetSummary, 'name' | 'contentHash'>[],
  hash: string,
  name: string,
): void {
  const namesake = similar.find((dataset) => dataset.name === name);
  if (!namesake) return;
  throw new WorkbenchError(
    'conflict',
    namesake.contentHash === hash
      ? `This dataset is already in the workspace, with the same content and the name "${name}".`
      : `The workspace has another dataset named "${name}".`,
    'Give the import another name, or remove the dataset that is there.',
  );
}
