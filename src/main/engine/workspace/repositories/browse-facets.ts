/** The grid's facets counted from rows of one pass over the expressions (see BrowseRepository.facetsStatement). */
import type { FacetCount, Facets, RunFacet } from '../../../../common/contract';
import { rightFrom, type FacetName } from './browse-query';

/** failing, split, kind, category, review state, failure label, corrected, words, disagreement, then each run's IoU. */
export type FacetRow = [
  number,
  string,
  string,
  string,
  string,
  string | null,
  number,
  number,
  number,
  ...(number | null)[],
];
const firstRunColumn = 9;
const histogramBins = 20;

/** Takes in one row after the other. */
export class FacetCounter {
  readonly #bits: ReadonlyMap<FacetName, number>;
  readonly #runs: RunFacet[];
  readonly #runBits: number[];
  readonly #splits = new Map<string, number>();
  readonly #kinds = new Map<string, number>();
  readonly #categories = new Map<string, number>();
  readonly #reviewStates = new Map<string, number>();
  readonly #failureLabels = new Map<string, number>();
  readonly #lengths = new Map<number, number>();
  #total = 0;
  #corrected = 0;
  #disagreement = 0;

  constructor(facets: readonly FacetName[], runIds: readonly number[]) {
    this.#bits = new Map(facets.map((facet, bit) => [facet, 1 << bit]));
    this.#runs = runIds.map((runId) => ({
      runId,
      right: 0,
      wrong: 0,
      missing: 0,
      iouHistogram: new Array<number>(histogramBins).fill(0),
    }));
    this.#runBits = runIds.map((runId) => this.#bit(`run:${runId}`));
  }

  add(row: FacetRow): void {
    const [failing, split, kind, category, reviewState, failureLabel, corrected, words, disagreement] = row;
    const passes = (bit: number) => (failing & ~bit) === 0;
    if (failing === 0) this.#total += 1;
    if (passes(this.#bit('splits'))) increment(this.#splits, split);
    if (passes(this.#bit('kinds'))) increment(this.#kinds, kind);
    if (passes(this.#bit('categories'))) increment(this.#categories, category);
    if (passes(this.#bit('reviewStates'))) increment(this.#reviewStates, reviewState);
    if (failureLabel !== null && passes(this.#bit('failureLabels'))) {
      increment(this.#failureLabels, failureLabel);
    }
    if (passes(this.#bit('corrected'))) this.#corrected += corrected;
    if (passes(this.#bit('lengths'))) increment(this.#lengths, words);
    if (passes(this.#bit('disagreement'))) this.#disagreement += disagreement;
    for (let index = 0; index < this.#runs.length; index += 1) {
      const run = this.#runs[index];
      if (run && passes(this.#runBits[index] ?? 0))
        countResult(run, row[firstRunColumn + index] as number | null);
    }
  }

  result(): Facets {
    return {
      total: this.#total,
      splits: sorted(this.#splits),
      kinds: sorted(this.#kinds),
      categories: sorted(this.#categories),
      reviewStates: sorted(this.#reviewStates),
      failureLabels: sorted(this.#failureLabels),
      corrected: this.#corrected,
      disagreement: this.#disagreement,
      lengths: [...this.#lengths]
        .map(([words, count]) => ({ words, count }))
        .sort((a, b) => a.words - b.words),
      runs: this.#runs,
    };
  }

  #bit(facet: FacetName): number {
    return this.#bits.get(facet) ?? 0;
  }
}

function countResult(run: RunFacet, iou: number | null): void {
  if (iou === null) {
    run.missing += 1;
    return;
  }
  if (iou >= rightFrom) run.right += 1;
  else run.wrong += 1;
  const bin = Math.min(histogramBins - 1, Math.floor(iou * histogramBins));
  run.iouHistogram[bin] = (run.iouHistogram[bin] ?? 0) + 1;
}

function increment<Value>(counts: Map<Value, number>, value: Value): void {
  counts.set(value, (counts.get(value) ?? 0) + 1);
}

/** By value. */
export function sorted(counts: ReadonlyMap<string, number>): FacetCount[] {
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .sort((a, b) => (a.value < b.value ? -1 : a.value > b.value ? 1 : 0));
}
