import { isBurst, useEditor } from '../../stores/corrections-editor';
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
    // A burst of presses is work; only a gesture under the pointer is taken back.
    if (editor.gesture !== null && !isBurst(editor.gesture)) editor.cancel();
    else editor.stopEditing();
  },
});
