import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Change } from '../../../src/common/contract';
import type { ImageBox } from '../../../src/common/geometry/types';
import { useCorrections } from '../../../src/renderer/stores/corrections';
import { useInspect } from '../../../src/renderer/stores/inspect';
import { useNotices } from '../../../src/renderer/stores/notices';
import { originalBox, type FakeWorkbench } from './fake-workbench';
import { settled, setUp } from './setup';

let workbench: FakeWorkbench;
let inspect: ReturnType<typeof useInspect>;
let corrections: ReturnType<typeof useCorrections>;

afterEach(() => {
  vi.useRealTimers();
});
beforeEach(async () => {
  ({ workbench } = setUp());
  inspect = useInspect();
  corrections = useCorrections();
  await inspect.open(1);
});

function boxChange(box: ImageBox): Change {
  return {
    kind: 'ground-truth',
    referentId: 1,
    expectedRevision: inspect.detail?.groundTruth?.revision ?? 0,
    box,
    mask: null,
    source: 'edited',
    runId: null,
  };
}
const wider = { ...originalBox, width: 60 };
const higher = { ...originalBox, height: 33 };

describe('saving', () => {
  it('shows a change at once and says when the workspace has it', async () => {
    corrections.apply(boxChange(wider), 'Resize box');
    expect(corrections.state).toBe('saving');
    expect(corrections.shown?.groundTruth?.box).toEqual(wider);
    expect(inspect.detail?.groundTruth?.box).toEqual(originalBox);
    await settled();
    expect(corrections.state).toBe('saved');
    expect(workbench.truths.get(1)?.box).toEqual(wider);
    expect(inspect.detail?.groundTruth).toMatchObject({ box: wider, revision: 1 });
    expect(corrections.undoLabel).toBe('Resize box');
  });

  it('keeps the order of quick changes, each on the revision before it', async () => {
    corrections.apply(boxChange(wider), 'Resize box');
    corrections.apply(boxChange(higher), 'Resize box again');
    corrections.apply({ kind: 'failure-label', expressionId: 1, label: 'other' }, 'Label');
    await settled();
    expect(corrections.state).toBe('saved');
    expect(workbench.truths.get(1)).toMatchObject({ box: higher, revision: 2 });
    expect(workbench.states.get(1)?.label).toBe('other');
    expect(workbench.calls.filter((call) => call === 'corrections.apply')).toHaveLength(3);
  });

  it('lays text, label and review state over the expression while they wait', () => {
    corrections.apply({ kind: 'text', expressionId: 1, text: 'the big dog' }, 'Edit expression');
    corrections.apply({ kind: 'failure-label', expressionId: 1, label: 'landmark' }, 'Label');
    corrections.apply({ kind: 'review-state', expressionId: 1, state: 'ambiguous' }, 'Mark');
    corrections.apply({ kind: 'review-state', expressionId: 2, state: 'invalid' }, 'Mark');
    expect(corrections.shown).toMatchObject({
      text: 'the big dog',
      failureLabel: 'landmark',
      reviewState: 'ambiguous',
    });
    expect(inspect.detail?.text).toBe('the dog on the left');
  });

  it('goes on when another expression is opened meanwhile', async () => {
    corrections.apply(boxChange(wider), 'Resize box');
    corrections.apply(boxChange(higher), 'Resize box again');
    void inspect.open(2);
    await settled();
    expect(inspect.detail?.id).toBe(2);
    expect(corrections.state).toBe('saved');
    expect(workbench.truths.get(1)?.box).toEqual(higher);
  });
});

