import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import type { WorkbenchEvents } from '../../common/contract';

type EngineStatus = WorkbenchEvents['engine.status'];

/** How the engine process is. It is started before the window, so silence means that it is ready. */
export const useEngine = defineStore('engine', () => {
  const status = shallowRef<EngineStatus>({ state: 'ready', detail: '' });
  /** Counts the times the engine became ready again; what was read before then may be old. */
  const starts = ref(0);

  function receive(next: EngineStatus) {
    const back = next.state === 'ready' && status.value.state !== 'ready';
    status.value = next;
    if (back) starts.value += 1;
  }

  return { status, starts, receive };
});
