import { useEditor } from '../../stores/corrections-editor';
import { defineAction } from '../action';

export default defineAction({
  id: 'correct.draw-box',
  label: 'Draw the ground-truth box anew',
  keys: ['n'],
  group: 'Correct',
  on: ['inspect'],
  when: () => useEditor().canEdit,
  run: () => useEditor().startDrawing(),
});
