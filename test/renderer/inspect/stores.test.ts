import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createPinia, setActivePinia } from 'pinia';
import { nextTick } from 'vue';
import { remember } from '../../../src/renderer/composables/memory';
import { useInspect } from '../../../src/renderer/stores/inspect';
import { useAnswers } from '../../../src/renderer/stores/inspect-answers';
import { useCamera } from '../../../src/renderer/stores/inspect-camera';
import { useLayers } from '../../../src/renderer/stores/inspect-layers';
import { useQuestion } from '../../../src/renderer/stores/inspect-question';
import type { FakeWorkbench } from './fake-workbench';
import { settled, setUp } from './setup';

let workbench: FakeWorkbench;
beforeEach(() => ({ workbench } = setUp()));

describe('the expression', () => {
  it('that does not exist is a failure to show', async () => {
    const inspect = useInspect();
    await inspect.open(99);
    expect(inspect.detail).toBeNull();
    expect(inspect.failure).toMatchObject({ kind: 'not-found' });
    await inspect.open(1);
    expect(inspect.failure).toBeNull();
    expect(inspect.isReady).toBe(true);
  });

  it('stays on the screen until the next one is there, and is then not ready for keys', async () => {
    const inspect = useInspect();
    await inspect.open(1);
    const opening = inspect.open(2);
    expect([inspect.detail?.id, inspect.isReady]).toEqual([1, false]);
    await opening;
    expect([inspect.detail?.id, inspect.isReady]).toEqual([2, true]);
  });

  it('is the one asked for last, whatever answers first', async () => {
    const inspect = useInspect();
    const first = inspect.open(1);
    const second = inspect.open(2);
    await Promise.all([first, second]);
    expect(inspect.detail?.id).toBe(2);
  });

  it('is kept when reading it again fails', async () => {
    const inspect = useInspect();
    await inspect.open(1);
    workbench.failing = { call: 'expressions.get', kind: 'engine-crashed' };
    await inspect.refresh();
    expect(inspect.detail?.id).toBe(1);
    expect(inspect.failure).toBeNull();
  });

  it('is read again when it changed, once for a burst of events, and not for others', async () => {
    vi.useFakeTimers();
    const inspect = useInspect();
    await inspect.open(1);
    const reads = () => workbench.calls.filter((call) => call === 'expressions.get').length;
    const before = reads();
    for (let count = 0; count < 5; count += 1)
      workbench.emit('data.changed', { what: 'predictions', expressionIds: [1] });
    workbench.emit('data.changed', { what: 'predictions', expressionIds: [2] });
    workbench.emit('data.changed', { what: 'settings', expressionIds: [] });
    vi.advanceTimersByTime(1_000);
    await settled();
    expect(reads()).toBe(before + 1);
    vi.useRealTimers();
  });
});

describe('a question', () => {
  it('shows its answers in place of the stored ones, failures included, until one goes back', async () => {
    await useInspect().open(1);
    const question = useQuestion();
    const answers = useAnswers();
    expect(answers.answers.map(({ runId }) => runId)).toEqual([1, 2, 3]);
    question.text = '  the cat ';
    await question.ask();
    expect(question.asked?.text).toBe('the cat');
    expect(answers.answers.map(({ runId, iou }) => [runId, iou])).toEqual([
      [null, null],
      [null, null],
      [null, null],
    ]);
    expect(answers.answers[2]?.problem?.message).toBe('The pack has no RisCLIP.');
    question.leave();
    expect(answers.answers.map(({ runId }) => runId)).toEqual([1, 2, 3]);
  });

  it('is over when the person goes on', async () => {
    await useInspect().open(1);
    const question = useQuestion();
    question.text = 'the cat';
    const asking = question.ask();
    await useInspect().open(2);
    await asking;
    expect(question.isShown).toBe(false);
    expect(question.text).toBe('');
  });

  it('that fails says so and keeps its text', async () => {
    await useInspect().open(1);
    const question = useQuestion();
    workbench.failing = { call: 'expressions.ask', kind: 'model-missing' };
    question.text = 'the cat';
    await question.ask();
    expect(question.failure).toMatchObject({ kind: 'model-missing' });
    expect([question.isShown, question.isAsking, question.text]).toEqual([false, false, 'the cat']);
  });
});

describe('layers', () => {
  it('are remembered, and what is remembered wrongly is not believed', async () => {
    const layers = useLayers();
    layers.toggle('heat-map');
    layers.layers.masks.opacity = 0.6;
    layers.toggleLayout('side-by-side');
    await nextTick();
    setActivePinia(createPinia());
    expect(useLayers().layers['heat-map'].visible).toBe(true);
    expect(useLayers().layers.masks.opacity).toBe(0.6);
    expect(useLayers().layout).toBe('side-by-side');

    remember('inspect-layers', {
      masks: { visible: 'yes', opacity: 7 },
      proposals: { visible: true, opacity: 1 },
    });
    setActivePinia(createPinia());
    expect(useLayers().layers.masks).toEqual({ visible: true, opacity: 0.2 });
    expect(useLayers().layers.proposals.visible).toBe(true);
  });

  it('can all be hidden for a moment; the one asked for then comes back', () => {
    const layers = useLayers();
    layers.allHidden = true;
    expect(layers.opacityOf('ground-truth')).toBe(0);
    layers.toggle('heat-map');
    expect([layers.allHidden, layers.opacityOf('heat-map') > 0]).toEqual([false, true]);
  });
});

describe('proposals', () => {
  it('answer to a place of the picture while they are seen, the smallest first', async () => {
    await useInspect().open(1);
    const [answers, layers] = [useAnswers(), useLayers()];
    const { box } = answers.proposals[0]!;
    const inside = { x: box.x + 1, y: box.y + 1 };
    expect(answers.chooseProposalAt(inside)).toBe(false);
    layers.toggle('proposals');
    answers.hoverProposalAt(inside);
    expect(answers.hoveredProposal).not.toBeNull();
    expect(answers.chooseProposalAt(inside)).toBe(true);
    expect(answers.chosenProposal).toBe(answers.hoveredProposal);
    answers.hoverProposalAt(null);
    expect(answers.hoveredProposal).toBeNull();
    expect(answers.chooseProposalAt({ x: -5, y: -5 })).toBe(false);
  });

  it('are walked round by rank', async () => {
    await useInspect().open(1);
    const answers = useAnswers();
    answers.stepProposal(1);
    expect(answers.chosenProposal).toBe(0);
    answers.stepProposal(1);
    answers.stepProposal(1);
    expect(answers.chosenProposal).toBe(0);
    answers.stepProposal(-1);
    expect(answers.chosenProposal).toBe(1);
  });
});

describe('the camera', () => {
  it('fits a new image and keeps its place while the image stays', async () => {
    await useInspect().open(1);
    const camera = useCamera();
    camera.resize({ width: 800, height: 600 });
    camera.zoomBy(2);
    expect(camera.isFitted).toBe(false);
    await useInspect().open(2);
    await nextTick();
    expect(camera.isFitted).toBe(false);
    camera.fit();
    expect(camera.isFitted).toBe(true);
  });
});
