import { currentScreen } from '../../router';
import { useAddition } from '../../stores/inspect-addition';
import { defineAction } from '../action';

export default defineAction({
  id: 'inspect.add-to-dataset',
  label: 'Add the question to the dataset as an expression',
  keys: ['i'],
  group: 'Inspect',
  when: () => currentScreen() === 'inspect' && useAddition().isPossible,
  run: () => useAddition().open(),
});
