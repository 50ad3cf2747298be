import { goTo } from '../../router';
import { defineAction } from '../action';

export default defineAction({
  id: 'navigate.evaluate',
  label: 'Go to Evaluate',
  keys: ['g e'],
  group: 'Go to',
  run: async () => void (await goTo('evaluate')),
});
