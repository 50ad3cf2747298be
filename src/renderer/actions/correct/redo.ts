import { useCorrections } from '../../stores/corrections';
import { useEditor } from '../../stores/corrections-editor';
import { defineAction } from '../action';

export default defineAction({
  id: 'correct.redo',
  label: 'Redo',
  keys: ['$mod+Shift+z', '$mod+y'],
  group: 'Correct',
  repeats: true,
  on: ['inspect'],
  when: () => useCorrections().redoLabel !== null && useEditor().draft === null,
  run: (isHeld) => useCorrections().redo(isHeld),
});
