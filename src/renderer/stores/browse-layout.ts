import { defineStore } from 'pinia';
import { ref, watch } from 'vue';
import { recall, remember } from '../composables/memory';
import { subjects, type Subject } from '../composables/useMethodColours';

export const tileSizes = ['small', 'medium', 'large'] as const;
export type TileSize = (typeof tileSizes)[number];

/** How the grid looks; remembered by the window. */
export const useBrowseLayout = defineStore('browse-layout', () => {
  const rememberedSize = tileSizes.find((size) => size === recall('tile-size'));
  const tileSize = ref<TileSize>(rememberedSize ?? 'medium');

  const rememberedHidden = recall('tile-overlays-hidden');
  const hidden = ref<Subject[]>(
    subjects.filter((subject) => Array.isArray(rememberedHidden) && rememberedHidden.includes(subject)),
  );

  function isShown(subject: Subject): boolean {
    return !hidden.value.includes(subject);
  }

  function toggle(subject: Subject) {
    hidden.value = isShown(subject)
      ? [...hidden.value, subject]
      : hidden.value.filter((each) => each !== subject);
  }

  /** Pixels that the grid is scrolled down; kept while another screen is shown. */
  let scrollOffset = 0;

  watch(tileSize, (size) => remember('tile-size', size));
  watch(hidden, (subjectsHidden) => remember('tile-overlays-hidden', subjectsHidden));

  return {
    tileSize,
    hidden,
    isShown,
    toggle,
    scrollOffset: () => scrollOffset,
    keepScrollOffset: (offset: number) => (scrollOffset = offset),
  };
});
