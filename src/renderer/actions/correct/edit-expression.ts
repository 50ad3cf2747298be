import { useEditor } from '../../stores/corrections-editor';
import { useInspect } from '../../stores/inspect';
import { defineAction } from '../action';

export default defineAction({
  id: 'correct.edit-expression',
  label: 'Edit the expression',
  keys: ['F2'],
  group: 'Correct',
  on: ['inspect'],
  when: () => useInspect().isReady,
  run: () => {
    useEditor().isEditingText = true;
  },
});
