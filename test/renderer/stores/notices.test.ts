import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WorkbenchFailure } from '../../../src/renderer/api/client';
import { useNotices } from '../../../src/renderer/stores/notices';

beforeEach(() => {
  vi.useFakeTimers();
  setActivePinia(createPinia());
});
afterEach(() => vi.useRealTimers());

describe('notices', () => {
  it('pass by themselves, except errors', () => {
    const store = useNotices();
    store.push({ tone: 'success', message: 'Exported.' });
    store.push({ tone: 'error', message: 'Not exported.' });
    vi.advanceTimersByTime(60_000);
    expect(store.notices.map(({ message }) => message)).toEqual(['Not exported.']);
    store.dismiss(store.notices[0]?.key ?? 0);
    expect(store.notices).toEqual([]);
  });

  it('that repeat are counted, not stacked, and none is lost until fifty came after it', () => {
    const store = useNotices();
    for (const message of ['a', 'b', 'b', 'c']) store.push({ tone: 'error', message });
    expect(store.notices.map(({ message, count }) => [message, count])).toEqual([
      ['a', 1],
      ['b', 2],
      ['c', 1],
    ]);
    for (let number = 1; number <= 48; number += 1) store.push({ tone: 'error', message: `${number}` });
    expect(store.notices).toHaveLength(50);
    expect(store.notices[0]?.message).toBe('b');
    store.dismissAll();
    expect(store.notices).toEqual([]);
  });

  it('keep message, hint and log id of a failure; a cancelled call says only what is left to do', async () => {
    const store = useNotices();
    const failure = { message: 'The disk is full.', hint: 'Free some space.', id: 'e-17' };
    const result = await store.attempt(() => {
      throw new WorkbenchFailure({ kind: 'disk-full', ...failure });
    });
    expect(result).toBeUndefined();
    expect(store.notices).toMatchObject([{ tone: 'error', ...failure }]);
    store.failure(new WorkbenchFailure({ kind: 'cancelled', message: 'Cancelled.', hint: '', id: '' }));
    expect(store.notices).toHaveLength(1);
    const left = { message: '2,000 of 2,202 answers are stored.', hint: 'Import the file again.' };
    store.failure(new WorkbenchFailure({ kind: 'cancelled', ...left, id: '' }));
    expect(store.notices.at(-1)).toMatchObject({ tone: 'information', ...left });
  });

  it('admit a defect of the window as such', () => {
    const store = useNotices();
    store.failure(new TypeError('x is undefined'));
    expect(store.notices[0]?.hint).toContain('defect of the window');
  });
});
