import { goTo } from '../../router';
import { defineAction } from '../action';

export default defineAction({
  id: 'navigate.inspect',
  label: 'Go to Inspect',
  keys: ['g i'],
  group: 'Go to',
  run: async () => void (await goTo('inspect')),
});
