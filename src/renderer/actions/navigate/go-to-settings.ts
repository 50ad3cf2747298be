import { goTo } from '../../router';
import { defineAction } from '../action';

export default defineAction({
  id: 'navigate.settings',
  label: 'Go to Settings',
  keys: ['g s'],
  group: 'Go to',
  run: async () => void (await goTo('settings')),
});
