import { expect, it } from 'vitest';
import { errorStages, errorTypes } from '../../../src/common/contract';
import { verdictWords } from '../../../src/renderer/views/inspect/verdict-words';

it('says what is wrong and where it arose', () => {
  expect(verdictWords({ type: 'wrong-instance', localisation: null, stage: 'ranking' })).toBe(
    'Another object of the right category. A proposal that fits was ranked lower.',
  );
  expect(verdictWords({ type: 'poor-localisation', localisation: 'too-big', stage: 'sam' })).toBe(
    'The right object, but the box is too big. The heat map points at it; no mask of SAM fits.',
  );
});

it('has nothing to say of a right answer, and something of every wrong one', () => {
  expect(verdictWords({ type: 'right', localisation: null, stage: null })).toBe('');
  for (const type of errorTypes.filter((each) => each !== 'right')) {
    for (const stage of errorStages) expect(verdictWords({ type, localisation: null, stage })).not.toBe('');
  }
});
