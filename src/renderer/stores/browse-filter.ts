/**
 * What the filter panel and the sort menu hold. Conditions are kept by method, not by run: choosing another run of
 * a method keeps what was asked. Pure functions turn it into the contract's filter and into words.
 */
import {
  failureLabels,
  methodIds,
  type AnswerType,
  type BrowseSort,
  type MethodId,
  type Outcome,
  reviewStateNames,
  type ReviewState,
} from '../../common/contract';
import { answerTypeLabels } from '../../common/error-words';
import type { RunOfMethod } from '../../common/query/browse-input';
import {
  hasLowerEnd,
  hasMethodConditions,
  hasUpperEnd,
  type FilterState,
  type MethodCondition,
} from '../../common/query/filter';
import { methodName } from '../composables/useMethodColours';

export { filterInput } from '../../common/query/browse-input';
export { emptyFilter, noCondition } from '../../common/query/filter';
export type { RunOfMethod } from '../../common/query/browse-input';
export type { FilterState, MethodCondition } from '../../common/query/filter';

/** The facets that are lists of values to tick. */
export type ListFacet = 'splits' | 'kinds' | 'categories' | 'reviewStates' | 'failureLabels';

export interface SortState {
  by: BrowseSort['by'];
  /** With `iou`: whose. */
  method: MethodId | null;
  descending: boolean;
}

export const datasetOrder: SortState = { by: 'dataset', method: null, descending: false };

/** Sorting by the IoU of a method without a run falls back to the dataset's order. */
export function sortInput({ by, method, descending }: SortState, runs: RunOfMethod): BrowseSort {
  const runId = by === 'iou' && method ? (runs.get(method)?.id ?? null) : null;
  if (by === 'iou' && runId === null) return { by: 'dataset', runId: null, descending: false };
  return { by, runId, descending };
}

/** The orders that can be met now, as the contract takes them: the first, and those that decide between equals. */
export function sortInputs(
  sorts: readonly SortState[],
  runs: RunOfMethod,
): { sort: BrowseSort; thenBy: BrowseSort[] } {
  const [sort = datasetOrder, ...more] = sorts;
  return {
    sort: sortInput(sort, runs),
    thenBy: more.map((each) => sortInput(each, runs)),
  };
}

/** Whether new predictions or corrections can change which expressions match, or their order. */
export function dependsOnResults(filter: FilterState, sorts: readonly SortState[]): boolean {
  return (
    filter.disagreement ||
    sorts.some(({ by }) => by === 'iou' || by === 'spread') ||
    hasMethodConditions(filter)
  );
}

export function dependsOnHumanWork(filter: FilterState, sorts: readonly SortState[]): boolean {
  if (sorts.some(({ by }) => by === 'review' || by === 'label')) return true;
  return filter.corrected !== null || filter.reviewStates.length > 0 || filter.failureLabels.length > 0;
}

export const outcomeNames: Record<Outcome, string> = {
  right: 'right',
  wrong: 'wrong',
  missing: 'not predicted',
};

export function failureLabelName(label: string): string {
  return failureLabels.find((known) => known.id === label)?.name ?? label;
}

/** How a value of a list facet is printed. */
export function facetValueName(facet: ListFacet, value: string): string {
  if (facet === 'reviewStates') return reviewStateNames[value as ReviewState] ?? value;
  if (facet === 'failureLabels') return failureLabelName(value);
  return value === '' ? '(none)' : value;
}

export function toggleValue(filter: FilterState, facet: ListFacet, value: string): FilterState {
  const values: readonly string[] = filter[facet];
  const next = values.includes(value) ? values.filter((each) => each !== value) : [...values, value];
  return { ...filter, [facet]: next };
}

export function toggleAttribute(filter: FilterState, name: string, value: string): FilterState {
  const before = filter.attributes[name] ?? [];
  const after = before.includes(value) ? before.filter((each) => each !== value) : [...before, value];
  const others = Object.entries(filter.attributes).filter(([other]) => other !== name);
  const attributes = after.length > 0 ? [...others, [name, after] as const] : others;
  return { ...filter, attributes: Object.fromEntries(attributes) };
}

