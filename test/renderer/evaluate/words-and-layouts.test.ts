/** What the Evaluate screen makes of an evaluation's numbers, without a screen. */
import { describe, expect, it } from 'vitest';
import {
  exampleCondition,
  metricNames,
  type MethodId,
  type PairedDifference,
  type RunErrors,
  type SliceCell,
} from '../../../src/common/contract';
import { lookOfRuns } from '../../../src/renderer/charts/series';
import { errorFlowOf } from '../../../src/renderer/views/evaluate/error-flow';
import { examplesOfMetric } from '../../../src/renderer/views/evaluate/metric-examples';
import {
  differenceWords,
  isShown,
  pairSentence,
  powerWords,
  testWords,
} from '../../../src/renderer/views/evaluate/pair-words';
import { crossOf, inOrder, intervalGroups } from '../../../src/renderer/views/evaluate/slice-view';

const run = (runId: number, method: MethodId, packName = 'Small') => ({ runId, method, packName });

describe('runs', () => {
  it('look as their methods do where each appears once', () => {
    const looks = lookOfRuns([run(1, 'yolo-clip'), run(2, 'risclip')]);
    expect(looks.map(({ name, letter }) => [name, letter])).toEqual([
      ['YOLO+CLIP', 'Y'],
      ['RisCLIP', 'R'],
    ]);
  });

  it('are told apart by colour, dash and letter, eight of one method too', () => {
    const looks = lookOfRuns(Array.from({ length: 6 }, (_, index) => run(index + 1, 'risclip')));
    expect(new Set(looks.map(({ colour }) => colour)).size).toBe(6);
    expect(looks.map(({ letter }) => letter).join('')).toBe('ABCDEF');
    expect(looks[2]?.name).toBe('RisCLIP · run 3');
    const eight = lookOfRuns(Array.from({ length: 8 }, (_, index) => run(index + 1, 'risclip')));
    expect(new Set(eight.map(({ letter }) => letter)).size).toBe(8);
  });

  it('differ by colour or dash, whichever eight they are', () => {
    const methods: MethodId[] = ['yolo-clip', 'blip-sam', 'risclip', 'imported'];
    for (let kinds = 1; kinds <= methods.length; kinds += 1) {
      const runs = Array.from({ length: 8 }, (_, index) => run(index + 1, methods[index % kinds]!));
      const drawn = lookOfRuns(runs).map(({ colour, dash }) => `${colour} ${dash}`);
      expect(new Set(drawn).size).toBe(8);
    }
  });

  it('that were imported are called what they brought', () => {
    const looks = lookOfRuns([run(1, 'imported', 'GPT'), run(2, 'imported', 'Kosmos')]);
    expect(looks.map(({ name }) => name)).toEqual(['GPT', 'Kosmos']);
  });
});

describe('a paired comparison in words', () => {
  const pair = { pValue: 0.012, correctedPValue: 0.036, detectable: 0.021 } as PairedDifference;

  it('says which is better, or that no difference is shown', () => {
    const better = { value: 0.03, low: 0.01, high: 0.05 };
    const unclear = { value: 0.03, low: -0.01, high: 0.07 };
    expect(isShown(better)).toBe(true);
    expect(isShown(unclear)).toBe(false);
    expect(pairSentence('A', 'B', better, 'mIoU')).toBe('A is better than B in mIoU.');
    expect(pairSentence('A', 'B', { value: -0.03, low: -0.05, high: -0.01 }, 'mIoU')).toBe(
      'B is better than A in mIoU.',
    );
    expect(pairSentence('A', 'B', unclear, 'mIoU')).toBe('No difference shown between A and B in mIoU.');
    expect(pairSentence('A', 'B', better, 'Acc@0.5', { pValue: 0.152, pairs: 28 })).toBe(
      'A is ahead of B in Acc@0.5, but no more than chance explains among 28 pairs.',
    );
    expect(differenceWords(unclear)).toBe('+3.0 points (95% interval −1.0 to +7.0)');
  });

  it('gives the test with its correction, and what so many images could show', () => {
    expect(testWords(pair, 3)).toBe('McNemar, exact: p = 0.012; p = 0.036 by Holm for 3 pairs');
    expect(testWords(pair, 1)).toBe('McNemar, exact: p = 0.012');
    expect(powerWords(0.021, 1_300)).toBe(
      '1,300 images would show a true difference of 2.1 points four times in five.',
    );
  });
});

