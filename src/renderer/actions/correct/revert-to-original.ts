import { useEditor } from '../../stores/corrections-editor';
import { defineAction } from '../action';

export default defineAction({
  id: 'correct.revert-to-original',
  label: 'Back to the original ground truth',
  keys: ['Alt+Backspace'],
  group: 'Correct',
  on: ['inspect'],
  when: () => useEditor().canEdit && useEditor().truth?.corrected === true,
  run: () => useEditor().revertToOriginal(),
});
