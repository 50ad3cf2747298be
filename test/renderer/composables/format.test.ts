import { describe, expect, it } from 'vitest';
import {
  countOf,
  formatBytes,
  formatDuration,
  formatIou,
  formatRate,
} from '../../../src/renderer/composables/format';

describe('numbers in words', () => {
  it('never make an IoU look better than it is', () => {
    expect([0, 0.29, 0.4999, 0.5, 0.9999, 1].map(formatIou)).toEqual([
      '0.00',
      '0.29',
      '0.49',
      '0.50',
      '0.99',
      '1.00',
    ]);
  });

  it('count one thing and many', () => {
    expect(countOf(1, 'image')).toBe('1 image');
    expect(countOf(95_457, 'expression')).toBe('95,457 expressions');
    expect(countOf(2, 'entry', 'entries')).toBe('2 entries');
  });

  it.each([
    [0.4, '0 s'],
    [59.6, '1 min'],
    [200, '3 min 20 s'],
    [725, '12 min'],
    [7_500, '2 h 5 min'],
  ])('%d seconds are %s', (seconds, text) => expect(formatDuration(seconds)).toBe(text));

  it.each([
    [0, 'waiting'],
    [12.3, '12 a second'],
    [1.84, '1.8 a second'],
    [0.25, '1 every 4 s'],
  ])('a rate of %d is %s', (rate, text) => expect(formatRate(rate)).toBe(text));

  it.each([
    [999, '999 B'],
    [1_500, '1.5 kB'],
    [48_123_456, '48.1 MB'],
    [512_000_000, '512 MB'],
  ])('%i bytes are %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));
});
