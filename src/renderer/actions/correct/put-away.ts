import { useClicks } from '../../stores/corrections-clicks';
import { usePaint } from '../../stores/corrections-paint';
import { useMaskTool } from '../../stores/corrections-tool';
import { defineAction } from '../action';

export default defineAction({
  id: 'correct.put-away',
  label: 'Drop what was not taken; with nothing to drop, put the tool away',
  keys: ['Escape'],
  group: 'Correct',
  on: ['inspect'],
  when: () => useMaskTool().tool !== null,
  run: () => {
    const clicks = useClicks();
    const paint = usePaint();
    // A box that is being dragged is taken back alone; the clicks before it stay.
    if (clicks.gesture) clicks.gesture = null;
    else if (clicks.steps.length > 0) clicks.drop();
    else if (paint.hasDraft) paint.cancel();
    else useMaskTool().putAway();
  },
});
