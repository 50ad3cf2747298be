import { useBrowse } from '../../stores/browse';
import { defineAction } from '../action';

export default [
  defineAction({
    id: 'browse.toggle-selected',
    label: 'Select or unselect the marked expression',
    keys: ['Space', 'x'],
    group: 'Browse',
    on: ['browse'],
    when: () => useBrowse().currentId !== null,
    run: () => {
      const browse = useBrowse();
      if (browse.currentId !== null) browse.toggleSelected(browse.currentId);
    },
  }),
  defineAction({
    id: 'browse.clear-selection',
    label: 'Clear the selection',
    keys: ['Escape'],
    group: 'Browse',
    on: ['browse'],
    when: () => useBrowse().selected.size > 0,
    run: () => useBrowse().clearSelection(),
  }),
];
