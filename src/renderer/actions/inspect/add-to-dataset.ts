import { useAddition } from '../../stores/inspect-addition';
import { defineAction } from '../action';

export default defineAction({
  id: 'inspect.add-to-dataset',
  label: 'Add the question to the dataset as an expression',
  keys: ['i'],
  group: 'Inspect',
  on: ['inspect'],
  when: () => useAddition().isPossible,
  run: () => useAddition().open(),
});