/** Ticks or unticks what can be wrong with a method's answer. */
export function toggleError(filter: FilterState, method: MethodId, type: AnswerType): FilterState {
  const { errors } = filter.methods[method];
  const next = errors.includes(type) ? errors.filter((each) => each !== type) : [...errors, type];
  return setCondition(filter, method, { errors: next });
}

export function setCondition(
  filter: FilterState,
  method: MethodId,
  change: Partial<MethodCondition>,
): FilterState {
  const condition = { ...filter.methods[method], ...change };
  return { ...filter, methods: { ...filter.methods, [method]: condition } };
}

export interface FilterTerm {
  key: string;
  words: string;
  /** The filter without this term. */
  without: FilterState;
}

function iouWords(condition: MethodCondition): string {
  const { iouFrom, iouTo, openFrom, openTo } = condition;
  const from = `IoU ${openFrom ? '>' : '≥'} ${iouFrom.toFixed(2)}`;
  const to = `${openTo ? '<' : '≤'} ${iouTo.toFixed(2)}`;
  if (!hasUpperEnd(condition)) return from;
  return hasLowerEnd(condition) ? `${from} and ${to}` : `IoU ${to}`;
}

function lengthWords({ lengthFrom, lengthTo }: FilterState): string {
  if (lengthFrom === lengthTo) return `${lengthFrom} words`;
  if (lengthTo === null) return `At least ${lengthFrom} words`;
  return lengthFrom === null ? `At most ${lengthTo} words` : `${lengthFrom} to ${lengthTo} words`;
}

/** Every condition in words, each removable by itself: the filter as a person can read and undo it. */
export function filterTerms(filter: FilterState): FilterTerm[] {
  const terms: FilterTerm[] = [];
  if (filter.examples) {
    terms.push({ key: 'examples', words: filter.examples.label, without: { ...filter, examples: null } });
  }
  const text = filter.text.trim();
  if (text)
    terms.push({
      key: 'text',
      words: text.includes('"') ? text : `“${text}”`,
      without: { ...filter, text: '' },
    });
  const lists: readonly ListFacet[] = ['splits', 'kinds', 'categories', 'reviewStates', 'failureLabels'];
  for (const facet of lists) {
    if (filter[facet].length === 0) continue;
    const words = filter[facet].map((value) => facetValueName(facet, value)).join(' or ');
    terms.push({ key: facet, words, without: { ...filter, [facet]: [] } });
  }
  if (filter.corrected !== null) {
    const words = filter.corrected ? 'Corrected' : 'Not corrected';
    terms.push({ key: 'corrected', words, without: { ...filter, corrected: null } });
  }
  for (const method of methodIds) {
    const condition = filter.methods[method];
    const name = methodName(method);
    if (condition.outcome !== null) {
      terms.push({
        key: `${method} outcome`,
        words: `${name} ${outcomeNames[condition.outcome]}`,
        without: setCondition(filter, method, { outcome: null }),
      });
    }
    if (condition.errors.length > 0) {
      terms.push({
        key: `${method} errors`,
        words: `${name}: ${condition.errors.map((type) => answerTypeLabels[type].toLowerCase()).join(' or ')}`,
        without: setCondition(filter, method, { errors: [] }),
      });
    }
    if (hasLowerEnd(condition) || hasUpperEnd(condition)) {
      terms.push({
        key: `${method} iou`,
        words: `${name} ${iouWords(condition)}`,
        without: setCondition(filter, method, { iouFrom: 0, iouTo: 1, openFrom: false, openTo: false }),
      });
    }
  }
  if (filter.disagreement) {
    terms.push({
      key: 'disagreement',
      words: 'Methods disagree',
      without: { ...filter, disagreement: false },
    });
  }
  if (filter.lengthFrom !== null || filter.lengthTo !== null) {
    terms.push({
      key: 'length',
      words: lengthWords(filter),
      without: { ...filter, lengthFrom: null, lengthTo: null },
    });
  }
  for (const [name, values] of Object.entries(filter.attributes)) {
    const rest = Object.entries(filter.attributes).filter(([other]) => other !== name);
    terms.push({
      key: `@${name}`,
      words: `${name}: ${values.join(' or ')}`,
      without: { ...filter, attributes: Object.fromEntries(rest) },
    });
  }
  return terms;
}
