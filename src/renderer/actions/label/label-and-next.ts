import { useLabels } from '../../stores/corrections-labels';
import { defineAction } from '../action';

export default defineAction({
  id: 'label.then-next',
  label: 'Go on after each label, or stay',
  keys: ['Shift+n'],
  group: 'Label',
  on: ['inspect'],
  run: () => {
    const labels = useLabels();
    labels.goesOn = !labels.goesOn;
  },
});
