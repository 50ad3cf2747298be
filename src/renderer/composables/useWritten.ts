/** What a dialog or a button writes to the disk: how it goes, and where it is afterwards. */
import { ref, shallowRef } from 'vue';
import { api, isCancelled } from '../api/client';
import { useNotices, type NoticeInput } from '../stores/notices';

/** Tells that something was written, with a way there. `hint` is the path unless told otherwise. */
export function useWritten() {
  const notices = useNotices();

  function show(path: string) {
    void notices.attempt(() => api.app.showItem({ path }));
  }

  function tell(
    what: 'file' | 'folder',
    path: string,
    notice: Pick<NoticeInput, 'message'> & Partial<Pick<NoticeInput, 'tone' | 'hint'>>,
  ) {
    notices.push({
      tone: 'success',
      hint: path,
      ...notice,
      action: { label: `Show the ${what}`, run: () => show(path) },
    });
  }

  return { show, tell };
}

/** The writing of a dialog, whose failure is shown in the dialog, with everything that was chosen still there. */
export function useWriting() {
  const working = ref(false);
  const failure = shallowRef<unknown>(null);

  async function attempt(work: () => Promise<void>) {
    working.value = true;
    failure.value = null;
    try {
      await work();
    } catch (thrown) {
      // Stopped by the person: everything that was chosen is still there.
      if (!isCancelled(thrown)) failure.value = thrown;
    } finally {
      working.value = false;
    }
  }

  return { working, failure, attempt };
}
