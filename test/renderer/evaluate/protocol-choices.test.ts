import { describe, expect, it } from 'vitest';
import { evaluationPresets } from '../../../src/common/contract';
import {
  presetsLike,
  protocolChoices,
  protocolWords,
  type Protocol,
} from '../../../src/renderer/views/evaluate/protocol-choices';

const usual: Protocol = { unit: 'expression', comparator: '>=', boxes: 'exclusive', coverage: 'common' };

describe('how answers are counted', () => {
  it('is said in a few words', () => {
    expect(protocolWords(usual)).toBe('IoU ≥ t per expression, missing left out');
    expect(protocolWords({ unit: 'referent', comparator: '>', boxes: 'inclusive', coverage: 'all' })).toBe(
      'IoU > t per referent, +1 pixel, missing wrong',
    );
  });

  it('is told apart by its words, whatever is chosen', () => {
    const values = (name: keyof Protocol) =>
      protocolChoices.find((choice) => choice.name === name)?.options.map(({ value }) => value) ?? [];
    const all = values('unit').flatMap((unit) =>
      values('comparator').flatMap((comparator) =>
        values('boxes').flatMap((boxes) =>
          values('coverage').map((coverage) => ({ unit, comparator, boxes, coverage }) as Protocol),
        ),
      ),
    );
    expect(all).toHaveLength(3 * 2 * 2 * 2);
    expect(new Set(all.map(protocolWords)).size).toBe(all.length);
  });

  it('knows every published way of counting that it is the same as', () => {
    expect(presetsLike(usual)).toEqual([]);
    for (const preset of evaluationPresets)
      expect(presetsLike({ ...usual, ...preset.options })).toContain(preset);
    expect(presetsLike({ ...usual, coverage: 'all' }).map(({ id }) => id)).toEqual([
      'clip-vg',
      'mdetr',
      'lavt',
    ]);
    // No published code that is named here adds 1 to the sides of a box.
    expect(presetsLike({ ...usual, coverage: 'all', boxes: 'inclusive' })).toEqual([]);
    for (const preset of evaluationPresets)
      expect(presetsLike({ ...preset.options, boxes: 'inclusive' })).toEqual([]);
  });
});
