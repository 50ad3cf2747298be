import { describe, expect, it } from 'vitest';
import { browseFilter, type MethodId } from '../../../src/common/contract';
import {
  dependsOnResults,
  datasetOrder,
  emptyFilter,
  filterInput,
  filterTerms,
  setCondition,
  sortInput,
  sortInputs,
  toggleAttribute,
  toggleValue,
} from '../../../src/renderer/stores/browse-filter';

const runs = new Map<MethodId, { id: number } | null>([
  ['yolo-clip', { id: 11 }],
  ['blip-sam', null],
  ['risclip', { id: 13 }],
]);

describe('the filter as the contract takes it', () => {
  it('of nothing is a filter of everything', () => {
    expect(filterInput(emptyFilter(), 7, runs)).toEqual(browseFilter.parse({ datasetId: 7 }));
  });

  it('names runs where conditions name methods, and leaves out methods that have none', () => {
    let filter = setCondition(emptyFilter(), 'risclip', { outcome: 'right' });
    filter = setCondition(filter, 'yolo-clip', { outcome: 'wrong', iouTo: 0.3 });
    filter = setCondition(filter, 'blip-sam', { outcome: 'right' });
    const input = browseFilter.parse(filterInput({ ...filter, disagreement: true }, 7, runs));
    expect(input.results).toEqual([
      { runId: 11, outcome: 'wrong', iouTo: 0.3 },
      { runId: 13, outcome: 'right' },
    ]);
    expect(input.disagreement).toEqual([11, 13]);
  });
});

describe('the order as the contract takes it', () => {
  it('by IoU is by that of a run', () => {
    expect(sortInput({ by: 'iou', method: 'risclip', descending: true }, runs)).toEqual({
      by: 'iou',
      runId: 13,
      descending: true,
    });
  });

  it('by the IoU of a method that has not run is the dataset’s order', () => {
    expect(sortInput({ by: 'iou', method: 'blip-sam', descending: true }, runs).by).toBe('dataset');
  });
});

describe('several orders', () => {
  it('are one that decides first and those that come after', () => {
    const byLength = { by: 'length', method: null, descending: true } as const;
    const { sort, thenBy } = sortInputs(
      [{ by: 'iou', method: 'risclip', descending: false }, byLength],
      runs,
    );
    expect(sort).toMatchObject({ by: 'iou', runId: 13 });
    expect(thenBy).toEqual([{ by: 'length', runId: null, descending: true }]);
    expect(sortInputs([], runs).sort.by).toBe('dataset');
  });
});

describe('the filter in words', () => {
  it('lists every condition, each of which can be taken back alone', () => {
    let filter = toggleValue(emptyFilter(), 'kinds', 'colour');
    filter = toggleValue(filter, 'kinds', 'size');
    filter = toggleValue(filter, 'failureLabels', 'landmark');
    filter = setCondition(filter, 'yolo-clip', { outcome: 'wrong', iouFrom: 0.25, iouTo: 0.5 });
    filter = { ...filter, text: ' red ', corrected: true, lengthFrom: 3, lengthTo: 5 };
    filter = toggleAttribute(filter, 'logic', 'negation');
    const terms = filterTerms(filter);
    expect(terms.map(({ words }) => words)).toEqual([
      '“red”',
      'colour or size',
      'Landmark taken for the referent',
      'Corrected',
      'YOLO+CLIP wrong',
      'YOLO+CLIP IoU ≥ 0.25 and ≤ 0.50',
      '3 to 5 words',
      'logic: negation',
    ]);
    for (const term of terms) {
      const rest = filterTerms(term.without).map(({ words }) => words);
      expect(rest).toEqual(terms.map(({ words }) => words).filter((words) => words !== term.words));
    }
  });

  it('toggling a value twice changes nothing', () => {
    const once = toggleValue(emptyFilter(), 'splits', 'test');
    expect(toggleValue(once, 'splits', 'test')).toEqual(emptyFilter());
    const attribute = toggleAttribute(emptyFilter(), 'logic', 'none');
    expect(toggleAttribute(attribute, 'logic', 'none')).toEqual(emptyFilter());
  });
});

describe('whether new results can change the list', () => {
  it('follows from filter and order', () => {
    expect(dependsOnResults(emptyFilter(), [datasetOrder])).toBe(false);
    expect(dependsOnResults(emptyFilter(), [datasetOrder, { ...datasetOrder, by: 'spread' }])).toBe(true);
    expect(dependsOnResults(setCondition(emptyFilter(), 'risclip', { iouFrom: 0.5 }), [datasetOrder])).toBe(
      true,
    );
  });
});
