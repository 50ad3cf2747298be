import { goTo } from '../../router';
import { defineAction } from '../action';

export default defineAction({
  id: 'navigate.models',
  label: 'Go to Models',
  keys: ['g m'],
  group: 'Go to',
  run: async () => void (await goTo('models')),
});
