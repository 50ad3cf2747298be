import { useRuns } from '../../stores/runs';
import { useShell } from '../../stores/shell';
import { defineAction } from '../action';

export default defineAction({
  id: 'run.export-predictions',
  label: 'Export the predictions of a run…',
  keys: ['$mod+Shift+e'],
  group: 'Run',
  when: () => useRuns().list.some(({ predictions }) => predictions > 0),
  run: () => useShell().toggle('export-predictions'),
});
