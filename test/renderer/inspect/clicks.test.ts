import { mount } from '@vue/test-utils';
import type { Pinia } from 'pinia';
import { beforeEach, describe, expect, it } from 'vitest';
import putAway from '../../../src/renderer/actions/correct/put-away';
import ClickLayer from '../../../src/renderer/canvas/ClickLayer.vue';
import { useClicks } from '../../../src/renderer/stores/corrections-clicks';
import { useEditor } from '../../../src/renderer/stores/corrections-editor';
import { useMaskTool } from '../../../src/renderer/stores/corrections-tool';
import { useInspect } from '../../../src/renderer/stores/inspect';
import { useCorrections } from '../../../src/renderer/stores/corrections';
import { image, maskOf, originalBox, type FakeWorkbench } from './fake-workbench';
import { settled, setUp } from './setup';

let workbench: FakeWorkbench;
let pinia: Pinia;
let clicks: ReturnType<typeof useClicks>;
let maskTool: ReturnType<typeof useMaskTool>;

beforeEach(async () => {
  ({ workbench, pinia } = setUp());
  await useInspect().open(1);
  clicks = useClicks();
  maskTool = useMaskTool();
  maskTool.take('clicks');
  await settled();
});

const square = (x: number, y: number) => ({ x: x - 5, y: y - 5, width: 10, height: 10 });

describe('cutting out by clicks', () => {
  it('makes the image ready when the tool is taken', () => {
    expect(workbench.prompts).toEqual([{ imageId: image.id, points: [], box: null, previousMask: null }]);
    expect(clicks.isPreparing).toBe(false);
  });

  it('shows a preview after each click and stores nothing', async () => {
    clicks.addPoint({ x: 40, y: 40 }, true);
    expect(clicks.isBusy).toBe(true);
    await settled();
    expect(clicks.shown?.mask).toEqual(maskOf(square(40, 40)));
    clicks.addPoint({ x: 60, y: 40 }, false);
    await settled();
    expect(workbench.prompts.at(-1)).toEqual({
      imageId: image.id,
      points: [
        { x: 40, y: 40, positive: true },
        { x: 60, y: 40, positive: false },
      ],
      box: null,
      // The second click improves on the first one's mask.
      previousMask: maskOf(square(40, 40)),
    });
    expect(workbench.calls).not.toContain('corrections.apply');
  });

  it('starts anew with a box', async () => {
    clicks.addPoint({ x: 40, y: 40 }, true);
    await settled();
    clicks.setBox(originalBox);
    await settled();
    expect(workbench.prompts.at(-1)).toMatchObject({ box: originalBox, previousMask: null });
  });

  it('writes mask and box as one step when it is taken', async () => {
    clicks.addPoint({ x: 40, y: 40 }, true);
    await settled();
    clicks.nextCandidate();
    clicks.accept();
    await settled();
    const taken = { ...square(40, 40), width: 15 };
    expect(workbench.truths.get(1)).toMatchObject({ box: taken, mask: maskOf(taken) });
    expect(workbench.undoState().undo).toBe('Cut out by clicks');
    expect(workbench.calls.filter((call) => call === 'corrections.apply')).toHaveLength(1);
    expect(clicks.steps).toEqual([]);
    useCorrections().undo();
    await settled();
    expect(workbench.truths.get(1)).toMatchObject({ box: originalBox, mask: maskOf(originalBox) });
  });

  it('goes back click by click without asking again', async () => {
    clicks.addPoint({ x: 40, y: 40 }, true);
    await settled();
    clicks.addPoint({ x: 80, y: 40 }, true);
    await settled();
    const asked = workbench.prompts.length;
    clicks.stepBack();
    expect(clicks.shown?.mask).toEqual(maskOf(square(40, 40)));
    clicks.stepBack();
    await settled();
    expect(clicks.shown).toBeNull();
    expect(workbench.prompts).toHaveLength(asked);
  });

  it('answers the newest of clicks that come faster than answers', async () => {
    clicks.addPoint({ x: 40, y: 40 }, true);
    clicks.addPoint({ x: 60, y: 40 }, true);
    clicks.addPoint({ x: 80, y: 40 }, true);
    await settled();
    expect(workbench.prompts.map(({ points }) => points?.length)).toEqual([0, 1, 3]);
    expect(clicks.shown?.mask).toEqual(maskOf(square(80, 40)));
  });

  it('takes nothing where nothing was found', async () => {
    clicks.addPoint({ x: 40, y: 40 }, false);
    await settled();
    expect(clicks.canAccept).toBe(false);
    clicks.accept();
    await settled();
    expect(workbench.calls).not.toContain('corrections.apply');
  });

  it('glimpses at what a click would cut out, and no more once there is one', async () => {
    await clicks.lookAt({ x: 40, y: 40 });
    expect(clicks.glimpse).toEqual(maskOf(square(40, 40)));
    await clicks.lookAt(null);
    expect(clicks.glimpse).toBeNull();
    clicks.addPoint({ x: 40, y: 40 }, true);
    await settled();
    expect(clicks.glimpse).toBeNull();
  });

  it('says what went wrong and can try again', async () => {
    workbench.failing = { call: 'expressions.segment', kind: 'model-missing' };
    clicks.addPoint({ x: 40, y: 40 }, true);
    await settled();
    expect(clicks.failure).toMatchObject({ kind: 'model-missing' });
    expect(clicks.isBusy).toBe(false);
    workbench.failing = null;
    clicks.addPoint({ x: 42, y: 40 }, true);
    await settled();
    expect(clicks.failure).toBeNull();
    expect(clicks.shown?.mask).toEqual(maskOf(square(42, 40)));
  });

  it('keeps clicks that are made while the image is encoded, says so, and answers them after that', async () => {
    maskTool.putAway();
    const layer = mount(ClickLayer, {
      props: { projection: { scale: 1, offsetX: 0, offsetY: 0 }, image },
      global: { plugins: [pinia] },
    });
    maskTool.take('clicks');
    expect(clicks.isPreparing).toBe(true);
    clicks.addPoint({ x: 40, y: 40 }, true);
    clicks.addPoint({ x: 60, y: 40 }, true);
    expect(clicks.waitingCount).toBe(2);
    await layer.vm.$nextTick();
    expect(layer.findAll('.mark .ring')).toHaveLength(2);
    await settled();
    expect(clicks.isPreparing).toBe(false);
    expect(clicks.waitingCount).toBe(0);
    expect(clicks.top?.points).toHaveLength(2);
    expect(clicks.shown).not.toBeNull();
    expect(layer.findAll('.mark .ring')).toHaveLength(0);
    layer.unmount();
  });

  it('takes back a box that is being dragged by Escape alone, and keeps the clicks before it', async () => {
    clicks.addPoint({ x: 40, y: 40 }, true);
    await settled();
    clicks.gesture = { from: { x: 5, y: 5 }, to: { x: 30, y: 30 }, negative: false, isDrag: true };
    await putAway.run();
    expect(clicks.gesture).toBeNull();
    expect(clicks.steps).toHaveLength(1);
    await putAway.run();
    expect(clicks.steps).toEqual([]);
    expect(maskTool.tool).toBe('clicks');
    await putAway.run();
    expect(maskTool.tool).toBeNull();
  });

  it('tries clicks again that failed, when the person asks for it', async () => {
    workbench.failing = { call: 'expressions.segment', kind: 'model-missing' };
    clicks.addPoint({ x: 40, y: 40 }, true);
    await settled();
    workbench.failing = null;
    await clicks.prepare();
    await settled();
    expect(clicks.shown?.mask).toEqual(maskOf(square(40, 40)));
  });

  it('drops everything when the person goes on, and keeps the tool in hand', async () => {
    clicks.addPoint({ x: 40, y: 40 }, true);
    await useInspect().open(2);
    await settled();
    expect(clicks.steps).toEqual([]);
    expect(clicks.shown).toBeNull();
    expect(maskTool.tool).toBe('clicks');
    expect(workbench.calls).not.toContain('corrections.apply');
  });

  it('gives way when the box is edited, and takes nothing without a referent', async () => {
    useEditor().startEditing();
    expect(maskTool.tool).toBeNull();
    await useInspect().open(3);
    maskTool.take('clicks');
    expect(maskTool.tool).toBeNull();
  });
});

