import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import type { PromptPoint, SegmentedMask } from '../../common/contract';
import type { ImageBox, ImagePoint, RunLengthMask, ScreenPoint } from '../../common/geometry/types';
import { api } from '../api/client';
import { useEditor } from './corrections-editor';
import { useMaskTool } from './corrections-tool';
import { useInspect } from './inspect';

/** What SAM was told up to one click, and what it made of that. Each click makes a new step on the one before. */
export interface ClickStep {
  readonly points: readonly PromptPoint[];
  readonly box: ImageBox | null;
  /** null: not answered yet. */
  readonly candidates: readonly SegmentedMask[] | null;
  /** The candidate that is shown, and would be taken. */
  readonly chosen: number;
}

/** In screen pixels. */
export interface ClickGesture {
  readonly from: ScreenPoint;
  readonly to: ScreenPoint;
  readonly negative: boolean;
  readonly isDrag: boolean;
}

/** Cuts out the referent by clicks and a box, with a preview after each. Nothing is stored until it is accepted. */
export const useClicks = defineStore('corrections-clicks', () => {
  const inspect = useInspect();
  const editor = useEditor();
  const maskTool = useMaskTool();

  const steps = shallowRef<readonly ClickStep[]>([]);
  /** The press under the pointer: a click, or a box once it is dragged. */
  const gesture = shallowRef<ClickGesture | null>(null);
  /** What a click under the pointer would cut out, while there is none yet. */
  const glimpse = shallowRef<RunLengthMask | null>(null);
  /** Whether clicks of the main button point at what is not wanted. */
  const isNegative = ref(false);
  /** The image is being encoded; clicks made now are answered after that. */
  const isPreparing = ref(false);
  const failure = shallowRef<unknown>(null);
  /** Milliseconds that the newest preview took. */
  const milliseconds = ref<number | null>(null);
  /** Counts up when what is under way is no longer wanted. */
  let sequence = 0;
  let isWorking = false;
  let glimpseAt: ImagePoint | null = null;

  const isActive = computed(() => maskTool.tool === 'clicks');
  const top = computed(() => steps.value.at(-1) ?? null);
  const isBusy = computed(
    () => top.value !== null && top.value.candidates === null && failure.value === null,
  );
  /** Clicks and boxes that the preview does not show yet. */
  const waitingCount = computed(
    () => steps.value.length - 1 - steps.value.findLastIndex(({ candidates }) => candidates !== null),
  );
  /** The preview: of the newest answered step, so that it does not flicker while the next is awaited. */
  const shown = computed(() => {
    const step = steps.value.findLast((each) => each.candidates !== null);
    return step?.candidates?.[step.chosen] ?? null;
  });
  const canAccept = computed(
    () => isActive.value && editor.canEdit && Boolean(top.value?.candidates?.length),
  );

  function request(step: ClickStep | null, previousMask: RunLengthMask | null) {
    return api.expressions.segment({
      imageId: inspect.detail?.image.id ?? 0,
      points: [...(step?.points ?? [])],
      box: step?.box ?? null,
      previousMask,
    });
  }

  async function prepare() {
    const own = (sequence += 1);
    isPreparing.value = true;
    failure.value = null;
    try {
      await request(null, null);
      // Clicks of before that failed are tried again.
      if (own === sequence) void work();
    } catch (thrown) {
      if (own === sequence) failure.value = thrown;
    } finally {
      if (own === sequence) isPreparing.value = false;
    }
  }

  /** Answers the newest step; those that came and went meanwhile are left out. */
  async function work() {
    if (isWorking) return;
    isWorking = true;
    for (let step = top.value; step?.candidates === null; step = top.value) {
      try {
        const answer = await request(step, maskBefore(step));
        milliseconds.value = answer.milliseconds;
        replace(step, { ...step, candidates: answer.candidates });
      } catch (thrown) {
        if (steps.value.includes(step)) {
          failure.value = thrown;
          break;
        }
      }
    }
    isWorking = false;
  }

  /** The mask that more clicks improve on; a new box starts anew. */
  function maskBefore(step: ClickStep): RunLengthMask | null {
    const before = steps.value
      .slice(0, steps.value.indexOf(step))
      .findLast(({ candidates }) => candidates !== null);
    return before && before.box === step.box ? (before.candidates?.[before.chosen]?.mask ?? null) : null;
  }

  function replace(step: ClickStep, by: ClickStep) {
    steps.value = steps.value.map((each) => (each === step ? by : each));
  }

  function push(points: readonly PromptPoint[], box: ImageBox | null) {
    if (!isActive.value || !editor.canEdit) return;
    failure.value = null;
    glimpse.value = null;
    steps.value = [...steps.value, { points, box, candidates: null, chosen: 0 }];
    void work();
  }

  function addPoint({ x, y }: ImagePoint, positive: boolean) {
    push([...(top.value?.points ?? []), { x, y, positive }], top.value?.box ?? null);
  }

  /** A box takes the place of the one before; the points stay. */
  function setBox(box: ImageBox) {
    push(top.value?.points ?? [], box);
  }

  /** Takes back the last click or box. */
  function stepBack() {
    failure.value = null;
    steps.value = steps.value.slice(0, -1);
    void work();
  }

  function drop() {
    sequence += 1;
    gesture.value = null;
    steps.value = [];
    glimpse.value = null;
    glimpseAt = null;
    failure.value = null;
    isNegative.value = false;
    isPreparing.value = false;
    milliseconds.value = null;
  }

  /** The clicks of before, in their order; what they cut out is asked for anew. */
  function restore(made: readonly Pick<ClickStep, 'points' | 'box'>[]) {
    if (!isActive.value || !editor.canEdit || made.length === 0) return;
    steps.value = made.map(({ points, box }) => ({ points, box, candidates: null, chosen: 0 }));
    void work();
  }

  /** Goes round the masks that the decoder offers for the same clicks. */
  function nextCandidate() {
    const step = top.value;
    const count = step?.candidates?.length ?? 0;
    if (step && count > 1) replace(step, { ...step, chosen: (step.chosen + 1) % count });
  }

  /** The mask and its extent become the ground truth, as one step. */
  function accept() {
    const mask = shown.value?.mask;
    if (!canAccept.value || !mask) return;
    drop();
    editor.saveMask(mask, { source: 'segmented', label: 'Cut out by clicks', box: 'of-mask' });
  }

  /** Before the first click: shows what one at this place would cut out. One question at a time, the newest next. */
  async function lookAt(point: ImagePoint | null) {
    const isLooking = glimpseAt !== null;
    glimpseAt = point;
    if (point === null) glimpse.value = null;
    if (isLooking || isPreparing.value || failure.value !== null) return;
    const own = sequence;
    while (glimpseAt !== null && steps.value.length === 0 && own === sequence && isActive.value) {
      const at = glimpseAt;
      const points = [{ x: at.x, y: at.y, positive: true }];
      try {
        const { candidates } = await request({ points, box: null, candidates: null, chosen: 0 }, null);
        if (own !== sequence || steps.value.length > 0) break;
        glimpse.value = glimpseAt === null ? null : (candidates[0]?.mask ?? null);
      } catch (thrown) {
        if (own === sequence) failure.value = thrown;
        break;
      }
      if (glimpseAt === at) break;
    }
    glimpseAt = null;
  }

  watch(
    [isActive, () => inspect.detail?.image.id],
    ([active]) => {
      drop();
      if (active) void prepare();
    },
    { flush: 'sync' },
  );
  watch(
    () => inspect.expressionId,
    () => {
      const wasPreparing = isPreparing.value;
      drop();
      isPreparing.value = wasPreparing;
    },
    { flush: 'sync' },
  );

  return {
    steps,
    gesture,
    top,
    shown,
    glimpse,
    isActive,
    isNegative,
    isPreparing,
    isBusy,
    waitingCount,
    canAccept,
    failure,
    milliseconds,
    addPoint,
    setBox,
    stepBack,
    drop,
    restore,
    nextCandidate,
    accept,
    lookAt,
    prepare,
  };
});
