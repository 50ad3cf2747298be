import { useShell } from '../../stores/shell';
import { defineAction } from '../action';

export default defineAction({
  id: 'shell.command-palette',
  label: 'Find a command',
  keys: ['$mod+k', '$mod+Shift+p'],
  group: 'General',
  run: () => useShell().toggle('palette'),
});
