import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browseFilter, browseSort, type BrowseFilterInput } from '../../../src/common/contract';
import type { Workspace } from '../../../src/main/engine/workspace/open';
import {
  addTestDataset,
  addTestRun,
  boxWithIou,
  newTestWorkspace,
  testPrediction,
  truthBox,
  type TestDataset,
} from '../../support/workspace';

let workspace: Workspace;
let dispose: () => void;
let dataset: TestDataset;
let yolo: number;
let risclip: number;

/** What the runs answered, by the expression's number: undefined where they did not, null where they found nothing. */
const yoloIou = [0.9, 0.2, null, undefined, 0.5, 0.49, 1, 0];
const risclipIou = [0.8, 0.9, 0.6, 0.7, undefined, 0.1, null, 0.95];

beforeAll(async () => {
  ({ workspace, dispose } = await newTestWorkspace());
  dataset = addTestDataset(workspace, { images: 3 });
  const { repositories } = workspace;
  yolo = addTestRun(workspace, dataset.datasetId, 'yolo-clip');
  risclip = addTestRun(workspace, dataset.datasetId, 'risclip');
  for (const [run, method, ious] of [
    [yolo, 'yolo-clip', yoloIou],
    [risclip, 'risclip', risclipIou],
  ] as const) {
    const answers = ious.flatMap((iou, expression) => {
      const expressionId = dataset.expressionIds[expression];
      if (iou === undefined || expressionId === undefined) return [];
      const box = iou === null ? null : boxWithIou(truthBox(Math.floor(expression / 2)), Math.max(iou, 1e-9));
      const text = repositories.expressions.get(expressionId)?.text ?? '';
      return [{ expressionId, text, prediction: testPrediction(method, box) }];
    });
    repositories.predictions.save(run, answers);
  }
  repositories.expressions.setReviewState(idOf(1), 'reviewed');
  repositories.expressions.setFailureLabel(idOf(1), 'landmark');
  repositories.expressions.setFailureLabel(idOf(5), 'other');
});
afterAll(() => dispose());

function idOf(expression: number): number {
  return dataset.expressionIds[expression] ?? 0;
}

function filterOf(given: Omit<BrowseFilterInput, 'datasetId'>) {
  return browseFilter.parse({ datasetId: dataset.datasetId, ...given });
}

/** The matching expressions by their number in the dataset. */
function numbers(given: Omit<BrowseFilterInput, 'datasetId'>, sort: object = {}): number[] {
  const ids = workspace.repositories.browse.ids(filterOf(given), browseSort.parse(sort));
  return Array.from(ids, (id) => dataset.expressionIds.indexOf(id));
}

