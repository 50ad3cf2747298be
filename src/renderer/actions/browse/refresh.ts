import { useBrowse } from '../../stores/browse';
import { defineAction } from '../action';

export default defineAction({
  id: 'browse.refresh',
  label: 'Apply the filter and the order anew',
  keys: ['F5'],
  group: 'Browse',
  on: ['browse'],
  run: () => useBrowse().refresh(),
});
