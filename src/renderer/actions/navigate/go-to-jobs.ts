import { goTo } from '../../router';
import { defineAction } from '../action';

export default defineAction({
  id: 'navigate.jobs',
  label: 'Go to Jobs',
  keys: ['g j'],
  group: 'Go to',
  run: async () => void (await goTo('jobs')),
});
