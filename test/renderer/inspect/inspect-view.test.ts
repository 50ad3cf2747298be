/** The screen as a person uses it: roles, names and keys, through the real actions and stores. */
import { enableAutoUnmount, flushPromises, mount, type VueWrapper } from '@vue/test-utils';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Pinia } from 'pinia';
import type { ImagePoint, ScreenPoint } from '../../../src/common/geometry/types';
import { bindKeys } from '../../../src/renderer/actions/keyboard';
import { registerAllActions, registry } from '../../../src/renderer/actions/registry';
import { openExpression, router } from '../../../src/renderer/router';
import { useBrowse } from '../../../src/renderer/stores/browse';
import { useEditor } from '../../../src/renderer/stores/corrections-editor';
import { useDatasets } from '../../../src/renderer/stores/datasets';
import { useInspect } from '../../../src/renderer/stores/inspect';
import { useCamera } from '../../../src/renderer/stores/inspect-camera';
import { useLayers } from '../../../src/renderer/stores/inspect-layers';
import InspectView from '../../../src/renderer/views/inspect/InspectView.vue';
import { originalBox, type FakeWorkbench } from './fake-workbench';
import { setUp } from './setup';

// The whole screen is mounted anew for each test, perhaps on a busy machine.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });
enableAutoUnmount(afterEach);
let workbench: FakeWorkbench;
let pinia: Pinia;
let view: VueWrapper;
let unbind: () => void;

beforeAll(() => {
  registerAllActions();
  const empty = { template: '<i />' };
  for (const name of ['browse', 'jobs'] as const)
    router.addRoute({ path: `/${name}`, name, component: empty });
  router.addRoute({ path: '/inspect/:expressionId(\\d+)?', name: 'inspect', component: empty });
});

async function show(expressionId: number | null) {
  await useDatasets().load();
  useBrowse();
  await flushPromises();
  if (expressionId === null) await router.push('/inspect');
  else await openExpression(expressionId);
  view = mount(InspectView, { global: { plugins: [pinia, router] }, attachTo: document.body });
  await flushPromises();
}

beforeEach(() => {
  ({ workbench, pinia } = setUp());
  unbind = bindKeys(registry, 'inspect');
});
afterEach(async () => {
  vi.useRealTimers();
  unbind();
  await router.push('/browse');
});

async function press(key: string, options: KeyboardEventInit = {}) {
  const code = /^\d$/.test(key) ? `Digit${key}` : key;
  const target = document.activeElement ?? document.body;
  target.dispatchEvent(
    new KeyboardEvent('keydown', { key, code, bubbles: true, cancelable: true, ...options }),
  );
  await flushPromises();
}

function button(name: string | RegExp) {
  const found = view.findAll('button').find((each) => {
    const label = each.attributes('aria-label') ?? each.text();
    return typeof name === 'string' ? label === name : name.test(label);
  });
  if (!found) throw new Error(`There is no button ${String(name)}.`);
  return found;
}

function status() {
  return view.get('.status').text();
}

function rowTexts() {
  return view
    .get('table')
    .findAll('tbody tr')
    .map((row) =>
      row
        .findAll('th, td')
        .map((cell) => cell.text())
        .join(' '),
    );
}

/** A drag over the stage, between points of the image. */
async function drag(from: ImagePoint, to: ImagePoint) {
  useCamera().resize({ width: 800, height: 600 });
  await flushPromises();
  const middle = { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 };
  const send = (type: string, point: ScreenPoint) =>
    view
      .get('.surface')
      .element.dispatchEvent(
        new MouseEvent(type, { clientX: point.x, clientY: point.y, button: 0, bubbles: true }),
      );
  const [start, half, end] = [from, middle, to].map(onStage) as [ScreenPoint, ScreenPoint, ScreenPoint];
  send('pointermove', start);
  send('pointerdown', start);
  send('pointermove', half);
  send('pointermove', end);
  send('pointerup', end);
  await flushPromises();
}

/** Where an image point lies on the stage, which jsdom makes one pixel large. */
function onStage({ x, y }: ImagePoint): ScreenPoint {
  const { scale, centre } = useCamera().camera;
  return { x: 0.5 + (x - centre.x) * scale, y: 0.5 + (y - centre.y) * scale };
}

