/** What a person may ask of Browse, as many times as one likes and always in the same order. */
import {
  sortFields,
  type BrowseFilterInput,
  type BrowseSort,
  type Facets,
  type RunSummary,
} from '../../src/common/contract';
import { randomShares } from '../support/scale-data';

export interface Request {
  filter: BrowseFilterInput;
  sort: BrowseSort;
  thenBy: BrowseSort[];
  groupByImage: boolean;
}

const searches = ['red', 'dog sitting', '"on the left"', 'umb', 'near number 7', 'yellow facing', 'standing'];

/** `facets`: counts of the whole dataset, from which values are chosen. */
export function* varied(datasetId: number, runs: readonly RunSummary[], facets: Facets): Generator<Request> {
  const share = randomShares(5);
  const below = (end: number) => Math.floor(share() * end);
  const pick = <Value>(values: readonly Value[]) => values[below(values.length)] as Value;
  const some = (counts: readonly { value: string }[]) => [
    ...new Set(Array.from({ length: 1 + below(3) }, () => pick(counts).value)),
  ];
  const run = () => pick(runs).id;
  const conditions: (() => Partial<BrowseFilterInput>)[] = [
    () => ({ text: pick(searches) }),
    () => ({ splits: some(facets.splits) }),
    () => ({ kinds: some(facets.kinds) }),
    () => ({ categories: some(facets.categories) }),
    () => ({ results: [{ runId: run(), outcome: pick(['right', 'wrong'] as const) }] }),
    () => ({ results: [{ runId: run(), iouFrom: share() * 0.5, iouTo: 0.5 + share() * 0.5 }] }),
    () => ({
      results: [{ runId: run(), errors: ['poor-localisation', pick(['background', 'landmark'] as const)] }],
    }),
    () => ({
      results: [
        { runId: runs[0]?.id ?? 0, outcome: 'right' },
        { runId: runs[1]?.id ?? 0, outcome: 'wrong' },
      ],
    }),
    () => ({ disagreement: runs.map(({ id }) => id) }),
    () => ({ lengthFrom: 4 + below(3), lengthTo: 7 + below(6) }),
    () => ({ attributes: { annotator: [`a${below(12)}`] } }),
    () => ({ attributes: { crowded: ['true'] } }),
    () => ({ corrected: share() < 0.5 }),
    () => ({ reviewStates: ['unreviewed'] }),
  ];
  const sort = (): BrowseSort => ({ by: pick(sortFields), runId: run(), descending: share() < 0.5 });
  for (;;) {
    const chosen = Array.from({ length: below(4) }, () => pick(conditions)());
    yield {
      filter: Object.assign({ datasetId }, ...chosen) as BrowseFilterInput,
      sort: sort(),
      thenBy: share() < 0.2 ? [sort()] : [],
      groupByImage: share() < 0.15,
    };
  }
}

/** Every order that the window offers, in both directions. */
export function everySort(runs: readonly RunSummary[]): { name: string; sort: BrowseSort }[] {
  return sortFields.flatMap((by) =>
    (by === 'iou' ? runs : [null]).flatMap((run) =>
      [false, true].map((descending) => ({
        name: `${by}${run ? ` of ${run.method}` : ''}, ${descending ? 'descending' : 'ascending'}`,
        sort: { by, runId: run?.id ?? null, descending },
      })),
    ),
  );
}
