import { openExpression } from '../../router';
import { useBrowse } from '../../stores/browse';
import { defineAction } from '../action';

export default defineAction({
  id: 'browse.open-current',
  label: 'Inspect the marked expression',
  keys: ['Enter'],
  group: 'Browse',
  on: ['browse'],
  when: () => useBrowse().currentId !== null,
  run: async () => {
    const { currentId } = useBrowse();
    if (currentId !== null) await openExpression(currentId);
  },
});