describe('ids', () => {
  it('are all expressions in the order of the dataset without a filter', () => {
    expect(numbers({})).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(numbers({}, { descending: true })[0]).toBe(11);
    expect(
      workspace.repositories.browse.ids(browseFilter.parse({ datasetId: 99 }), browseSort.parse({})),
    ).toHaveLength(0);
  });

  it('follow the fields of the expression', () => {
    expect(numbers({ splits: ['validation'] })).toEqual([4, 5, 6, 7]);
    expect(numbers({ kinds: ['colour', 'position'], splits: ['train'] })).toEqual([1, 2]);
    expect(numbers({ categories: ['red car'] })).toEqual([4, 5]);
    expect(numbers({ reviewStates: ['reviewed'] })).toEqual([1]);
    expect(numbers({ failureLabels: ['landmark', 'other'] })).toEqual([1, 5]);
    expect(numbers({ corrected: true })).toEqual([]);
    expect(numbers({ corrected: false })).toHaveLength(12);
  });

  it('are only those that are named one by one, where that is asked', () => {
    const expressionIds = [idOf(7), idOf(2), 987_654, idOf(5)];
    expect(numbers({ expressionIds })).toEqual([2, 5, 7]);
    expect(
      numbers({ expressionIds, results: [{ runId: yolo, outcome: 'wrong' }], kinds: ['position'] }),
    ).toEqual([2, 5]);
    expect(numbers({ expressionIds: [] })).toEqual([]);
    expect(workspace.repositories.browse.facets(filterOf({ expressionIds }), [yolo]).total).toBe(3);
  });

  it('search for words in any order, and take signs of the search language as they are', () => {
    expect(numbers({ text: 'CAR  red' })).toEqual([4, 5]);
    expect(numbers({ text: 'left cat' })).toEqual([1, 9]);
    expect(numbers({ text: '%' })).toEqual([]);
    expect(numbers({ text: '_' })).toEqual([]);
    expect(numbers({ text: "'; DROP TABLE expressions; --" })).toEqual([]);
  });

  it('follow the results: right from 0.5 on, without a box wrong, without a prediction missing', () => {
    expect(numbers({ results: [{ runId: yolo, outcome: 'right' }] })).toEqual([0, 4, 6]);
    expect(numbers({ results: [{ runId: yolo, outcome: 'wrong' }] })).toEqual([1, 2, 5, 7]);
    expect(numbers({ results: [{ runId: yolo, outcome: 'missing' }] })).toEqual([3, 8, 9, 10, 11]);
    expect(numbers({ results: [{ runId: yolo, iouFrom: 0.45, iouTo: 0.95 }] })).toEqual([0, 4, 5]);
    expect(numbers({ results: [{ runId: yolo, iouTo: 0 }] })).toEqual([2]);
    expect(
      numbers({
        results: [
          { runId: risclip, outcome: 'right' },
          { runId: yolo, outcome: 'wrong' },
        ],
      }),
    ).toEqual([1, 2, 7]);
  });

  it('find where runs disagree; a missing prediction is no opinion', () => {
    expect(numbers({ disagreement: [yolo, risclip] })).toEqual([1, 2, 6, 7]);
    expect(numbers({ disagreement: [yolo] })).toEqual([]);
  });

  it('sort by IoU with what is missing last, by spread, length and text', () => {
    const ascending = numbers({}, { by: 'iou', runId: yolo });
    expect(ascending).toEqual([2, 7, 1, 5, 4, 0, 6, 3, 8, 9, 10, 11]);
    expect(numbers({}, { by: 'iou', runId: yolo, descending: true })).toEqual([
      6, 0, 4, 5, 1, 7, 2, 3, 8, 9, 10, 11,
    ]);
    const spread = numbers({}, { by: 'spread', descending: true });
    expect(spread.slice(0, 4)).toEqual([6, 7, 1, 2]);
    expect(numbers({ categories: ['red car', 'cat'] }, { by: 'length' })).toEqual([0, 8, 4, 1, 9, 5]);
    expect(numbers({}, { by: 'text' }).slice(0, 2)).toEqual([0, 8]);
  });
});

describe('rows', () => {
  it('come in the asked order with the asked results', () => {
    const rows = workspace.repositories.browse.rows([idOf(5), 987_654, idOf(0)], [yolo]);
    expect(rows.map(({ id }) => id)).toEqual([idOf(5), idOf(0)]);
    expect(rows[1]).toEqual({
      id: idOf(0),
      text: 'the cat',
      kind: 'category',
      split: 'train',
      imageId: dataset.imageIds[0],
      imageFile: '0.png',
      imageWidth: 640,
      imageHeight: 480,
      referentId: dataset.referentIds[0],
      category: 'cat',
      groundTruth: truthBox(0),
      corrected: false,
      reviewState: 'unreviewed',
      failureLabel: null,
      results: [
        { runId: yolo, method: 'yolo-clip', box: { ...truthBox(0), height: 72 }, iou: 0.9, type: 'right' },
      ],
    });
    expect(rows[0]?.failureLabel).toBe('other');
  });

  it('say IoU 0 where nothing was found, and nothing where nothing was asked', () => {
    expect(workspace.repositories.browse.rows([idOf(2)], [yolo])[0]?.results).toEqual([
      { runId: yolo, method: 'yolo-clip', box: null, iou: 0, type: 'no-prediction' },
    ]);
    expect(workspace.repositories.browse.rows([idOf(3)], [yolo])[0]?.results).toEqual([]);
  });
});

