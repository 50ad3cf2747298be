import { currentScreen } from '../../router';
import { useCorrections } from '../../stores/corrections';
import { useEditor } from '../../stores/corrections-editor';
import { defineAction } from '../action';

export default defineAction({
  id: 'correct.undo',
  label: 'Undo',
  keys: ['$mod+z'],
  group: 'Correct',
  repeats: true,
  when: () =>
    currentScreen() === 'inspect' && (useCorrections().undoLabel !== null || useEditor().draft !== null),
  run: () => {
    // A gesture that has not ended yet is the last step: undo takes it back.
    const editor = useEditor();
    if (editor.draft !== null) editor.cancel();
    else useCorrections().undo();
  },
});
