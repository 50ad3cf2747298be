/** The contract's `browse`: which expressions, in what order, with which results; and the views saved of them. */
import type { contract, DomainService } from '../../../common/contract';
import type { Workspace } from '../workspace/open';

export function createBrowseService(workspace: Workspace): DomainService<typeof contract.browse> {
  const { browse, views } = workspace.repositories;
  return {
    ids: ({ filter, sort, thenBy, groupByImage }) =>
      groupByImage ? browse.idsByImage(filter, sort, thenBy) : { ids: browse.ids(filter, sort, thenBy) },
    rows: ({ ids, runIds }) => browse.rows(ids, runIds),
    facets: ({ filter, runIds }) => browse.facets(filter, runIds),
    attributes: ({ datasetId }) => browse.attributes(datasetId),
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
