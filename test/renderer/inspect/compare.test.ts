/** What is compared, what was asked, and which object is chosen: the stores without a screen. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { useCompare } from '../../../src/renderer/stores/inspect-compare';
import { useEditor } from '../../../src/renderer/stores/corrections-editor';
import { useInspect } from '../../../src/renderer/stores/inspect';
import { useLayers } from '../../../src/renderer/stores/inspect-layers';
import { useMaps } from '../../../src/renderer/stores/inspect-maps';
import { useObjects } from '../../../src/renderer/stores/inspect-objects';
import { useQuestion } from '../../../src/renderer/stores/inspect-question';
import { useRuns } from '../../../src/renderer/stores/runs';
import type { FakeWorkbench } from './fake-workbench';
import { settled, setUp } from './setup';

let workbench: FakeWorkbench;

beforeEach(async () => {
  ({ workbench } = setUp());
  await useRuns().load();
  await useInspect().open(1);
  await settled();
});

describe('panes', () => {
  it('are chosen one by one, and the last stays', () => {
    const compare = useCompare();
    expect(compare.panes).toEqual(['ground-truth', 'yolo-clip', 'blip-sam', 'risclip']);
    compare.togglePane('yolo-clip');
    compare.togglePane('blip-sam');
    expect(compare.panes).toEqual(['ground-truth', 'risclip']);
    compare.togglePane('ground-truth');
    compare.togglePane('risclip');
    expect(compare.panes).toEqual(['risclip']);
    compare.togglePane('blip-sam');
    expect(compare.panes).toEqual(['blip-sam', 'risclip']);
  });

  it('have no ground truth while a question is on the screen, nor has the swipe', async () => {
    const compare = useCompare();
    const question = useQuestion();
    expect(compare.swiped).toEqual(['ground-truth', 'risclip']);
    question.text = 'the cat';
    await question.ask();
    expect(compare.panes).not.toContain('ground-truth');
    expect(compare.swiped).toEqual(['yolo-clip', 'risclip']);
  });
});

describe('disagreement', () => {
  it('is counted only while it is shown', () => {
    const maps = useMaps();
    expect(maps.claims).toBeNull();
    useLayers().toggle('disagreement');
    // All three have answered, one of them with nothing.
    expect(maps.claims?.methods).toBe(3);
    expect(Math.max(...maps.claims!.counts)).toBe(1);
    expect(maps.disagreement).not.toBeNull();
  });
});

describe('questions', () => {
  async function ask(text: string) {
    const question = useQuestion();
    question.text = text;
    await question.ask();
    return question;
  }
  const timesAsked = () => workbench.calls.filter((call) => call === 'expressions.ask').length;

  it('are kept with their texts, the newest first, and gone through like a command line', async () => {
    await ask('the cat');
    const question = await ask('the dog');
    expect(question.texts).toEqual(['the dog', 'the cat']);
    question.text = '';
    question.recallText(1);
    expect(question.text).toBe('the dog');
    question.recallText(1);
    expect(question.text).toBe('the cat');
    question.recallText(-1);
    question.recallText(-1);
    expect(question.text).toBe('');
  });

  it('that a method could not answer are asked again, and others are not', async () => {
    const question = await ask('the cat');
    expect(question.history).toEqual([]);
    await ask('the cat');
    expect(timesAsked()).toBe(6);
    workbench.allAnswer = true;
    await ask('the dog');
    await ask('the cat');
    await ask('the dog');
    expect(timesAsked()).toBe(12);
    expect(question.history.map(({ text }) => text)).toEqual(['the cat', 'the dog']);
    expect(question.asked?.text).toBe('the dog');
  });
});

describe('the objects of the image', () => {
  it('are chosen among those under the pointer, else among all, round and round', () => {
    const objects = useObjects();
    const picked = () => objects.picked?.referentId ?? null;
    workbench.changeElsewhere(1, { x: 100, y: 20, width: 90, height: 70 });
    objects.pointer = { x: 190, y: 95 };
    objects.pick(1);
    expect(picked()).toBe(1);
    objects.pick(1);
    expect(picked()).toBe(2);
    objects.pick(-1);
    expect(picked()).toBe(1);
    objects.pointer = { x: 130, y: 50 };
    objects.pick(1);
    expect(picked()).toBe(2);
    objects.pick(1);
    expect(picked()).toBe(2);
  });

  it('can be linked and merged only where another one is chosen', () => {
    const objects = useObjects();
    objects.pickedId = 1;
    expect(objects.canRelate).toBe(false);
    expect(objects.canSplit).toBe(false);
    objects.pickedId = 2;
    expect(objects.canRelate).toBe(true);
  });
});

describe('a box', () => {
  it('cannot be changed while it is not yet saved whose it is', async () => {
    const editor = useEditor();
    const objects = useObjects();
    expect(editor.canEdit).toBe(true);
    objects.pickedId = 2;
    objects.linkToPicked();
    expect(editor.canEdit).toBe(false);
    await vi.waitFor(() => expect(editor.canEdit).toBe(true));
    expect(editor.truth?.referentId).toBe(2);
  });
});
