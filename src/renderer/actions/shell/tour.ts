import { useTour } from '../../stores/tour';
import { defineAction } from '../action';

export default defineAction({
  id: 'shell.tour',
  label: 'Take the tour',
  keys: ['Shift+F1'],
  group: 'General',
  run: () => useTour().begin({ lead: true }),
});
