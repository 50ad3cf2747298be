import { describe, expect, it } from 'vitest';
import type { Proposal } from '../../../src/common/contract';
import { changeText, chooseBlindly } from '../../../src/main/engine/probes/blind';
import { meansOf } from '../../../src/main/engine/probes/summary';

const proposal = (x: number, side: number, score: number): Proposal => ({
  box: { x, y: x, width: side, height: side },
  score,
  category: 'thing',
  similarity: 0,
  probability: 0,
});
const picture = { width: 100, height: 100 };

describe('blind choices', () => {
  const large = proposal(0, 40, 0.5);
  const central = proposal(45, 10, 0.4);
  const confident = proposal(80, 10, 0.9);
  const proposals = [large, central, confident];

  it('take the largest, the most central and the most confident proposal', () => {
    expect(chooseBlindly('largest', proposals, picture)).toBe(large);
    expect(chooseBlindly('central', proposals, picture)).toBe(central);
    expect(chooseBlindly('confident', proposals, picture)).toBe(confident);
  });

  it('take nothing where nothing was proposed', () => {
    expect(chooseBlindly('largest', [], picture)).toBeNull();
  });
});

describe('a changed text', () => {
  const expression = 'the small red cup left of the box';

  it('has the same words in another order, the same each time', () => {
    const shuffled = changeText('shuffled', expression);
    expect(shuffled).not.toBe(expression);
    expect(shuffled.split(' ').toSorted()).toEqual(expression.split(' ').toSorted());
    expect(changeText('shuffled', expression)).toBe(shuffled);
  });

  it('changes two words whenever they differ', () => {
    for (const [a, b] of [
      ['red', 'cup'],
      ['left', 'box'],
      ['one', 'two'],
    ]) {
      expect(changeText('shuffled', `${a} ${b}`)).toBe(`${b} ${a}`);
    }
    expect(changeText('shuffled', 'cup')).toBe('cup');
  });

  it('can be empty or untouched', () => {
    expect(changeText('removed', expression)).toBe('');
    expect(changeText('none', expression)).toBe(expression);
  });
});

describe('means over images', () => {
  it('count each value once, over all and in its group', () => {
    const measured = [
      { image: 0, group: 'a', value: 1 },
      { image: 0, group: 'b', value: 0 },
      { image: 1, group: 'a', value: 0 },
      { image: 2, group: 'a', value: 1 },
    ];
    const { all, groups } = meansOf(measured, 3);
    expect(all.value).toBe(0.5);
    expect(groups.map(({ group, count, mean }) => [group, count, mean.value])).toEqual([
      ['a', 3, 2 / 3],
      ['b', 1, 0],
    ]);
    expect(all.low).toBeLessThanOrEqual(0.5);
    expect(all.high).toBeGreaterThanOrEqual(0.5);
  });
});
