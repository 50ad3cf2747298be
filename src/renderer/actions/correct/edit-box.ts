import { currentScreen } from '../../router';
import { useEditor } from '../../stores/corrections-editor';
import { defineAction } from '../action';

export default defineAction({
  id: 'correct.edit-box',
  label: 'Edit the ground-truth box',
  keys: ['e', 'Enter'],
  group: 'Correct',
  when: () => currentScreen() === 'inspect' && useEditor().canEdit && useEditor().box !== null,
  run: () => {
    const editor = useEditor();
    if (editor.isEditing && !editor.isDrawing) editor.stopEditing();
    else {
      editor.cancel();
      editor.startEditing();
    }
  },
});
