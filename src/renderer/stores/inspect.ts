import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import type { CorrectionResult, ExpressionDetail, WorkbenchEvents } from '../../common/contract';
import { api, imageUrl, listen, WorkbenchFailure } from '../api/client';
import { openExpression } from '../router';
import { useBrowse } from './browse';
import { useRuns } from './runs';

/** Events come in bursts while a job predicts; the detail is read again at most this often, in milliseconds. */
const refreshInterval = 300;
/** Images longer than this, in pixels, are shown scaled down; boxes stay in pixels of the stored image. */
const longestShownSide = 4_096;

/** `longest`: pixels on the longer side; what is not larger comes as it is. */
export function displayUrl(
  image: { id: number; width: number; height: number },
  longest = longestShownSide,
): string {
  const most = Math.min(longest, longestShownSide);
  return imageUrl(image.id, Math.max(image.width, image.height) > most ? most : undefined);
}

interface Prefetched {
  id: number;
  /** The runs asked for: with others chosen since, the answer is of no use. */
  runs: string;
  answer: Promise<ExpressionDetail>;
  /** Held so that the browser keeps the decoded picture. */
  picture: HTMLImageElement;
}

/** The expression that Inspect shows, as the workspace has it. What a person is changing lives elsewhere. */
export const useInspect = defineStore('inspect', () => {
  const browse = useBrowse();
  const runs = useRuns();

  const expressionId = ref<number | null>(null);
  const detail = shallowRef<ExpressionDetail | null>(null);
  /** Why there is nothing to show. A failed refresh leaves what was shown. */
  const failure = shallowRef<unknown>(null);
  const isLoading = ref(false);
  /** Whether what is shown is what was asked for: on the way to the next expression, keys must not hit the last. */
  const isReady = computed(() => detail.value !== null && detail.value.id === expressionId.value);
  let sequence = 0;
  let prefetched: Prefetched | null = null;

  function read(id: number): Promise<ExpressionDetail> {
    const runsKey = runs.shownIds.join();
    if (prefetched?.id === id && prefetched.runs === runsKey) return prefetched.answer;
    return api.expressions.get({ expressionId: id, runIds: runs.shownIds });
  }

  async function load(id: number) {
    const own = (sequence += 1);
    isLoading.value = true;
    try {
      const loaded = await read(id);
      if (own !== sequence) return;
      detail.value = loaded;
      failure.value = null;
    } catch (thrown) {
      if (own !== sequence) return;
      const gone = thrown instanceof WorkbenchFailure && thrown.kind === 'not-found';
      if (detail.value?.id !== id || gone) {
        detail.value = null;
        failure.value = thrown;
      }
    } finally {
      if (own === sequence) isLoading.value = false;
    }
  }

  /** Shows an expression. What was shown stays on the screen until the new one is there. */
  async function open(id: number | null) {
    expressionId.value = id;
    failure.value = null;
    if (id === null) {
      sequence += 1;
      detail.value = null;
      isLoading.value = false;
      return;
    }
    browse.select(id);
    await load(id);
    prefetch();
  }

  async function refresh() {
    prefetched = null;
    if (expressionId.value !== null) await load(expressionId.value);
  }

  /** Has the next expression and its image ready, so that walking through a list never waits. */
  function prefetch() {
    const id = neighbour(1);
    if (id === null) return;
    const answer = api.expressions.get({ expressionId: id, runIds: runs.shownIds });
    const own: Prefetched = { id, runs: runs.shownIds.join(), answer, picture: new Image() };
    prefetched = own;
    answer.then(
      ({ image }) => (own.picture.src = displayUrl(image)),
      () => {
        if (prefetched === own) prefetched = null;
      },
    );
  }

  let timer: ReturnType<typeof setTimeout> | undefined;
  function onDataChanged({ what, expressionIds }: WorkbenchEvents['data.changed']) {
    if (what === 'settings' || what === 'packs') return;
    prefetched = null;
    const id = expressionId.value;
    if (id === null || (expressionIds.length > 0 && !expressionIds.includes(id))) return;
    timer ??= setTimeout(() => {
      timer = undefined;
      void refresh();
    }, refreshInterval);
  }
  listen('data.changed', onDataChanged);
  listen('engine.status', ({ state }) => {
    if (state === 'ready' && failure.value !== null) void refresh();
  });
  watch(
    () => runs.shownIds.join(),
    () => void refresh(),
  );

  /** Takes over what a saved correction says, before the detail is read again. */
  function receive({ undoState }: CorrectionResult) {
    if (detail.value) detail.value = { ...detail.value, undoState };
  }

  /** Index in the list that Browse shows, −1 when the expression is not in it. */
  const position = computed(() =>
    expressionId.value === null ? -1 : browse.ids.indexOf(expressionId.value),
  );

  /** The expression so many places on in the list; null at its ends. */
  function neighbour(step: number): number | null {
    if (position.value < 0) return step > 0 ? browse.currentId : null;
    return browse.ids[position.value + step] ?? null;
  }

  async function go(step: number) {
    const id = neighbour(step);
    if (id !== null) await openExpression(id);
  }

  return {
    expressionId,
    detail,
    failure,
    isLoading,
    isReady,
    position,
    open,
    refresh,
    receive,
    neighbour,
    go,
  };
});
