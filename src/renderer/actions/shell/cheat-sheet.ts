import { useShell } from '../../stores/shell';
import { defineAction } from '../action';

export default defineAction({
  id: 'shell.cheat-sheet',
  label: 'Show all keys',
  // The question mark sits on different keys, with and without Shift.
  keys: ['[Shift]+?', 'F1'],
  group: 'General',
  run: () => useShell().toggle('cheat-sheet'),
});
