import { currentScreen } from '../../router';
import { useLayers } from '../../stores/inspect-layers';
import { defineAction } from '../action';

export default defineAction({
  id: 'inspect.hide-layers',
  label: 'Show the bare image, and back',
  keys: ['x'],
  group: 'Inspect',
  when: () => currentScreen() === 'inspect',
  run: () => {
    const layers = useLayers();
    layers.allHidden = !layers.allHidden;
  },
});