describe('what is shown', () => {
  it('says each answer in words and numbers', async () => {
    await show(1);
    expect(view.get('h1').text()).toBe('the dog on the left');
    expect(view.text()).toContain('1 of 3');
    expect(rowTexts()).toEqual([
      'YOLO+CLIP Wrong 0.00 – 0.31 12 ms',
      'BLIP+SAM Right 0.96 – 0.80 12 ms',
      'RisCLIP No answer 0.00 – – 12 ms',
      'The refined map stays below its threshold.',
    ]);
    expect(view.text()).toContain('The right box was proposed: number 2, IoU 0.96.');
    expect(status()).toBe('Saved');
  });

  it('without an expression says what to do', async () => {
    workbench.states.clear();
    await show(null);
    expect(view.text()).toContain('No expression chosen');
  });

  it('without an expression in the address is the one that Browse has marked', async () => {
    await show(null);
    await flushPromises();
    expect(view.get('h1').text()).toBe('the dog on the left');
  });

  it('of an expression that is gone tells so', async () => {
    await show(99);
    expect(view.get('[role="alert"]').text()).toContain('There is no expression.');
    workbench.states.set(99, {
      text: 'back again',
      label: null,
      review: 'unreviewed',
      note: '',
      referentId: null,
    });
    await button('Try again').trigger('click');
    await flushPromises();
    expect(view.get('h1').text()).toBe('back again');
  });

  it('whose image is missing says so and can still be corrected', async () => {
    await show(1);
    await view.get('img').trigger('error');
    expect(view.get('.missing').text()).toContain('dogs.png is missing');
    await press('2', { shiftKey: true, key: '@' });
    expect(workbench.truths.get(1)?.box).toEqual({ ...originalBox, width: 48 });
  });

  it('leads to the other expressions of the image', async () => {
    await show(1);
    const others = view.get('[aria-label="Other expressions of this image"]').findAll('button');
    expect(others.map((each) => each.get('.text').text())).toEqual(['the cat', 'the unicorn']);
    await others[0]?.trigger('click');
    await flushPromises();
    expect(view.get('h1').text()).toBe('the cat');
  });

  it('without predictions offers to make them', async () => {
    workbench.hasPredictions = false;
    await show(1);
    expect(view.text()).toContain('No method has answered this expression yet.');
    await button('Predict this expression').trigger('click');
    expect(workbench.calls).toContain('runs.start');
  });

  it('says why a method could not answer', async () => {
    workbench.hasPredictions = false;
    workbench.failures = [{ runId: 2, method: 'blip-sam', message: 'The encoder of SAM failed.' }];
    await show(1);
    expect(rowTexts()).toEqual([
      'YOLO+CLIP Not predicted',
      'BLIP+SAM Failed',
      'The encoder of SAM failed.',
      'RisCLIP Not predicted',
    ]);
  });

  it('of an expression without a referent still lets it be labelled', async () => {
    await show(3);
    expect(view.text()).toContain('This expression has no referent: its ground truth cannot be drawn.');
    await press('7');
    expect(workbench.states.get(3)?.label).toBe('ambiguous-expression');
  });
});

describe('layers', () => {
  it('follow the checkbox and its key', async () => {
    await show(1);
    const box = view.findAll('label').find((label) => label.text() === 'Heat map')!;
    const input = view.get<HTMLInputElement>(`#${box.attributes('for')}`);
    expect([input.element.checked, view.find('canvas').exists()]).toEqual([false, false]);
    await input.setValue(true);
    expect(view.find('canvas').exists()).toBe(true);
    await press('h');
    expect([input.element.checked, view.find('canvas').exists()]).toEqual([false, false]);
  });

  it('stand side by side on request', async () => {
    await show(1);
    await press('S', { shiftKey: true });
    expect(useLayers().layout).toBe('side-by-side');
    expect(view.findAll('figcaption').map((caption) => caption.text())).toEqual([
      'Ground truth',
      'YOLO+CLIP',
      'BLIP+SAM',
      'RisCLIP',
    ]);
  });
});

