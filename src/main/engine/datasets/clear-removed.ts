/** Clears away, while nobody asks for anything, what is left of datasets whose removal was cut off. */
import { WhenIdle } from '../browse/when-idle';
import type { Logger } from '../context';
import { sweepExtracted } from '../workspace/extracted-images';
import type { Workspace } from '../workspace/open';

export function clearRemoved({ database, path, repositories: { datasets } }: Workspace, log: Logger): void {
  new WhenIdle(() => database.open).start(function* () {
    for (const datasetId of datasets.removed()) {
      const clearing = datasets.clear(datasetId);
      while (!clearing.next().done) yield;
    }
    sweepExtracted(path, database).catch((error: unknown) => log.error('extracted images', error));
  });
}