describe('facets', () => {
  const facets = (given: Omit<BrowseFilterInput, 'datasetId'>) =>
    workspace.repositories.browse.facets(filterOf(given), [yolo, risclip]);

  it('count everything without a filter', () => {
    const counted = facets({});
    expect(counted.total).toBe(12);
    expect(counted.splits).toEqual([
      { value: 'test', count: 4 },
      { value: 'train', count: 4 },
      { value: 'validation', count: 4 },
    ]);
    expect(counted.failureLabels).toEqual([
      { value: 'landmark', count: 1 },
      { value: 'other', count: 1 },
    ]);
    expect(counted.disagreement).toBe(4);
    expect(counted.runs[0]).toMatchObject({ runId: yolo, right: 3, wrong: 4, missing: 5 });
    const histogram = counted.runs[0]?.iouHistogram ?? [];
    expect(histogram).toHaveLength(20);
    expect(histogram[19]).toBe(1);
    expect(histogram.reduce((sum, count) => sum + count, 0)).toBe(7);
  });

  it('ignore their own condition only', () => {
    const counted = facets({
      splits: ['validation'],
      kinds: ['colour'],
      results: [{ runId: yolo, outcome: 'right' }],
    });
    // Expressions 4 to 7 are of validation, 4 and 7 of kind colour, and of those YOLO+CLIP has 4 right.
    expect(counted.total).toBe(1);
    expect(counted.kinds).toEqual([
      { value: 'category', count: 1 },
      { value: 'colour', count: 1 },
    ]);
    expect(counted.splits).toEqual([{ value: 'validation', count: 1 }]);
    expect(counted.runs[0]).toMatchObject({ right: 1, wrong: 1, missing: 0 });
    expect(counted.runs[1]).toMatchObject({ right: 0, wrong: 0, missing: 1 });
    expect(counted.categories).toEqual([{ value: 'red car', count: 1 }]);
  });

  it('agree with the ids for any filter, facet by facet', () => {
    const filters: Omit<BrowseFilterInput, 'datasetId'>[] = [
      { text: 'cat' },
      { splits: ['train', 'test'], disagreement: [yolo, risclip] },
      { results: [{ runId: yolo, outcome: 'missing' }], categories: ['cat', 'dog'], corrected: false },
      { results: [{ runId: risclip, iouFrom: 0.6 }], reviewStates: ['unreviewed'], kinds: ['position'] },
    ];
    for (const given of filters) {
      const counted = facets(given);
      expect(counted.total).toBe(numbers(given).length);
      for (const { value, count } of counted.kinds) {
        expect(numbers({ ...given, kinds: [value] })).toHaveLength(count);
      }
      for (const { value, count } of counted.splits) {
        expect(numbers({ ...given, splits: [value] })).toHaveLength(count);
      }
      for (const { value, count } of counted.categories) {
        expect(numbers({ ...given, categories: [value] })).toHaveLength(count);
      }
      expect(numbers({ ...given, disagreement: given.disagreement ?? [yolo, risclip] })).toHaveLength(
        counted.disagreement,
      );
      for (const run of counted.runs) {
        // The outcome's own condition is left out; one on the IoU stays.
        const others = (given.results ?? []).map(({ outcome, ...rest }) =>
          rest.runId === run.runId ? rest : { ...rest, outcome },
        );
        for (const outcome of ['right', 'wrong', 'missing'] as const) {
          const results = [...others, { runId: run.runId, outcome }];
          expect(numbers({ ...given, results })).toHaveLength(run[outcome]);
        }
      }
    }
  });
});
