import { beforeEach, expect, it } from 'vitest';
import { useInspect } from '../../../src/renderer/stores/inspect';
import { useLayers } from '../../../src/renderer/stores/inspect-layers';
import { usePicture } from '../../../src/renderer/stores/inspect-picture';
import { setUp } from './setup';

beforeEach(async () => {
  setUp();
  await useInspect().open(1);
});

it('shows one answer alone, then the next, then all as they were', () => {
  const layers = useLayers();
  layers.toggle('blip-sam');
  const shown = () =>
    (['yolo-clip', 'blip-sam', 'risclip'] as const).filter((method) => layers.opacityOf(method) > 0);
  expect(shown()).toEqual(['yolo-clip', 'risclip']);
  layers.flicker(['yolo-clip', 'blip-sam']);
  expect(shown()).toEqual(['yolo-clip']);
  layers.flicker(['yolo-clip', 'blip-sam']);
  expect(shown()).toEqual(['blip-sam']);
  expect(layers.opacityOf('ground-truth')).toBeGreaterThan(0);
  layers.flicker(['yolo-clip', 'blip-sam']);
  expect(shown()).toEqual(['yolo-clip', 'risclip']);
});

it('brightness and contrast are the picture’s alone', () => {
  const picture = usePicture();
  expect(picture.filter).toBe('none');
  picture.brightness = 1.5;
  expect(picture.filter).toBe('brightness(1.5) contrast(1)');
  picture.reset();
  expect(picture.isChanged).toBe(false);
});
