/** How bright the picture is shown, and with how much contrast, by key. */
import { pictureRange, usePicture } from '../../stores/inspect-picture';
import { defineAction } from '../action';

const step = 0.1;

function change(id: string, label: string, key: string, what: 'brightness' | 'contrast', by: number) {
  return defineAction({
    id: `inspect.${id}`,
    label,
    keys: [key],
    group: 'Inspect',
    repeats: true,
    on: ['inspect'],
    run: () => {
      const picture = usePicture();
      const wanted = Number((picture[what] + by).toFixed(2));
      picture[what] = Math.min(pictureRange.most, Math.max(pictureRange.least, wanted));
    },
  });
}

export default [
  change('brighter', 'Show the picture brighter', 'Alt+b', 'brightness', step),
  change('darker', 'Show the picture darker', 'Alt+d', 'brightness', -step),
  change('more-contrast', 'Show the picture with more contrast', 'Alt+Shift+b', 'contrast', step),
  change('less-contrast', 'Show the picture with less contrast', 'Alt+Shift+d', 'contrast', -step),
  defineAction({
    id: 'inspect.reset-picture',
    label: 'Show the picture as it is',
    keys: ['Alt+0'],
    group: 'Inspect',
    on: ['inspect'],
    when: () => usePicture().isChanged,
    run: () => usePicture().reset(),
  }),
];
