import { methodIds, methodNames } from '../../../common/contract';
import { useEditor } from '../../stores/corrections-editor';
import { useQuestion } from '../../stores/inspect-question';
import { defineAction } from '../action';

export default methodIds.map((method, index) =>
  defineAction({
    id: `correct.accept-${method}`,
    label: `Accept ${methodNames[method]} as ground truth`,
    // By place, not by character: with Shift the digit row types other signs.
    keys: [`Shift+Digit${index + 1}`],
    group: 'Correct',
    on: ['inspect'],
    when: () => {
      const editor = useEditor();
      return editor.canEdit && !useQuestion().isShown && editor.prediction(method) !== null;
    },
    run: () => useEditor().accept(method),
  }),
);
