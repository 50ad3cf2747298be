/** What an entry of the list shows: its row, made a few entries a frame, so that a screen of them holds up none. */
import { computed, onBeforeUnmount, shallowRef, watch } from 'vue';
import type { ExpressionRow } from '../../../common/contract';
import { useBrowse } from '../../stores/browse';
import { FrameTurns } from './turns';

const turns = new FrameTurns();

export function usePacedRow(expressionId: () => number, distance: () => number) {
  const browse = useBrowse();
  /** The last one that was shown; while another is waited for, it stays to be changed in place, out of sight. */
  const row = shallowRef<ExpressionRow | null>(null);
  const waiting = computed(() => row.value?.id !== expressionId());
  let takeBack = () => {};

  watch(
    () => browse.rowOf(expressionId()),
    (read) => {
      takeBack();
      if (read) takeBack = turns.ask({ distance, begin: () => (row.value = read) });
    },
    { immediate: true },
  );
  onBeforeUnmount(() => takeBack());
  return { row, waiting };
}
