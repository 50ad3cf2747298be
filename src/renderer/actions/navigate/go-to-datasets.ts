import { goTo } from '../../router';
import { defineAction } from '../action';

export default defineAction({
  id: 'navigate.datasets',
  label: 'Go to Datasets',
  keys: ['g d'],
  group: 'Go to',
  run: async () => void (await goTo('datasets')),
});
