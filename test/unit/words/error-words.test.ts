import { expect, it } from 'vitest';
import { errorStages, errorTypes, failureLabels } from '../../../src/common/contract';
import { errorTypeLabels, verdictSentences } from '../../../src/common/error-words';

it('says what is wrong and where it arose', () => {
  expect(verdictSentences({ type: 'wrong-instance', localisation: null, stage: 'ranking' })).toBe(
    'Another object of the right category. A proposal that fits was ranked lower.',
  );
  expect(verdictSentences({ type: 'poor-localisation', localisation: 'too-big', stage: 'sam' })).toBe(
    'The right object, but the box is too big. The heat map points at it; no mask of SAM fits.',
  );
  expect(verdictSentences({ type: 'no-prediction', localisation: null, stage: null })).toBe(
    'The method gave no box.',
  );
});

it('has nothing to say of a right answer, and something of every wrong one', () => {
  expect(verdictSentences({ type: 'right', localisation: null, stage: null })).toBe('');
  for (const type of errorTypes.filter((each) => each !== 'right')) {
    for (const stage of errorStages) {
      expect(verdictSentences({ type, localisation: null, stage })).not.toBe('');
    }
  }
});

it('calls an error as a person labels it', () => {
  const named = new Map<string, string>(Object.entries(errorTypeLabels));
  const shared = failureLabels.filter(({ id }) => named.has(id));
  expect(shared.map(({ id }) => id)).toEqual([
    'wrong-instance',
    'wrong-category',
    'landmark',
    'poor-localisation',
    'background',
    'other',
  ]);
  for (const { id, name } of shared) expect(name).toBe(named.get(id));
});
