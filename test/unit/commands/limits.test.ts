import { describe, expect, it } from 'vitest';
import { brokenLimits, limitsOf } from '../../../src/main/engine/commands/limits';
import { UsageError } from '../../../src/main/engine/commands/usage';
import { sampleReport } from '../reports/sample';

describe('what --fail-under takes', () => {
  it('is limits of methods and metrics, several with commas', () => {
    expect(limitsOf(undefined)).toEqual([]);
    expect(limitsOf('risclip:accuracy50=0.8, yolo-clip:proposalRecall=.95')).toEqual([
      { method: 'risclip', metric: 'accuracy50', value: 0.8 },
      { method: 'yolo-clip', metric: 'proposalRecall', value: 0.95 },
    ]);
  });

  it.each([
    '',
    'risclip',
    'risclip:accuracy50',
    'risclip:accuracy50=high',
    'other:accuracy50=1',
    'risclip:no=1',
  ])('is not %j', (text) => expect(() => limitsOf(text)).toThrow(UsageError));
});

describe('a limit is broken', () => {
  const { evaluation } = sampleReport();
  const [yolo] = evaluation.runs;
  const broken = (text: string) => brokenLimits(evaluation, limitsOf(text));

  it('by a number below it, not by one that equals it', () => {
    const value = yolo?.scores.accuracy50?.value ?? 0;
    expect(broken(`yolo-clip:accuracy50=${value}`)).toEqual([]);
    expect(broken(`yolo-clip:accuracy50=${value + 1e-9}`)).toEqual([
      expect.stringMatching(/^YOLO\+CLIP: Acc@0\.5 is 0\.\d{4}, below 0\.\d+$/),
    ]);
  });

  it('by a number above it where less is better', () => {
    const value = yolo?.scores.aurc?.value ?? 0;
    expect(broken(`yolo-clip:aurc=${value}`)).toEqual([]);
    expect(broken(`yolo-clip:aurc=${value / 2}`)).toEqual([expect.stringContaining('above')]);
  });

  it('by a number or a run that is not there', () => {
    expect(broken('yolo-clip:maskMeanIou=0')).toEqual([expect.stringContaining('run 1 has no such number')]);
    expect(broken('imported:accuracy50=0')).toEqual([expect.stringContaining('no run of the method')]);
  });
});
