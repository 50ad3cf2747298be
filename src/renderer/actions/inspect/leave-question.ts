import { currentScreen } from '../../router';
import { useEditor } from '../../stores/corrections-editor';
import { useQuestion } from '../../stores/inspect-question';
import { defineAction } from '../action';

export default defineAction({
  id: 'inspect.leave-question',
  label: 'Back from the question to the expression',
  keys: ['Escape'],
  group: 'Inspect',
  when: () => {
    const question = useQuestion();
    return currentScreen() === 'inspect' && (question.isShown || question.isAsking) && !useEditor().isEditing;
  },
  run: () => useQuestion().leave(),
});
