/**
 * What the filter panel and the sort menu hold. Conditions are kept by method, not by run: choosing another run of
 * a method keeps what was asked. Pure functions turn it into the contract's filter and into words.
 */
import {
  failureLabels,
  methodIds,
  methodNames,
  type BrowseFilterInput,
  type BrowseSort,
  type MethodId,
  type Outcome,
  type ReviewState,
} from '../../common/contract';

export interface MethodCondition {
  outcome: Outcome | null;
  /** Whole range 0..1: no condition. */
  iouFrom: number;
  iouTo: number;
}

export interface FilterState {
  text: string;
  splits: readonly string[];
  kinds: readonly string[];
  categories: readonly string[];
  reviewStates: readonly ReviewState[];
  failureLabels: readonly string[];
  corrected: boolean | null;
  methods: Readonly<Record<MethodId, MethodCondition>>;
  disagreement: boolean;
}

/** The facets that are lists of values to tick. */
export type ListFacet = 'splits' | 'kinds' | 'categories' | 'reviewStates' | 'failureLabels';

export interface SortState {
  by: BrowseSort['by'];
  /** With `iou`: whose. */
  method: MethodId | null;
  descending: boolean;
}

/** The run that stands for each method; null: it has none. */
export type RunOfMethod = ReadonlyMap<MethodId, { id: number } | null>;

export const noCondition: MethodCondition = { outcome: null, iouFrom: 0, iouTo: 1 };

export function emptyFilter(): FilterState {
  return {
    text: '',
    splits: [],
    kinds: [],
    categories: [],
    reviewStates: [],
    failureLabels: [],
    corrected: null,
    methods: { 'yolo-clip': noCondition, 'blip-sam': noCondition, risclip: noCondition },
    disagreement: false,
  };
}

export const datasetOrder: SortState = { by: 'dataset', method: null, descending: false };

export function hasCondition({ outcome, iouFrom, iouTo }: MethodCondition): boolean {
  return outcome !== null || iouFrom > 0 || iouTo < 1;
}

/** A condition on a method without a run could not be met by anything; it is left out. */
export function filterInput(state: FilterState, datasetId: number, runs: RunOfMethod): BrowseFilterInput {
  const results = methodIds.flatMap((method) => {
    const run = runs.get(method);
    const { outcome, iouFrom, iouTo } = state.methods[method];
    if (!run || !hasCondition(state.methods[method])) return [];
    return [
      {
        runId: run.id,
        ...(outcome === null ? {} : { outcome }),
        ...(iouFrom > 0 ? { iouFrom } : {}),
        ...(iouTo < 1 ? { iouTo } : {}),
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
  };
}

/** Sorting by the IoU of a method without a run falls back to the dataset's order. */
export function sortInput({ by, method, descending }: SortState, runs: RunOfMethod): BrowseSort {
  const runId = by === 'iou' && method ? (runs.get(method)?.id ?? null) : null;
  if (by === 'iou' && runId === null) return { by: 'dataset', runId: null, descending: false };
  return { by, runId, descending };
}

/** Whether new predictions or corrections can change which expressions match, or their order. */
export function dependsOnResults(filter: FilterState, sort: SortState): boolean {
  return (
    filter.disagreement ||
    sort.by === 'iou' ||
    sort.by === 'spread' ||
    methodIds.some((method) => hasCondition(filter.methods[method]))
  );
}

export function dependsOnHumanWork(filter: FilterState): boolean {
  return filter.corrected !== null || filter.reviewStates.length > 0 || filter.failureLabels.length > 0;
}

export const outcomeNames: Record<Outcome, string> = {
  right: 'right',
  wrong: 'wrong',
  missing: 'not predicted',
};
export const reviewStateNames: Record<ReviewState, string> = {
  unreviewed: 'Unreviewed',
  reviewed: 'Reviewed',
  ambiguous: 'Ambiguous',
  invalid: 'Invalid',
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

function iouWords({ iouFrom, iouTo }: MethodCondition): string {
  if (iouTo >= 1) return `IoU ≥ ${iouFrom.toFixed(2)}`;
  if (iouFrom <= 0) return `IoU ≤ ${iouTo.toFixed(2)}`;
  return `IoU ${iouFrom.toFixed(2)} – ${iouTo.toFixed(2)}`;
}

/** Every condition in words, each removable by itself: the filter as a person can read and undo it. */
export function filterTerms(filter: FilterState): FilterTerm[] {
  const terms: FilterTerm[] = [];
  const text = filter.text.trim();
  if (text) terms.push({ key: 'text', words: `“${text}”`, without: { ...filter, text: '' } });
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
    const name = methodNames[method];
    if (condition.outcome !== null) {
      terms.push({
        key: `${method} outcome`,
        words: `${name} ${outcomeNames[condition.outcome]}`,
        without: setCondition(filter, method, { outcome: null }),
      });
    }
    if (condition.iouFrom > 0 || condition.iouTo < 1) {
      terms.push({
        key: `${method} iou`,
        words: `${name} ${iouWords(condition)}`,
        without: setCondition(filter, method, { iouFrom: 0, iouTo: 1 }),
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
  return terms;
}
