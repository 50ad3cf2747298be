import { nextTick } from 'vue';
import { currentScreen, goTo } from '../../router';
import { defineAction } from '../action';

export const searchFieldId = 'browse-search';

export default defineAction({
  id: 'browse.focus-search',
  label: 'Search the expressions',
  keys: ['[Shift]+/', '$mod+f'],
  group: 'Browse',
  run: async () => {
    if (currentScreen() !== 'browse') await goTo('browse');
    await nextTick();
    const field = document.getElementById(searchFieldId);
    if (field instanceof HTMLInputElement) field.select();
  },
});
