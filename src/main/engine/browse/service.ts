/** The contract's `browse`: which expressions, in what order, with which results. */
import type { contract, DomainService } from '../../../common/contract';
import type { Workspace } from '../workspace/open';

export function createBrowseService(workspace: Workspace): DomainService<typeof contract.browse> {
  const { browse } = workspace.repositories;
  return {
    ids: ({ filter, sort }) => ({ ids: browse.ids(filter, sort) }),
    rows: ({ ids, runIds }) => browse.rows(ids, runIds),
    facets: ({ filter, runIds }) => browse.facets(filter, runIds),
  };
}
