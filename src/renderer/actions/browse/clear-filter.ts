import { useBrowse } from '../../stores/browse';
import { defineAction } from '../action';

export default defineAction({
  id: 'browse.clear-filter',
  label: 'Show all expressions: clear the filter',
  keys: ['Shift+Escape'],
  group: 'Browse',
  on: ['browse'],
  when: () => useBrowse().isFiltered,
  run: () => useBrowse().clearFilter(),
});
