import { describe, expect, it } from 'vitest';
import { settingsChange, settingsSchema } from '../../../src/common/contract';

describe('a change of settings', () => {
  it('names what changes and nothing else', () => {
    expect(settingsChange.parse({ theme: 'dark' })).toEqual({ theme: 'dark' });
    expect(settingsChange.parse({})).toEqual({});
    expect(settingsChange.parse({ keys: {} })).toEqual({ keys: {} });
  });

  it('is checked as the settings are', () => {
    expect(settingsChange.safeParse({ threads: -1 }).success).toBe(false);
    expect(settingsChange.safeParse({ unknown: 1 }).success).toBe(false);
    const all = settingsSchema.parse({});
    expect(settingsChange.parse(all)).toEqual(all);
  });
});
