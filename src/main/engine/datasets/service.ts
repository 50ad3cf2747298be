/** The contract's `datasets`. */
import { tmpdir } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { basename, resolve } from 'node:path';
import {
  unwatched,
  type contract,
  type DatasetSplit,
  type DatasetSummary,
  type DomainService,
  type ImportPreview,
  type ImportSource,
} from '../../../common/contract';
import { WorkbenchError } from '../../../common/errors';
import type { JobQueue } from '../jobs/queue';
import { backupsWith, giveUpExtracted, isExtracted, sweepExtracted } from '../workspace/extracted-images';
import { exportDataset } from './export';
import { detectFormats } from './formats';
import type { ImportParts } from './import';
import type { ValidDataset } from './model';
import { ExtractedImages } from './extracted-images';
import { prepareDataset } from './prepare';

export interface DatasetsServiceParts extends ImportParts {
  jobs: JobQueue;
}

const problemsShown = 200;
const samplesShown = 12;

export function createDatasetsService(parts: DatasetsServiceParts): DomainService<typeof contract.datasets> {
  const { datasets } = parts.workspace.repositories;

  function find(datasetId: number): DatasetSummary {
    const dataset = datasets.get(datasetId);
    if (dataset) return dataset;
    throw new WorkbenchError('not-found', `There is no dataset ${datasetId}.`, 'It may have been removed.');
  }

  return {
    list: () => datasets.list(),
    detect: async ({ path }) => ({ formats: await detectFormats(resolve(path)) }),
    async preview(source, control = unwatched) {
      const extracted = new ExtractedImages(tmpdir());
      try {
        return previewOf(
          await prepareDataset(absolute(source), { control, extract: () => extracted.make() }),
        );
      } finally {
        await extracted.clean();
      }
    },
    import(source) {
      const request = absolute(source);
      const title = `Import ${request.name ?? basename(request.path)}`;
      return { jobId: parts.jobs.start('import', title, request).id };
    },
    problems({ datasetId }) {
      find(datasetId);
      return datasets.problems(datasetId);
    },
    async remove({ datasetId }, control = unwatched) {
      const { name, root } = find(datasetId);
      const busy = parts.jobs.list().find((job) => job.kind === 'predict' && job.endedAt === null);
      if (busy) {
        throw new WorkbenchError(
          'conflict',
          `"${name}" cannot be removed while predictions are made or wait to be made.`,
          'Cancel the job first, or wait until it is done.',
        );
      }
      const { path, database } = parts.workspace;
      const total = datasets.left(datasetId);
      datasets.remove(datasetId);
      giveUpExtracted(path, root);
      const backupsWithImages = isExtracted(path, root) ? backupsWith(path, root).length : 0;
      parts.emit('data.changed', { what: 'datasets', expressionIds: [] });
      control.begin('Clearing away what is left', total);
      for (const rows of datasets.clear(datasetId)) {
        control.advance(rows);
        if (control.signal.aborted) return { cleared: false, backupsWithImages };
        await setImmediate();
      }
      await sweepExtracted(path, database);
      return { cleared: true, backupsWithImages };
    },
    async export({ datasetId, path, groundTruth, ...options }, control = unwatched) {
      const dataset = find(datasetId);
      const content = datasets.content(datasetId, groundTruth);
      return exportDataset({ dataset, content, path: resolve(path), ...options }, control);
    },
  };
}

/** A job may be resumed by a process that runs in another folder. */
function absolute(source: ImportSource): ImportSource {
  return {
    ...source,
    path: resolve(source.path),
    imagesPath: source.imagesPath === null ? null : resolve(source.imagesPath),
  };
}

function previewOf(dataset: ValidDataset): ImportPreview {
  const { format, name, images, referents, expressions, repaired, rejected } = dataset;
  const files = new Map(images.map((image) => [image.key, image.file]));
  return {
    format,
    name,
    images: images.length,
    referents: referents.length,
    expressions: expressions.length,
    splits: splitsOf(dataset),
    repaired: repaired.slice(0, problemsShown),
    rejected: rejected.slice(0, problemsShown),
    repairedCount: repaired.length,
    rejectedCount: rejected.length,
    sample: expressions
      .slice(0, samplesShown)
      .map(({ text, imageKey, kind }) => ({ text, image: files.get(imageKey) ?? imageKey, kind })),
  };
}

function splitsOf({ expressions }: ValidDataset): DatasetSplit[] {
  const splits = new Map<string, { images: Set<string>; expressions: number }>();
  for (const { split, imageKey } of expressions) {
    const counted = splits.get(split) ?? { images: new Set(), expressions: 0 };
    counted.images.add(imageKey);
    counted.expressions += 1;
    splits.set(split, counted);
  }
  return [...splits].map(([split, counted]) => ({
    split,
    images: counted.images.size,
    expressions: counted.expressions,
  }));
}