describe('a failed save', () => {
  beforeEach(async () => {
    workbench.failing = { call: 'corrections.apply', kind: 'disk-full' };
    corrections.apply(boxChange(wider), 'Resize box');
    await settled();
  });

  it('says why and keeps the work on the screen', () => {
    expect(corrections.state).toBe('not-saved');
    expect(corrections.failure).toMatchObject({ kind: 'disk-full', hint: 'A hint.', id: 'log-1' });
    expect(corrections.shown?.groundTruth?.box).toEqual(wider);
  });

  it('survives that the expression is read again', async () => {
    await inspect.refresh();
    expect(corrections.shown?.groundTruth?.box).toEqual(wider);
    expect(corrections.state).toBe('not-saved');
  });

  it('is tried again on request', async () => {
    workbench.failing = null;
    corrections.retry();
    await settled();
    expect(corrections.state).toBe('saved');
    expect(corrections.failure).toBeNull();
    expect(workbench.truths.get(1)?.box).toEqual(wider);
  });

  it('is tried again with the next change, and in order', async () => {
    workbench.failing = null;
    corrections.apply(boxChange(higher), 'Resize box again');
    await settled();
    expect(workbench.truths.get(1)).toMatchObject({ box: higher, revision: 2 });
  });

  it('is tried again by itself, quietly, until it works', async () => {
    vi.useFakeTimers();
    corrections.retry();
    await settled();
    const calls = () => workbench.calls.filter((call) => call === 'corrections.apply').length;
    const before = calls();
    vi.advanceTimersByTime(6_000);
    expect(corrections.state).toBe('not-saved');
    await settled();
    expect([calls(), corrections.state]).toEqual([before + 1, 'not-saved']);
    workbench.failing = null;
    vi.advanceTimersByTime(6_000);
    await settled();
    expect([corrections.state, corrections.failure]).toEqual(['saved', null]);
    expect(workbench.truths.get(1)?.box).toEqual(wider);
    vi.advanceTimersByTime(60_000);
    await settled();
    expect(calls()).toBe(before + 2);
  });

  it('is undone where undo comes while it is tried again', async () => {
    vi.useFakeTimers();
    corrections.retry();
    await settled();
    workbench.failing = null;
    vi.advanceTimersByTime(6_000);
    corrections.undo();
    await settled();
    expect(corrections.state).toBe('saved');
    expect(workbench.truths.get(1)?.box).toEqual(originalBox);
  });

  it('is tried again when the engine is back', async () => {
    workbench.failing = null;
    workbench.emit('engine.status', { state: 'ready', detail: '' });
    await settled();
    expect(corrections.state).toBe('saved');
  });

  it('is dropped by undo', async () => {
    corrections.undo();
    await settled();
    expect(corrections.state).toBe('saved');
    expect(corrections.shown?.groundTruth?.box).toEqual(originalBox);
    expect(workbench.calls).not.toContain('corrections.undo');
  });
});

describe('a conflict', () => {
  const theirs = { ...originalBox, x: 5 };

  beforeEach(async () => {
    const change = boxChange(wider);
    workbench.changeElsewhere(1, theirs);
    corrections.apply(change, 'Resize box');
    await settled();
  });

  it('keeps the person’s geometry and shows that there is another', () => {
    expect(corrections.state).toBe('conflict');
    expect(corrections.shown?.groundTruth?.box).toEqual(wider);
    expect(inspect.detail?.groundTruth?.box).toEqual(theirs);
  });

  it('ends with mine on top, theirs in the history', async () => {
    corrections.keepMine();
    await settled();
    expect(corrections.state).toBe('saved');
    expect(workbench.truths.get(1)?.box).toEqual(wider);
    expect(workbench.histories.get(1)?.map(({ box }) => box)).toEqual([wider, theirs, originalBox]);
  });

  it('or ends with theirs', async () => {
    corrections.takeTheirs();
    await settled();
    expect(corrections.state).toBe('saved');
    expect(corrections.shown?.groundTruth?.box).toEqual(theirs);
  });

  it('is none when the own change had been saved before the answer was lost', async () => {
    corrections.takeTheirs();
    await settled();
    const change = boxChange(higher);
    workbench.changeElsewhere(1, higher);
    corrections.apply(change, 'Resize box');
    await settled();
    expect(corrections.state).toBe('saved');
    expect(corrections.waiting).toEqual([]);
  });
});

