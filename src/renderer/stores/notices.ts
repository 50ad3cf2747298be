import { defineStore } from 'pinia';
import { ref } from 'vue';
import { WorkbenchFailure } from '../api/client';

export type NoticeTone = 'information' | 'success' | 'warning' | 'error';

export interface Notice {
  key: number;
  tone: NoticeTone;
  message: string;
  hint: string;
  /** Finds the line in the log; empty where there is none. */
  id: string;
  action: { label: string; run: () => void } | null;
  /** How often the same notice came while it was shown. */
  count: number;
}

export type NoticeInput = Pick<Notice, 'tone' | 'message'> & Partial<Pick<Notice, 'hint' | 'id' | 'action'>>;

/** Errors stay until they are dismissed: a person may want to copy them. */
const secondsShown: Record<NoticeTone, number | null> = {
  information: 6,
  success: 5,
  warning: 12,
  error: null,
};
/** An error is not lost because others came after it; so many are not read by anybody any more. */
const mostKept = 50;

/** Everything the workbench has to say that belongs to no particular place on the screen. */
export const useNotices = defineStore('notices', () => {
  const notices = ref<Notice[]>([]);
  const timers = new Map<number, ReturnType<typeof setTimeout>>();
  let nextKey = 1;

  function dismiss(key: number) {
    clearTimeout(timers.get(key));
    timers.delete(key);
    notices.value = notices.value.filter((notice) => notice.key !== key);
  }

  function dismissAll() {
    for (const { key } of notices.value) dismiss(key);
  }

  function startTimer(notice: Notice) {
    const seconds = secondsShown[notice.tone];
    clearTimeout(timers.get(notice.key));
    if (seconds !== null)
      timers.set(
        notice.key,
        setTimeout(() => dismiss(notice.key), seconds * 1000),
      );
  }

  function push(input: NoticeInput) {
    const same = notices.value.find((each) => each.message === input.message && each.tone === input.tone);
    if (same) {
      same.count += 1;
      same.id = input.id ?? same.id;
      startTimer(same);
      return;
    }
    const notice: Notice = { hint: '', id: '', action: null, ...input, key: nextKey++, count: 1 };
    notices.value = [...notices.value, notice].slice(-mostKept);
    startTimer(notice);
  }

  /** Any thrown thing. A cancelled call is what the person asked for: it says only what is left to do. */
  function failure(thrown: unknown) {
    if (thrown instanceof WorkbenchFailure) {
      if (thrown.kind === 'cancelled') {
        if (thrown.hint) push({ tone: 'information', message: thrown.message, hint: thrown.hint });
        return;
      }
      push({ tone: 'error', message: thrown.message, hint: thrown.hint, id: thrown.id });
      return;
    }
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    push({ tone: 'error', message, hint: 'This is a defect of the window; what is saved is safe.' });
  }

  /** Runs something and turns its failure into a notice; undefined then. */
  async function attempt<Value>(work: () => Promise<Value>): Promise<Value | undefined> {
    try {
      return await work();
    } catch (thrown) {
      failure(thrown);
      return undefined;
    }
  }

  return { notices, push, failure, attempt, dismiss, dismissAll };
});
