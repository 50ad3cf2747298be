import { nextTick, watch } from 'vue';

/** Resolves as soon as something is so, at once where it is so already. What it reads must be reactive. */
export function until(isSo: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const stop = watch(
      isSo,
      (so) => {
        if (!so) return;
        // After this run: the first one comes before `stop` is there.
        void nextTick(() => stop());
        resolve();
      },
      { immediate: true },
    );
  });
}
