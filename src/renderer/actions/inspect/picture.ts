/** How bright the picture is shown, by key. */
import { usePicture } from '../../stores/inspect-picture';
import { defineAction } from '../action';

const step = 0.1;

function brighten(id: string, label: string, key: string, by: number) {
  return defineAction({
    id: `inspect.${id}`,
    label,
    keys: [key],
    group: 'Inspect',
    repeats: true,
    on: ['inspect'],
    run: () => {
      const picture = usePicture();
      picture.brightness = Math.min(3, Math.max(0.2, Number((picture.brightness + by).toFixed(2))));
    },
  });
}

export default [
  brighten('brighter', 'Show the picture brighter', 'Alt+b', step),
  brighten('darker', 'Show the picture darker', 'Alt+d', -step),
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
