/** What the saved views of Browse show, for slices: the runs of an evaluation stand for their methods. */
import { browseFilter, browseSort } from '../../../common/contract';
import { filterInput, type RunOfMethod } from '../../../common/query/browse-input';
import { parseQuery } from '../../../common/query/parse';
import type { SavedViewRows } from '../evaluation/facts';
import type { RowSelection } from '../evaluation/rows';
import type { Workspace } from '../workspace/open';

/** Views of the workspace over one dataset; one whose query has a problem is left out. */
export function rowsOfViews(
  { repositories: { browse, views } }: Workspace,
  datasetId: number,
  runs: RowSelection['runs'],
): SavedViewRows[] {
  // Of several runs of a method the first stands for it.
  const byMethod: RunOfMethod = new Map(runs.toReversed().map(({ id, method }) => [method, { id }]));
  return views.list().flatMap(({ id, name, state }) => {
    const { filter, problems } = parseQuery(state.query);
    if (problems.length > 0) return [];
    const named = { ...filter, examples: state.examples };
    const wanted = browseFilter.parse(filterInput(named, datasetId, byMethod));
    return [{ id, name, expressionIds: new Set(browse.ids(wanted, browseSort.parse({}))) }];
  });
}