it('every metric leads to expressions that the contract knows how to find', () => {
  for (const metric of metricNames) {
    const { what, where } = examplesOfMetric(metric, 3);
    expect(what).not.toBe('');
    expect(where.length).toBeGreaterThan(0);
    for (const condition of where) expect(exampleCondition.safeParse(condition).success).toBe(true);
  }
  expect(examplesOfMetric('precisionAt5', 1).where).toEqual([
    { type: 'between', runId: 1, measure: 'similarityRank', from: 0, to: (1 / 5 + 1 / 6) / 2 },
  ]);
});

it('errors flow from all expressions to types and on to stages, nothing lost', () => {
  const share = (name: string, count: number) => ({
    name,
    count,
    share: count / 10,
    accuracyIfFixed: name === 'right' ? 0.6 : (6 + count) / 10,
  });
  const errors = {
    runId: 1,
    count: 10,
    accuracy50: 0.6,
    types: [share('right', 6), share('wrong-instance', 3), share('background', 1)],
    localisation: [],
    stages: [share('ranking', 3), share('proposals', 1)],
    flows: [],
    stageFlows: [
      { type: 'wrong-instance', stage: 'ranking', count: 3 },
      { type: 'background', stage: 'proposals', count: 1 },
    ],
  } as unknown as RunErrors;
  const { nodes, links } = errorFlowOf(errors);
  const sizes = (column: number) =>
    nodes.filter((node) => node.column === column).reduce((sum, { size }) => sum + size, 0);
  expect([sizes(0), sizes(1), sizes(2)]).toEqual([10, 10, 4]);
  expect(links.filter(({ from }) => from === 'all').reduce((sum, { size }) => sum + size, 0)).toBe(10);
  expect(nodes.find(({ id }) => id === 'type:wrong-instance')?.detail).toBe('3 (30.0%) · 90.0 if fixed');
});

describe('slices', () => {
  const estimate = (value: number) => ({ value, low: value - 0.05, high: value + 0.05 });
  const cell = (values: string[], count: number, value: number, small = false): SliceCell => ({
    values,
    count,
    images: count,
    small,
    chance: null,
    runs: [{ runId: 1, accuracy50: estimate(value), meanIou: estimate(value), maskMeanIou: null }],
    pairs: [],
  });
  const cells = [cell(['a'], 40, 0.5), cell(['b'], 30, 0.9), cell(['c'], 3, 0, true)];
  const looks = lookOfRuns([run(1, 'risclip')]);

  it('are ordered by deviation with the small ones last, or by count', () => {
    const names = (order: 'value' | 'deviation' | 'count') =>
      inOrder(cells, order, 1, 'accuracy50', 0.55).map(({ values }) => values[0]);
    expect(names('value')).toEqual(['a', 'b', 'c']);
    expect(names('deviation')).toEqual(['b', 'a', 'c']);
    expect(names('count')).toEqual(['a', 'b', 'c']);
  });

  it('say how many they hold, and that nothing is a value too', () => {
    const [group] = intervalGroups([cell([''], 1_200, 0.5)], looks, 'accuracy50');
    expect(group).toMatchObject({ value: '', label: '(none) (1,200)' });
  });

  it('cross to a table in which small cells are not shaded', () => {
    const crossed = crossOf(
      [cell(['a', 'y'], 40, 0.5), cell(['a', 'x'], 40, 0.7), cell(['b', 'x'], 2, 1, true)],
      looks[0]!,
      'accuracy50',
    );
    expect(crossed.rows).toEqual(['a', 'b']);
    expect(crossed.columns).toEqual(['x', 'y']);
    expect(crossed.cells.map(({ row, column }) => [row, column])).toEqual([
      [0, 1],
      [0, 0],
      [1, 0],
    ]);
    expect(crossed.cells[2]).toMatchObject({
      small: true,
      strength: 0,
      lines: ['100.0', '95.0–105.0', 'n 2'],
    });
    expect(crossed.values[2]).toEqual(['b', 'x']);
  });
});
