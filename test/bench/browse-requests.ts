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

/** As a person types them. */
export const searches = [
  'red',
  'dog sitting',
  '"on the left"',
  'umb',
  'near number 7',
  'yellow facing',
  'standing',
];

export interface Condition {
  name: string;
  make(): Partial<BrowseFilterInput>;
}

/** One of each kind of condition that the filter panel and the field of the query have. `facets`: of the whole dataset. */
export function conditionsOf(
  runs: readonly RunSummary[],
  facets: Facets,
  share: () => number,
): readonly Condition[] {
  const below = (end: number) => Math.floor(share() * end);
  const pick = <Value>(values: readonly Value[]) => values[below(values.length)] as Value;
  const some = (counts: readonly { value: string }[]) => [
    ...new Set(Array.from({ length: 1 + below(3) }, () => pick(counts).value)),
  ];
  const run = () => pick(runs).id;
  return [
    { name: 'text', make: () => ({ text: pick(searches) }) },
    { name: 'split', make: () => ({ splits: some(facets.splits) }) },
    { name: 'kind', make: () => ({ kinds: some(facets.kinds) }) },
    { name: 'category', make: () => ({ categories: some(facets.categories) }) },
    {
      name: 'right or wrong',
      make: () => ({ results: [{ runId: run(), outcome: pick(['right', 'wrong'] as const) }] }),
    },
    {
      name: 'range of IoU',
      make: () => ({ results: [{ runId: run(), iouFrom: share() * 0.5, iouTo: 0.5 + share() * 0.5 }] }),
    },
    {
      name: 'error type',
      make: () => ({
        results: [{ runId: run(), errors: ['poor-localisation', pick(['background', 'landmark'] as const)] }],
      }),
    },
    {
      name: 'one right, another wrong',
      make: () => ({
        results: [
          { runId: runs[0]?.id ?? 0, outcome: 'right' },
          { runId: runs[1]?.id ?? 0, outcome: 'wrong' },
        ],
      }),
    },
    { name: 'disagreement', make: () => ({ disagreement: runs.map(({ id }) => id) }) },
    { name: 'length', make: () => ({ lengthFrom: 4 + below(3), lengthTo: 7 + below(6) }) },
    { name: 'attribute', make: () => ({ attributes: { annotator: [`a${below(12)}`] } }) },
    { name: 'attribute of two values', make: () => ({ attributes: { crowded: ['true'] } }) },
    { name: 'corrected', make: () => ({ corrected: share() < 0.5 }) },
    { name: 'review state', make: () => ({ reviewStates: ['unreviewed'] }) },
    { name: 'failure label', make: () => ({ failureLabels: ['other'] }) },
  ];
}

/** `facets`: counts of the whole dataset, from which values are chosen. */
export function* varied(datasetId: number, runs: readonly RunSummary[], facets: Facets): Generator<Request> {
  const share = randomShares(5);
  const below = (end: number) => Math.floor(share() * end);
  const pick = <Value>(values: readonly Value[]) => values[below(values.length)] as Value;
  const conditions = conditionsOf(runs, facets, share);
  const sort = (): BrowseSort => ({
    by: pick(sortFields),
    runId: pick(runs).id,
    descending: share() < 0.5,
  });
  for (;;) {
    const chosen = Array.from({ length: below(4) }, () => pick(conditions).make());
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
