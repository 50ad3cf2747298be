import { useCorrections } from '../../stores/corrections';
import { useEditor } from '../../stores/corrections-editor';
import { useInspect } from '../../stores/inspect';
import { defineAction } from '../action';

export default defineAction({
  id: 'correct.original-text',
  label: 'Back to the imported text',
  keys: ['Shift+F2'],
  group: 'Correct',
  on: ['inspect'],
  when: () => {
    const { shown } = useCorrections();
    return useInspect().isReady && shown !== null && shown.text !== shown.originalText;
  },
  run: () => useEditor().saveText(useCorrections().shown?.originalText ?? ''),
});
