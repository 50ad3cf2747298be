/** A filter by methods as the contract takes it: by the runs that stand for them. */
import type { BrowseFilterInput } from '../contract/browse';
import { methodIds, type MethodId } from '../contract/methods';
import { hasCondition, hasLowerEnd, hasUpperEnd, type FilterState } from './filter';

/** The run that stands for each method; null: it has none. */
export type RunOfMethod = ReadonlyMap<MethodId, { id: number } | null>;

/** A condition on a method without a run could not be met by anything; it is left out. */
export function filterInput(state: FilterState, datasetId: number, runs: RunOfMethod): BrowseFilterInput {
  const results = methodIds.flatMap((method) => {
    const run = runs.get(method);
    const condition = state.methods[method];
    const { outcome, errors, iouFrom, iouTo, openFrom, openTo } = condition;
    if (!run || !hasCondition(condition)) return [];
    return [
      {
        runId: run.id,
        ...(outcome === null ? {} : { outcome }),
        ...(errors.length > 0 ? { errors: [...errors] } : {}),
        ...(hasLowerEnd(condition) ? { iouFrom } : {}),
        ...(hasUpperEnd(condition) ? { iouTo } : {}),
        ...(openFrom ? { openFrom } : {}),
        ...(openTo ? { openTo } : {}),
      },
    ];
  });
  const shown = methodIds.flatMap((method) => runs.get(method)?.id ?? []);
  return {
    datasetId,
    text: state.text.trim(),
    splits: [...state.splits],
    kinds: [...state.kinds],
    categories: [...state.categories],
    reviewStates: [...state.reviewStates],
    failureLabels: [...state.failureLabels],
    corrected: state.corrected,
    results,
    disagreement: state.disagreement ? shown : [],
    lengthFrom: state.lengthFrom,
    lengthTo: state.lengthTo,
    attributes: Object.fromEntries(
      Object.entries(state.attributes).map(([name, values]) => [name, [...values]]),
    ),
    expressionIds: state.examples && [...state.examples.expressionIds],
  };
}
