/**
 * Text that was typed and not committed: kept by the place where it was typed, over a crash and a restart, until it is
 * committed or thrown away there. Nothing in here becomes part of the workspace by itself.
 */
import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import { mostDrafts, type Place } from '../../common/contract';

export const useDrafts = defineStore('drafts', () => {
  const texts = shallowRef<ReadonlyMap<string, string>>(new Map());
  /** As they are told to the main process; of too many the newest. */
  const list = computed<Place['drafts']>(() =>
    [...texts.value].slice(-mostDrafts).map(([key, text]) => ({ key, text })),
  );

  function restore(kept: Place['drafts']) {
    texts.value = new Map(kept.map(({ key, text }) => [key, text]));
  }

  function of(key: string): string | null {
    return texts.value.get(key) ?? null;
  }

  /** `saved`: what is committed at this place; text that is the same is no draft. */
  function put(key: string, text: string, saved = '') {
    const next = new Map(texts.value);
    next.delete(key);
    if (text !== saved) next.set(key, text);
    else if (!texts.value.has(key)) return;
    texts.value = next;
  }

  function drop(key: string) {
    if (!texts.value.has(key)) return;
    const next = new Map(texts.value);
    next.delete(key);
    texts.value = next;
  }

  return { list, restore, of, put, drop };
});
