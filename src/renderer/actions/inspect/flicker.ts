import { useAnswers } from '../../stores/inspect-answers';
import { useLayers } from '../../stores/inspect-layers';
import { defineAction } from '../action';

export default defineAction({
  id: 'inspect.flicker',
  label: 'Show one answer alone, then the next, then all again',
  keys: ['r'],
  group: 'Inspect',
  repeats: true,
  on: ['inspect'],
  when: () => useAnswers().hasAny,
  run: () => {
    const answered = useAnswers().answers.flatMap(({ method, prediction }) =>
      prediction?.box ? [method] : [],
    );
    useLayers().flicker(answered);
  },
});
