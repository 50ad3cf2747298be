/** Long calls under way, wherever they were begun: how far each is, and how to stop it. */
import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import type { Work, WorkName } from '../../common/contract';
import { api } from '../api/client';
import { useNotices } from './notices';

/** Several of one name may be under way. */
const keyOf = ({ name, id }: Work) => `${name} ${id}`;

/** One that ends at once is not worth a word; milliseconds. */
const silence = 400;

export const useWorks = defineStore('works', () => {
  const known = shallowRef<ReadonlyMap<string, Work>>(new Map());
  const begun = new Map<string, number>();
  /** In the order in which they began. */
  const list = computed(() => [...known.value.values()]);

  /** Takes in what an event says about a work. */
  function receive(work: Work) {
    const next = new Map(known.value);
    const key = keyOf(work);
    if (work.ended) {
      next.delete(key);
      begun.delete(key);
    } else {
      const since = begun.get(key) ?? performance.now();
      begun.set(key, since);
      if (next.has(key) || performance.now() - since >= silence) next.set(key, work);
    }
    known.value = next;
  }

  /** After the page was loaded anew, and when another engine began. */
  async function load() {
    const found = await useNotices().attempt(() => api.works.list({}));
    known.value = new Map((found ?? []).map((work) => [keyOf(work), work]));
  }

  /** The newest of that name, or the one with that id. */
  function of(name: WorkName, id: number | null = null): Work | null {
    return list.value.findLast((work) => work.name === name && (id === null || work.id === id)) ?? null;
  }

  async function stop(name: WorkName) {
    await useNotices().attempt(() => api.works.stop({ work: name }));
  }

  return { list, of, receive, load, stop };
});
