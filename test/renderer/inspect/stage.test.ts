/** The picture under the hand: wheel, pinch on a track pad, and two fingers. */
import { enableAutoUnmount, flushPromises, mount, type VueWrapper } from '@vue/test-utils';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import ImageStage from '../../../src/renderer/canvas/ImageStage.vue';
import { useInspect } from '../../../src/renderer/stores/inspect';
import { useCamera } from '../../../src/renderer/stores/inspect-camera';
import { useRuns } from '../../../src/renderer/stores/runs';
import { image } from './fake-workbench';
import { setUp } from './setup';

enableAutoUnmount(afterEach);
let stage: VueWrapper;

beforeEach(async () => {
  const { pinia } = setUp();
  await useRuns().load();
  await useInspect().open(1);
  useCamera().resize({ width: 400, height: 300 });
  stage = mount(ImageStage, {
    props: { image: { key: 'image-7', ...image }, source: 'about:blank', label: 'Stage' },
    global: { plugins: [pinia] },
  });
  await flushPromises();
});

function touch(type: string, pointerId: number, x: number, y: number) {
  const event = new MouseEvent(type, { bubbles: true, clientX: x, clientY: y, button: 0 });
  Object.assign(event, { pointerId, pointerType: 'touch' });
  stage.element.dispatchEvent(event);
}

it('a pinch of a track pad follows the fingers closely, a wheel does not jump', async () => {
  const camera = useCamera();
  const before = camera.camera.scale;
  await stage.trigger('wheel', { deltaY: -10, ctrlKey: true });
  const pinched = camera.camera.scale / before;
  camera.fit();
  await stage.trigger('wheel', { deltaY: -10 });
  expect(pinched).toBeCloseTo(Math.exp(0.1));
  expect(camera.camera.scale / before).toBeCloseTo(Math.exp(10 / 450));
});

it('two fingers scale the picture by their distance, one finger moves it', () => {
  const camera = useCamera();
  const before = camera.camera.scale;
  touch('pointerdown', 1, 150, 150);
  touch('pointerdown', 2, 250, 150);
  touch('pointermove', 2, 300, 150);
  touch('pointermove', 1, 100, 150);
  expect(camera.camera.scale / before).toBeCloseTo(2);
  touch('pointerup', 2, 300, 150);
  touch('pointerup', 1, 100, 150);

  const centre = camera.camera.centre;
  touch('pointerdown', 1, 200, 150);
  touch('pointermove', 1, 180, 150);
  expect(camera.camera.centre.x).toBeGreaterThan(centre.x);
  expect(camera.camera.scale / before).toBeCloseTo(2);
});

it('says what lies under the pointer also when the picture moves below it', async () => {
  const camera = useCamera();
  camera.resize({ width: 1, height: 1 });
  const move = (x: number, y: number) =>
    stage.element.dispatchEvent(new MouseEvent('pointermove', { bubbles: true, clientX: x, clientY: y }));
  camera.restore({ scale: 2, centre: { x: 100, y: 50 } });
  move(0.5, 0.5);
  await flushPromises();
  camera.restore({ scale: 2, centre: { x: 120, y: 60 } });
  await flushPromises();
  move(9_999, 0);
  await flushPromises();
  expect(stage.emitted('point')).toEqual([[{ x: 100, y: 50 }], [{ x: 120, y: 60 }], [null]]);
});

it('a wheel’s click glides there, where motion is welcome', async () => {
  document.documentElement.style.setProperty('--motion-normal', '160ms');
  vi.useFakeTimers({ toFake: ['requestAnimationFrame', 'cancelAnimationFrame', 'performance'] });
  const camera = useCamera();
  const before = camera.camera.scale;
  await stage.trigger('wheel', { deltaY: -120 });
  expect(camera.camera.scale).toBeCloseTo(before);
  vi.advanceTimersByTime(48);
  const onTheWay = camera.camera.scale;
  vi.advanceTimersByTime(200);
  expect(camera.camera.scale / before).toBeCloseTo(Math.exp(120 / 450));
  expect(onTheWay).toBeGreaterThan(before);
  expect(onTheWay).toBeLessThan(camera.camera.scale);
  await stage.trigger('wheel', { deltaY: -120 });
  camera.fit();
  vi.advanceTimersByTime(200);
  expect(camera.camera.scale).toBeCloseTo(before);
  vi.useRealTimers();
  document.documentElement.style.removeProperty('--motion-normal');
});

it('fingers that press nothing have no picture to move', () => {
  const spy = vi.spyOn(useCamera(), 'pinch');
  touch('pointermove', 1, 150, 150);
  touch('pointermove', 2, 250, 150);
  expect(spy).not.toHaveBeenCalled();
});