describe('undo and redo', () => {
  it('name the step and go there and back', async () => {
    corrections.apply(boxChange(wider), 'Resize box');
    await settled();
    corrections.undo();
    await settled();
    expect(inspect.detail?.groundTruth?.box).toEqual(originalBox);
    expect([corrections.undoLabel, corrections.redoLabel]).toEqual([null, 'Resize box']);
    corrections.redo();
    await settled();
    expect(inspect.detail?.groundTruth?.box).toEqual(wider);
    expect([corrections.undoLabel, corrections.redoLabel]).toEqual(['Resize box', null]);
  });

  it('count every press, also those that come while one is under way; a held key waits', async () => {
    const boxes = [wider, { ...wider, x: wider.x + 1 }, { ...wider, x: wider.x + 2 }];
    for (const box of boxes) {
      corrections.apply(boxChange(box), 'Resize box');
      await settled();
    }
    for (let press = 0; press < 3; press += 1) corrections.undo();
    corrections.undo(true);
    await settled();
    expect(inspect.detail?.groundTruth?.box).toEqual(originalBox);
    for (let press = 0; press < 3; press += 1) corrections.redo();
    corrections.undo();
    await settled();
    expect(inspect.detail?.groundTruth?.box).toEqual(boxes[1]);
    expect(corrections.state).toBe('saved');
  });

  it('wait for what is being saved', async () => {
    corrections.apply(boxChange(wider), 'Resize box');
    corrections.undo();
    await settled();
    expect(workbench.truths.get(1)?.box).toEqual(originalBox);
    expect(workbench.calls.filter((call) => call.startsWith('corrections'))).toEqual([
      'corrections.apply',
      'corrections.undo',
    ]);
  });

  it('with nothing to undo do nothing', async () => {
    corrections.undo();
    corrections.redo();
    await settled();
    expect(workbench.calls).not.toContain('corrections.undo');
    expect(corrections.state).toBe('saved');
  });

  it('that fail say so and leave nothing unsaved', async () => {
    corrections.apply(boxChange(wider), 'Resize box');
    await settled();
    workbench.failing = { call: 'corrections.undo', kind: 'engine-crashed' };
    corrections.undo();
    await settled();
    expect(corrections.state).toBe('saved');
    expect(useNotices().notices.map(({ message }) => message)).toEqual(['It did not work.']);
    expect(workbench.truths.get(1)?.box).toEqual(wider);
  });

  it('tell when the step belongs to another expression of the image', async () => {
    corrections.apply(boxChange(wider), 'Resize box');
    await settled();
    await inspect.open(2);
    corrections.undo();
    await settled();
    expect(useNotices().notices[0]?.message).toBe('Undone on another expression of this image: Resize box');
  });
});

describe('what a window that is no more had not saved', () => {
  it('is sent by the next one', async () => {
    workbench.failing = { call: 'corrections.apply', kind: 'engine-crashed' };
    corrections.apply(boxChange(wider), 'Resize box');
    corrections.apply({ kind: 'failure-label', expressionId: 1, label: 'other' }, 'Label');
    await settled();
    const left = corrections.unsaved;
    expect(left.map(({ label }) => label)).toEqual(['Resize box', 'Label']);

    // Another window over the same workspace.
    setActivePinia(createPinia());
    workbench.failing = null;
    await useInspect().open(1);
    useCorrections().restore(left);
    await settled();
    expect(useCorrections().state).toBe('saved');
    expect(workbench.truths.get(1)?.box).toEqual(wider);
    expect(workbench.states.get(1)?.label).toBe('other');
    expect(useCorrections().unsaved).toEqual([]);
  });

  it('is no conflict where it had been saved after all', async () => {
    corrections.apply(boxChange(wider), 'Resize box');
    const left = corrections.unsaved;
    expect(left).toHaveLength(1);
    await settled();
    setActivePinia(createPinia());
    await useInspect().open(1);
    useCorrections().restore(left);
    await settled();
    expect(useCorrections().state).toBe('saved');
    expect(workbench.truths.get(1)).toMatchObject({ box: wider, revision: 1 });
  });

  it('leaves out what would be done twice, and steps back', () => {
    corrections.apply({ kind: 'split-referent', expressionId: 1 }, 'Split');
    corrections.apply({ kind: 'note', expressionId: 1, note: 'mine' }, 'Note');
    corrections.undo();
    expect(corrections.unsaved.map(({ label }) => label)).toEqual(['Note']);
  });
});
