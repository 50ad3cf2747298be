/**
 * The theme lives on the document, apart from the other settings, because it must be right before the engine
 * has answered: the last choice is remembered by the window itself.
 */
import { ref, watch } from 'vue';
import type { Settings } from '../../common/contract';
import { recall, remember } from '../composables/memory';

export type ThemeChoice = Settings['theme'];

export const themeChoice = ref<ThemeChoice>('system');
/** What is really shown. */
export const shownTheme = ref<'light' | 'dark'>('light');

function isThemeChoice(value: unknown): value is ThemeChoice {
  return value === 'system' || value === 'light' || value === 'dark';
}

export function followTheme() {
  const remembered = recall('theme');
  if (isThemeChoice(remembered)) themeChoice.value = remembered;
  const systemIsDark = window.matchMedia('(prefers-color-scheme: dark)');

  function apply() {
    const dark = themeChoice.value === 'dark' || (themeChoice.value === 'system' && systemIsDark.matches);
    shownTheme.value = dark ? 'dark' : 'light';
    document.documentElement.dataset['theme'] = shownTheme.value;
  }

  systemIsDark.addEventListener('change', apply);
  watch(themeChoice, (choice) => {
    remember('theme', choice);
    apply();
  });
  apply();
}
