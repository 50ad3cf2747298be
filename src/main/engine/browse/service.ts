/** The contract's `browse`: which expressions, in what order, with which results; and the views saved of them. */
import { setImmediate } from 'node:timers/promises';
import type { contract, DomainService } from '../../../common/contract';
import { WorkbenchError } from '../../../common/errors';
import type { Workspace } from '../workspace/open';
import type { BrowseAhead } from './ahead';

export function createBrowseService(
  workspace: Workspace,
  ahead: BrowseAhead,
): DomainService<typeof contract.browse> {
  const { browse, views } = workspace.repositories;
  let newestList = 0;
  return {
    async ids({ filter, sort, thenBy, groupByImage }) {
      const list = (newestList += 1);
      // A million expressions take some time to read the first time; whoever asks for another list meanwhile waits for
      // that one only.
      while (!browse.readForList(filter, [sort, ...thenBy])) {
        await setImmediate();
        if (list !== newestList) throw new WorkbenchError('cancelled', 'Another list was asked for.');
      }
      return groupByImage
        ? browse.idsByImage(filter, sort, thenBy)
        : { ids: browse.ids(filter, sort, thenBy) };
    },
    images: ({ datasetId }) => browse.images(datasetId),
    rows: ({ ids, runIds }) => browse.rows(ids, runIds),
    async facets({ filter, runIds }) {
      // Rows and lists are answered in between.
      while (!browse.readForCounts(filter, runIds)) await setImmediate();
      const facets = browse.facets(filter, runIds);
      ahead.shown(filter.datasetId, runIds);
      return facets;
    },
    async attributes({ datasetId }) {
      while (!browse.readForAttributes(datasetId)) await setImmediate();
      return browse.attributes(datasetId);
    },
    views: () => views.list(),
    saveView: ({ viewId, name, state }) => views.save(viewId, name, state),
    deleteView({ viewId }) {
      views.delete(viewId);
      return null;
    },
    setDefaultView({ viewId }) {
      views.setDefault(viewId);
      return null;
    },
  };
}
