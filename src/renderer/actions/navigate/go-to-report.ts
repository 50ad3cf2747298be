import { goTo } from '../../router';
import { defineAction } from '../action';

export default defineAction({
  id: 'navigate.report',
  label: 'Go to Report',
  keys: ['g r'],
  group: 'Go to',
  run: async () => void (await goTo('report')),
});
