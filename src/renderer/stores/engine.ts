import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import type { WorkbenchEvents } from '../../common/contract';
import { useNotices } from './notices';

type EngineStatus = WorkbenchEvents['engine.status'];

/** How the engine process is. It is started before the window, so silence means that it is ready. */
export const useEngine = defineStore('engine', () => {
  const status = shallowRef<EngineStatus>({ state: 'ready', detail: '' });
  /** Counts the times the engine became ready again; what was read before then may be old. */
  const starts = ref(0);

  function receive(next: EngineStatus) {
    const before = status.value;
    status.value = next;
    if (next.state !== 'ready' || before.state === 'ready') return;
    starts.value += 1;
    // The banner is gone as quickly as the engine is back: what happened stays to be read.
    if (before.state === 'restarting' && before.logId) {
      useNotices().push({
        tone: 'warning',
        message: `${before.detail} It is back.`,
        hint: 'Nothing that was saved is lost; jobs go on where they stopped.',
        id: before.logId,
      });
    }
  }

  return { status, starts, receive };
});
