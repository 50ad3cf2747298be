import { describe, expect, it } from 'vitest';
import { brokenLimits, limitsOf } from '../../../src/main/engine/commands/limits';
import { chooseExamples } from '../../../src/main/engine/reports/examples';
import { alignColumns, formatEvaluation } from '../../../src/main/engine/reports/terminal';
import { dateWords, pairWords, pValue, summary } from '../../../src/main/engine/reports/words';
import { sampleCounted, sampleReport } from './sample';

describe('the results on a terminal', () => {
  const { evaluation } = sampleReport();
  const text = formatEvaluation(evaluation);

  it('say what was measured, line up, and give intervals, kinds and comparisons', () => {
    const [head, results, kinds, pairs, protocol] = text.split('\n\n');
    expect(head).toBe(
      'Cats, test split: 40 expressions on 10 images; ground truth revision 3 (2 expressions corrected)',
    );
    const lines = (results ?? '').split('\n');
    expect(lines).toHaveLength(4);
    const end = (lines[0] ?? '').indexOf('Acc@0.5') + 'Acc@0.5'.length;
    for (const line of lines.slice(1))
      expect(line.slice(0, end)).toMatch(/^\S+\s+\d+\.\d \(\d+\.\d–\d+\.\d\)$/);
    expect(kinds).toMatch(
      /^Acc@0\.5 by kind\s+n\s+chance\s+YOLO\+CLIP\s+BLIP\+SAM\s+RisCLIP\ncategory\s+20\s+50\.0/,
    );
    expect(pairs).toMatch(/McNemar/);
    expect(protocol).toContain('IoU >= threshold, no +1');
  });

  it('are no wider than a terminal', () => {
    const table = text.split('\n\n').slice(1, 3).join('\n').split('\n');
    for (const line of table) expect(line.length).toBeLessThanOrEqual(100);
  });

  it('count characters, not code units', () => {
    expect(
      alignColumns([
        ['a😀', '1'],
        ['abc', '20'],
      ]),
    ).toBe('a😀    1\nabc  20');
  });
});

describe('comparisons in words', () => {
  const { evaluation } = sampleReport();
  const numbers = { onlyA: 12, onlyB: 3, pValue: 0.0351, correctedPValue: 0.0702, detectable: 0.06 };
  const pair = { runA: 1, runB: 3, ...numbers, further: [] };

  it('say who is better where the interval does not hold zero', () => {
    const words = pairWords(evaluation, { ...pair, difference: { value: 0.05, low: 0.011, high: 0.09 } });
    expect(words.verdict).toBe('YOLO+CLIP is better than RisCLIP.');
    expect(words.detail).toBe(
      'YOLO+CLIP minus RisCLIP: +5.0 points of Acc@0.5 (95% interval +1.1 to +9.0). ' +
        'Right where the other is wrong: YOLO+CLIP on 12, RisCLIP on 3 ' +
        '(exact McNemar test, p = 0.035; corrected for 3 comparisons p = 0.070).',
    );
    expect(words.power).toMatch(/a true difference of 6\.0 points or more/);
  });

  it('turn a negative difference round', () => {
    const words = pairWords(evaluation, { ...pair, difference: { value: -0.05, low: -0.09, high: -0.011 } });
    expect(words.verdict).toBe('RisCLIP is better than YOLO+CLIP.');
    expect(words.detail).toContain(
      'RisCLIP minus YOLO+CLIP: +5.0 points of Acc@0.5 (95% interval +1.1 to +9.0)',
    );
    expect(words.detail).toContain('RisCLIP on 3, YOLO+CLIP on 12');
  });

  it('say so where no difference is shown', () => {
    const words = pairWords(evaluation, { ...pair, difference: { value: 0.01, low: -0.02, high: 0.04 } });
    expect(words.verdict).toBe('No difference shown between YOLO+CLIP and RisCLIP.');
    expect(words.detail).toContain('95% interval −2.0 to +4.0');
  });

  it('name runs of one method by their number', () => {
    const twice = {
      ...evaluation,
      runs: evaluation.runs.map((run) => ({ ...run, method: 'risclip' as const })),
    };
    expect(summary(twice)[0]).toMatch(/RisCLIP, run 1 finds the referent/);
  });

  it('round a p-value as it is quoted', () => {
    expect([pValue(0.0004), pValue(0.0351), pValue(1)]).toEqual(['p < 0.001', 'p = 0.035', 'p = 1.000']);
  });
});

describe('examples', () => {
  it('show no image twice, the worst and the best by mean, the disagreed by spread', () => {
    const { table } = sampleCounted;
    const chosen = chooseExamples(sampleCounted, 3);
    const ids = [...chosen.worst, ...chosen.disagreed, ...chosen.best];
    const images = ids.map((id) => table.imageIds[table.expressionIds.indexOf(id)]);
    expect(new Set(images).size).toBe(ids.length);
    expect(chosen.disagreed).toHaveLength(3);
    const mean = (id: number) =>
      table.runs.reduce((sum, { iou }) => sum + (iou[table.expressionIds.indexOf(id)] ?? 0) / 3, 0);
    for (const id of chosen.worst) expect(mean(id)).toBeLessThan(0.5);
    for (const id of chosen.best) expect(mean(id)).toBeGreaterThanOrEqual(0.5);
    const byHand = chooseExamples(sampleCounted, 3, [7, 5, 7, 999]);
    // What does not count, and what is there already, is left out; its pictures are not shown again.
    expect(byHand.chosen).toEqual([7, 5]);
    for (const id of [...byHand.worst, ...byHand.disagreed, ...byHand.best]) {
      expect(Math.ceil(id / 4)).not.toBe(2);
    }
    expect(chooseExamples(sampleCounted, 0)).toEqual({ chosen: [], worst: [], disagreed: [], best: [] });
  });

  it('with one run nothing is disagreed on', () => {
    const table = { ...sampleCounted.table, runs: sampleCounted.table.runs.slice(0, 1) };
    expect(chooseExamples({ ...sampleCounted, table }, 3).disagreed).toEqual([]);
  });
});

describe('limits for continuous integration', () => {
  const { evaluation } = sampleReport();
  const value = evaluation.runs[2]?.scores.accuracy50?.value ?? 0;

  it('are kept or broken, and say by how much', () => {
    expect(brokenLimits(evaluation, limitsOf(`risclip:accuracy50=${value}`))).toEqual([]);
    expect(brokenLimits(evaluation, limitsOf('risclip:accuracy50=0.99,yolo-clip:aurc=0'))).toEqual([
      `RisCLIP: Acc@0.5 is ${value.toFixed(4)}, below 0.99`,
      expect.stringMatching(/^YOLO\+CLIP: AURC is 0\.\d+, above 0$/),
    ]);
    expect(brokenLimits(evaluation, limitsOf('yolo-clip:maskMeanIou=0.1'))).toEqual([
      'YOLO+CLIP: Mask mIoU is not there: run 1 has no such number',
    ]);
  });

  it.each(['risclip', 'risclip:accuracy50', 'nobody:accuracy50=1', 'risclip:luck=1', 'risclip:aurc=x'])(
    'refuse %s',
    (text) => {
      expect(() => limitsOf(text)).toThrow(/method:metric=value/);
    },
  );
});

it('writes dates the same everywhere', () => {
  expect(dateWords('2026-03-04T05:06:07.000Z')).toBe('4 March 2026, 05:06 UTC');
});
