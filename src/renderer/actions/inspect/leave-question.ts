import { useEditor } from '../../stores/corrections-editor';
import { useMaskTool } from '../../stores/corrections-tool';
import { useQuestion } from '../../stores/inspect-question';
import { defineAction } from '../action';

export default defineAction({
  id: 'inspect.leave-question',
  label: 'Back from the question to the expression',
  keys: ['Escape'],
  group: 'Inspect',
  on: ['inspect'],
  when: () => {
    const question = useQuestion();
    // What is in hand is put down first, by the same key.
    const isInHand = useEditor().isEditing || useMaskTool().tool !== null;
    return (question.isShown || question.isAsking) && !isInHand;
  },
  run: () => useQuestion().leave(),
});