describe('the pointer', () => {
  const projection = { scale: 2, offsetX: 10, offsetY: 20 };
  function layer() {
    const mounted = mount(ClickLayer, {
      props: { projection, image },
      global: { plugins: [pinia] },
    });
    return mounted.find('.surface');
  }
  const at = (x: number, y: number, more: MouseEventInit = {}) => ({ clientX: x, clientY: y, ...more });

  it('takes in with the main button, leaves out with the right one, and clicks nothing beside the picture', async () => {
    const surface = layer();
    await surface.trigger('pointerdown', at(90, 100, { button: 0 }));
    await surface.trigger('pointerup', at(91, 100));
    await surface.trigger('pointerdown', at(130, 100, { button: 2 }));
    await surface.trigger('pointerup', at(130, 100));
    await surface.trigger('pointerdown', at(5, 5, { button: 0 }));
    await surface.trigger('pointerup', at(5, 5));
    expect(clicks.top?.points).toEqual([
      { x: 40, y: 40, positive: true },
      { x: 60, y: 40, positive: false },
    ]);
  });

  it('draws a box with a drag', async () => {
    const surface = layer();
    await surface.trigger('pointerdown', at(50, 60, { button: 0 }));
    await surface.trigger('pointermove', at(110, 100));
    await surface.trigger('pointerup', at(110, 100));
    expect(clicks.top).toMatchObject({ points: [], box: { x: 20, y: 20, width: 30, height: 20 } });
  });
});
