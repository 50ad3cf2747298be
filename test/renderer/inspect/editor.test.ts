import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { useCorrections } from '../../../src/renderer/stores/corrections';
import { useEditor } from '../../../src/renderer/stores/corrections-editor';
import { useInspect } from '../../../src/renderer/stores/inspect';
import { useAnswers } from '../../../src/renderer/stores/inspect-answers';
import { maskOf, originalBox, predictions, type FakeWorkbench } from './fake-workbench';
import { settled, setUp } from './setup';

let workbench: FakeWorkbench;
let editor: ReturnType<typeof useEditor>;
let corrections: ReturnType<typeof useCorrections>;

beforeEach(async () => {
  vi.useFakeTimers();
  ({ workbench } = setUp());
  await useInspect().open(1);
  editor = useEditor();
  corrections = useCorrections();
});
afterEach(() => vi.useRealTimers());

const moved = { ...originalBox, x: 30 };

describe('a gesture', () => {
  it('is one step, however many moves it is made of', async () => {
    editor.begin('move');
    for (let x = 21; x <= 30; x += 1) editor.update({ ...originalBox, x });
    expect(editor.box).toEqual(moved);
    expect(workbench.calls).not.toContain('corrections.apply');
    editor.commit();
    await settled();
    expect(workbench.truths.get(1)?.box).toEqual(moved);
    expect(workbench.undoState()).toEqual({ undo: 'Move box', redo: null });
    expect(workbench.calls.filter((call) => call === 'corrections.apply')).toHaveLength(1);
  });

  it('can be cancelled without a trace', async () => {
    editor.begin('resize');
    editor.update(moved);
    editor.cancel();
    editor.update({ ...moved, x: 60 });
    editor.commit();
    await settled();
    expect(editor.box).toEqual(originalBox);
    expect(workbench.calls).not.toContain('corrections.apply');
  });

  it('that ends where it began saves nothing', async () => {
    editor.begin('move');
    editor.update({ ...originalBox });
    editor.commit();
    await settled();
    expect(workbench.calls).not.toContain('corrections.apply');
  });

  it('moves the IoUs along before anything is saved', () => {
    const iou = () => useAnswers().answers.find(({ method }) => method === 'blip-sam')?.iou;
    const before = iou();
    editor.begin('resize');
    editor.update({ ...originalBox, width: 48 });
    expect(iou()).toBe(1);
    editor.cancel();
    expect(iou()).toBe(before);
  });
});

describe('arrow keys', () => {
  it('make one step of a burst, saved after a pause', async () => {
    editor.startEditing();
    editor.nudge('right', 1);
    editor.nudge('right', 1);
    editor.nudge('down', 10);
    expect(editor.box).toEqual({ ...originalBox, x: 22, y: 40 });
    expect(workbench.calls).not.toContain('corrections.apply');
    vi.advanceTimersByTime(1_000);
    await settled();
    expect(workbench.truths.get(1)?.box).toEqual({ ...originalBox, x: 22, y: 40 });
    expect(workbench.undoState().undo).toBe('Nudge box');
  });

  it('move the edge that was taken', () => {
    editor.choosePart('right');
    editor.nudge('left', 10);
    expect(editor.box).toEqual({ ...originalBox, width: 40 });
    editor.choosePart('right');
    expect(editor.part).toBe('whole');
  });

  it('are saved when the person goes on before the pause', async () => {
    editor.startEditing();
    editor.nudge('right', 1);
    await useInspect().open(2);
    await settled();
    expect(workbench.truths.get(1)?.box).toEqual({ ...originalBox, x: 21 });
    expect(workbench.truths.get(2)?.revision).toBe(0);
    expect(editor.isEditing).toBe(false);
  });
});

describe('accepting', () => {
  it('takes the box and the mask of a method, and says whose', async () => {
    const applied = vi.spyOn(corrections, 'apply');
    editor.accept('blip-sam');
    await settled();
    const [, blip] = predictions();
    expect(workbench.truths.get(1)).toMatchObject({ box: blip?.box, mask: blip?.mask });
    expect(workbench.undoState().undo).toBe('Accept BLIP+SAM');
    expect(applied).not.toHaveBeenCalledWith(expect.objectContaining({ runId: null }), expect.anything());
  });

  it('does nothing where the method found nothing', async () => {
    editor.accept('risclip');
    await settled();
    expect(workbench.calls).not.toContain('corrections.apply');
  });

  it('takes a proposal', async () => {
    editor.acceptProposal({ ...originalBox, x: 21 });
    await settled();
    expect(workbench.truths.get(1)?.box).toEqual({ ...originalBox, x: 21 });
    expect(workbench.undoState().undo).toBe('Accept a proposal');
  });
});

it('goes back to a revision with its mask', async () => {
  editor.accept('blip-sam');
  await settled();
  const original = workbench.histories.get(1)?.at(-1);
  editor.revertTo(original!);
  await settled();
  expect(workbench.truths.get(1)).toMatchObject({ box: originalBox, mask: maskOf(originalBox), revision: 2 });
  expect(workbench.undoState().undo).toBe('Revert to the original');
});

it('sets numbers in a burst that is one step, and no nonsense', async () => {
  editor.setField('width', 69);
  editor.setField('width', 70);
  vi.advanceTimersByTime(1_000);
  await settled();
  expect(workbench.truths.get(1)?.box).toEqual({ ...originalBox, width: 70 });
  editor.setField('width', Number.NaN);
  vi.advanceTimersByTime(1_000);
  await settled();
  expect(workbench.undoState().undo).toBe('Set box by numbers');
  expect(workbench.calls.filter((call) => call === 'corrections.apply')).toHaveLength(1);
});

it('cannot edit what has no referent', async () => {
  await useInspect().open(3);
  editor.startEditing();
  editor.begin('draw');
  editor.update(moved);
  editor.commit();
  await settled();
  expect(editor.isEditing).toBe(false);
  expect(workbench.calls).not.toContain('corrections.apply');
});

it('saves an edited expression, trimmed, and not one that is the same', async () => {
  editor.saveText('  the small dog ');
  await settled();
  expect(workbench.states.get(1)?.text).toBe('the small dog');
  editor.saveText('the small dog');
  editor.saveText('   ');
  await settled();
  expect(workbench.calls.filter((call) => call === 'corrections.apply')).toHaveLength(1);
});
