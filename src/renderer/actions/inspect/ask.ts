import { useStage } from '../../stores/inspect-stage';
import { askFieldId } from '../../views/inspect/fields';
import { defineAction } from '../action';

export default defineAction({
  id: 'inspect.ask',
  label: 'Ask the methods about this image',
  keys: ['a'],
  group: 'Inspect',
  on: ['inspect'],
  when: () => useStage().picture !== null,
  run: () => {
    const field = document.getElementById(askFieldId);
    if (!(field instanceof HTMLInputElement)) return;
    field.focus();
    field.select();
  },
});
