import { useInspect } from '../../stores/inspect';
import { usePanels } from '../../stores/inspect-panels';
import { noteFieldId } from '../../views/inspect/fields';
import { defineAction } from '../action';

export default defineAction({
  id: 'label.note',
  label: 'Write a note about the expression',
  keys: ['Shift+t'],
  group: 'Label',
  on: ['inspect'],
  when: () => useInspect().isReady,
  run: async () => {
    await usePanels().show('correct');
    document.getElementById(noteFieldId)?.focus();
  },
});
