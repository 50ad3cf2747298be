import { currentScreen } from '../../router';
import { useLayers } from '../../stores/inspect-layers';
import { defineAction } from '../action';

export default defineAction({
  id: 'inspect.side-by-side',
  label: 'Methods side by side, or over one another',
  keys: ['Shift+s'],
  group: 'Inspect',
  when: () => currentScreen() === 'inspect',
  run: () => useLayers().toggleLayout(),
});
