import { useEditor } from '../../stores/corrections-editor';
import { defineAction } from '../action';

export default defineAction({
  id: 'correct.cancel',
  label: 'Take back the gesture; without one, end editing',
  keys: ['Escape'],
  group: 'Correct',
  on: ['inspect'],
  when: () => useEditor().isEditing || useEditor().draft !== null,
  run: () => {
    const editor = useEditor();
    // A finished burst of arrow keys is work; only a gesture under the pointer is taken back.
    if (editor.gesture !== null && editor.gesture !== 'nudge') editor.cancel();
    else editor.stopEditing();
  },
});
