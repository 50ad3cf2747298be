import { defineStore } from 'pinia';
import { ref } from 'vue';

export type Overlay = 'palette' | 'cheat-sheet' | 'predict' | 'export-predictions' | null;

/** What lies over the screens. One at a time: opening one closes the other. */
export const useShell = defineStore('shell', () => {
  const overlay = ref<Overlay>(null);

  function toggle(which: Exclude<Overlay, null>) {
    overlay.value = overlay.value === which ? null : which;
  }

  function close() {
    overlay.value = null;
  }

  return { overlay, toggle, close };
});
