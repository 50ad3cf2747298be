import { describe, expect, it } from 'vitest';
import { shorten } from '../../../src/renderer/charts/shorten';

describe('words beside a chart', () => {
  it('stay whole where there is room', () => {
    expect(shorten('RisCLIP', 7 * 6.4)).toBe('RisCLIP');
  });

  it('end with an ellipsis where there is not, never longer than the room', () => {
    expect(shorten('the furthest object', 8 * 6.4)).toBe('the fur…');
    expect(shorten('abc', 0)).toBe('…');
  });

  it('are never cut inside a character', () => {
    expect(shorten('🐕🐈🐄🐖', 3 * 6.4)).toBe('🐕🐈…');
  });
});
