import { useLayers } from '../../stores/inspect-layers';
import { defineAction } from '../action';

export default defineAction({
  id: 'inspect.hide-layers',
  label: 'Show the bare image, and back',
  keys: ['x'],
  group: 'Inspect',
  on: ['inspect'],
  run: () => {
    const layers = useLayers();
    layers.allHidden = !layers.allHidden;
  },
});
