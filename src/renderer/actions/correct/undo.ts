import { useCorrections } from '../../stores/corrections';
import { useClicks } from '../../stores/corrections-clicks';
import { useEditor } from '../../stores/corrections-editor';
import { usePaint } from '../../stores/corrections-paint';
import { defineAction } from '../action';

export default defineAction({
  id: 'correct.undo',
  label: 'Undo',
  keys: ['$mod+z'],
  group: 'Correct',
  repeats: true,
  on: ['inspect'],
  when: () =>
    useCorrections().undoLabel !== null ||
    useEditor().draft !== null ||
    useClicks().steps.length > 0 ||
    usePaint().hasDraft,
  run: (isHeld) => {
    // What has not ended yet is the last step: undo takes it back.
    const editor = useEditor();
    const clicks = useClicks();
    const paint = usePaint();
    if (clicks.steps.length > 0) clicks.stepBack();
    else if (paint.stroke || paint.held) paint.cancel();
    else if (paint.hasDraft) paint.dropCorner();
    else if (editor.draft !== null) editor.cancel();
    else useCorrections().undo(isHeld);
  },
});
