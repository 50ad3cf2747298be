import { defineStore } from 'pinia';
import { nextTick, ref } from 'vue';

export type Panel = 'evidence' | 'correct';

/** Which panel lies open beside the picture where there is room for one. */
export const usePanels = defineStore('inspect-panels', () => {
  const open = ref<Panel>('evidence');

  /** Resolves when the panel can be seen, and fields in it take the focus. */
  async function show(panel: Panel) {
    open.value = panel;
    await nextTick();
  }

  return { open, show };
});
