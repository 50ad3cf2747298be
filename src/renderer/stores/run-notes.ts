/** Notes on runs, with a way back. */
import { defineStore } from 'pinia';
import { methodNameOf, type RunSummary } from '../../common/contract';
import { api } from '../api/client';
import { useNotices } from './notices';
import { useRuns } from './runs';

export const useRunNotes = defineStore('run-notes', () => {
  const notices = useNotices();
  const runs = useRuns();

  async function write(runId: number, note: string): Promise<string | null> {
    const answer = await notices.attempt(() => api.runs.setNote({ runId, note }));
    if (!answer) return null;
    await runs.load();
    return answer.before;
  }

  async function set(run: RunSummary, note: string) {
    const { id } = run;
    const before = await write(id, note);
    if (before === null) return;
    notices.push({
      tone: 'success',
      message: `Note saved on ${methodNameOf(run)}, run ${id}.`,
      action: { label: 'Undo', run: () => void write(id, before) },
    });
  }

  return { set };
});
