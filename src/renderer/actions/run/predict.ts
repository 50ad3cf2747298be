import { useDatasets } from '../../stores/datasets';
import { useShell } from '../../stores/shell';
import { defineAction } from '../action';

export default defineAction({
  id: 'run.predict',
  label: 'Predict with the methods…',
  keys: ['$mod+Enter'],
  group: 'Run',
  when: () => useDatasets().current !== null,
  run: () => useShell().toggle('predict'),
});