describe('correcting', () => {
  it('by dragging an edge, then undo and redo', async () => {
    await show(1);
    const rightEdge = originalBox.x + originalBox.width;
    await drag({ x: rightEdge, y: 40 }, { x: rightEdge + 20, y: 40 });
    expect(workbench.truths.get(1)?.box).toEqual({ ...originalBox, width: 70 });
    expect(status()).toBe('Saved');
    expect(rowTexts()[1]).toContain('0.69');
    await button('Undo: Resize box').trigger('click');
    await flushPromises();
    expect(workbench.truths.get(1)?.box).toEqual(originalBox);
    await press('z', { ctrlKey: true, shiftKey: true });
    expect(workbench.truths.get(1)?.box).toEqual({ ...originalBox, width: 70 });
    expect(button('Undo: Resize box').attributes('disabled')).toBeUndefined();
  });

  it('by drawing anew, unless Escape comes first', async () => {
    await show(1);
    await press('n');
    await drag({ x: 100, y: 10 }, { x: 150, y: 60 });
    expect(workbench.truths.get(1)?.box).toEqual({ x: 100, y: 10, width: 50, height: 50 });
    await press('n');
    await press('Escape');
    expect(useEditor().isDrawing).toBe(false);
  });

  it('moves the picture, not the box, while the box is not selected', async () => {
    await show(1);
    const before = workbench.calls.length;
    await drag({ x: 45, y: 40 }, { x: 60, y: 45 });
    expect(workbench.calls.slice(before)).not.toContain('corrections.apply');
    expect(useCamera().isFitted).toBe(false);
  });

  it('by accepting an answer with one key', async () => {
    await show(1);
    await press('2', { shiftKey: true, key: '@' });
    expect(workbench.truths.get(1)?.box).toEqual({ ...originalBox, width: 48 });
    expect(rowTexts()[1]).toContain('1.00');
  });

  it('of the expression itself', async () => {
    await show(1);
    await press('F2');
    await view.get('#inspect-expression').setValue('the left dog');
    await view.get('form').trigger('submit');
    await flushPromises();
    expect(workbench.states.get(1)?.text).toBe('the left dog');
    expect(view.get('h1').text()).toBe('the left dog');
    expect(view.text()).toContain('Edited');
    expect(rowTexts()[1]).toBe('Answers the text before it was edited: “the dog on the left”.');
  });

  it('keeps a history that can be gone back to', async () => {
    await show(1);
    await press('2', { shiftKey: true, key: '@' });
    const history = () => view.get('[aria-label="Ground-truth history"]');
    expect(history().findAll('li')).toHaveLength(2);
    expect(history().text()).toContain('Ada');
    await button(/^Revert to Imported original/).trigger('click');
    await flushPromises();
    expect(workbench.truths.get(1)?.box).toEqual(originalBox);
    expect(history().findAll('li')).toHaveLength(3);
  });

  it('that cannot be saved says why, and what to do', async () => {
    await show(1);
    workbench.failing = { call: 'corrections.apply', kind: 'disk-full' };
    await press('2', { shiftKey: true, key: '@' });
    expect(status()).toBe('Not saved');
    expect(view.get('.problem').text()).toContain('It did not work.');
    workbench.failing = null;
    await button('Try again').trigger('click');
    await flushPromises();
    expect(status()).toBe('Saved');
    expect(view.find('.problem').exists()).toBe(false);
  });
});

describe('labels', () => {
  it('are given and taken off by a digit', async () => {
    await show(1);
    await press('1');
    expect(workbench.states.get(1)?.label).toBe('wrong-instance');
    expect(button(/Wrong object, right category$/).attributes('aria-pressed')).toBe('true');
    await press('1');
    expect(workbench.states.get(1)?.label).toBeNull();
  });

  it('go on to the next expression when asked to', async () => {
    await show(1);
    await press('N', { shiftKey: true });
    await press('2');
    expect(workbench.states.get(1)?.label).toBe('wrong-category');
    expect(router.currentRoute.value.params['expressionId']).toBe('2');
    expect(useInspect().detail?.id).toBe(2);
  });

  it('are not given by what is typed into a field', async () => {
    await show(1);
    await press('a');
    expect(document.activeElement?.id).toBe('inspect-ask');
    await press('1');
    expect(workbench.states.get(1)?.label).toBeNull();
  });

  it('of review are chosen and shown', async () => {
    await show(1);
    await press('v');
    expect(workbench.states.get(1)?.review).toBe('reviewed');
    expect(view.get('.chips').text()).toContain('Reviewed');
  });
});

describe('walking', () => {
  it('goes by letters and arrows, and stops at the ends', async () => {
    await show(1);
    await press('j');
    expect(view.get('h1').text()).toBe('the cat');
    await press('ArrowRight');
    await press('j');
    expect(view.text()).toContain('3 of 3');
    await press('k');
    await press('ArrowLeft');
    expect(view.get('h1').text()).toBe('the dog on the left');
  });

  it('leaves arrows to the box while it is edited', async () => {
    await show(1);
    // The pause that ends a burst of arrow keys must not pass while the test looks.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await press('e');
    await press('ArrowRight');
    expect(useInspect().expressionId).toBe(1);
    expect(useEditor().box).toEqual({ ...originalBox, x: 21 });
    expect(status()).toBe('Saving…');
    await press('Escape');
    expect(workbench.truths.get(1)?.box).toEqual({ ...originalBox, x: 21 });
    await press('ArrowRight');
    expect(useInspect().expressionId).toBe(2);
  });
});

it('answers a question in place, with a way back', async () => {
  await show(1);
  const field = view.get('#inspect-ask');
  await field.setValue('the cat');
  await field.trigger('keydown', { key: 'Enter' });
  await flushPromises();
  expect(view.text()).toContain('Answers to your question. Nothing is stored.');
  expect(view.get('h1').text()).toBe('“the cat”');
  expect(rowTexts()[0]).toContain('Answered');
  expect(view.find('[data-subject="ground-truth"]').exists()).toBe(false);
  (document.activeElement as HTMLElement | null)?.blur();
  await press('Escape');
  expect(view.text()).not.toContain('Answers to your question');
  expect(rowTexts()[0]).toContain('Wrong');
});
