import { expect, it } from 'vitest';
import { countOf, jobAmount } from '../../../src/common/amounts';

it('how far a job is has its unit, and parts its thousands', () => {
  expect(jobAmount({ kind: 'predict', done: 1_200, total: 9_894 })).toBe('1,200 of 9,894 answers');
  expect(jobAmount({ kind: 'import', done: 95_457, total: 0 })).toBe('95,457 items');
  expect(jobAmount({ kind: 'probe', done: 0, total: 1_300 })).toBe('0 of 1,300 images');
  expect(jobAmount({ kind: 'install', done: 2_000_000, total: 8_100_000 })).toBe('2.0 MB of 8.1 MB');
  expect([0, 1, 12_345].map((value) => countOf(value, 'answer'))).toEqual([
    '0 answers',
    '1 answer',
    '12,345 answers',
  ]);
});
