import { goTo } from '../../router';
import { defineAction } from '../action';

export default defineAction({
  id: 'navigate.browse',
  label: 'Go to Browse',
  keys: ['g b'],
  group: 'Go to',
  run: async () => void (await goTo('browse')),
});
