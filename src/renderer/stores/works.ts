/** Long calls under way, wherever they were begun: how far each is, and how to stop it. */
import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import type { Work, WorkName } from '../../common/contract';
import { api } from '../api/client';
import { useNotices } from './notices';

/** One that ends at once is not worth a word; milliseconds. */
const silence = 400;

export const useWorks = defineStore('works', () => {
  const known = shallowRef<ReadonlyMap<WorkName, Work>>(new Map());
  const begun = new Map<WorkName, number>();
  /** In the order in which they began. */
  const list = computed(() => [...known.value.values()]);

  /** Takes in what an event says about a work. */
  function receive(work: Work) {
    const next = new Map(known.value);
    if (work.ended) {
      next.delete(work.name);
      begun.delete(work.name);
    } else {
      const since = begun.get(work.name) ?? performance.now();
      begun.set(work.name, since);
      if (next.has(work.name) || performance.now() - since >= silence) next.set(work.name, work);
    }
    known.value = next;
  }

  /** After the page was loaded anew, and when another engine began. */
  async function load() {
    const found = await useNotices().attempt(() => api.works.list({}));
    known.value = new Map((found ?? []).map((work) => [work.name, work]));
  }

  function of(name: WorkName): Work | null {
    return known.value.get(name) ?? null;
  }

  async function stop(name: WorkName) {
    await useNotices().attempt(() => api.works.stop({ work: name }));
  }

  return { list, of, receive, load, stop };
});
