/** Expressions that a person chose for the report, in the order in which they were added. */
import { defineStore } from 'pinia';
import { computed, ref, watch } from 'vue';
import { useDatasets } from './datasets';
import { useNotices } from './notices';

/** As many as the contract takes. */
export const mostChosen = 200;

export const useReportExamples = defineStore('report-examples', () => {
  const datasets = useDatasets();
  const ids = ref<readonly number[]>([]);
  const chosen = computed(() => new Set(ids.value));

  /** Adds what is not chosen yet, and says how many now are. */
  function add(expressionIds: Iterable<number>): void {
    const added = [...expressionIds].filter((id) => !chosen.value.has(id));
    const all = [...ids.value, ...added];
    ids.value = all.slice(0, mostChosen);
    useNotices().push({
      tone: 'information',
      message: `${ids.value.length} of the report’s examples are chosen by hand.`,
      hint: all.length > mostChosen ? `A report has room for ${mostChosen}; the rest was left out.` : '',
    });
  }

  function remove(expressionId: number): void {
    ids.value = ids.value.filter((id) => id !== expressionId);
  }

  function clear(): void {
    ids.value = [];
  }

  watch(() => datasets.current?.id, clear);

  return { ids, chosen, add, remove, clear };
});
