/** The contract's `browse`: which expressions, in what order, with which results; and the views saved of them. */
import { setImmediate } from 'node:timers/promises';
import type { contract, DomainService } from '../../../common/contract';
import { WorkbenchError } from '../../../common/errors';
import type { Workspace } from '../workspace/open';
import { WhenIdle } from './when-idle';

export function createBrowseService(workspace: Workspace): DomainService<typeof contract.browse> {
  const { browse, views } = workspace.repositories;
  let newestList = 0;
  const idle = new WhenIdle(() => workspace.database.open);
  return {
    async ids({ filter, sort, thenBy, groupByImage }) {
      const list = (newestList += 1);
      // A million texts take some time to read the first time; whoever asks for another list meanwhile has it at once.
      while (!browse.readForOrder(filter.datasetId, [sort, ...thenBy])) {
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
      const { datasetId } = filter;
      // A million attributes take seconds to read the first time: rows and lists are answered in between.
      while (!browse.readForCounts(datasetId, runIds)) await setImmediate();
      const facets = browse.facets(filter, runIds);
      idle.start(() => browse.makeOrders(datasetId, runIds));
      return facets;
    },
    async attributes({ datasetId }) {
      while (!browse.readForCounts(datasetId, [])) await setImmediate();
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
