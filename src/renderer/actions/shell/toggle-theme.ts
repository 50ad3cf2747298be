import { useSettings } from '../../stores/settings';
import { shownTheme } from '../../stores/theme';
import { defineAction } from '../action';

export default defineAction({
  id: 'shell.toggle-theme',
  label: 'Switch between light and dark',
  keys: ['$mod+Shift+l'],
  group: 'General',
  run: () => useSettings().change({ theme: shownTheme.value === 'dark' ? 'light' : 'dark' }),
});
