import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import type { Change, GroundTruthRevision, MethodId } from '../../common/contract';
import { revisionTitle } from '../../common/correction-words';
import { sameBox } from '../../common/geometry/boxes';
import { runLengthBox } from '../../common/geometry/rle';
import type { ImageBox, RunLengthMask } from '../../common/geometry/types';
import { nudgeBox, setBoxField, type Direction, type Edge } from '../canvas/kernels/edit-box';
import { methodName } from '../composables/useMethodColours';
import { useCorrections } from './corrections';
import { changesMeaning } from './corrections-pending';
import { useInspect } from './inspect';
import { useQuestion } from './inspect-question';

/** One gesture is one step of the undo stack; its name is what undo will show. */
export type Gesture = 'draw' | 'move' | 'resize' | 'nudge' | 'number';

const gestureLabels: Record<Gesture, string> = {
  draw: 'Draw box',
  move: 'Move box',
  resize: 'Resize box',
  nudge: 'Nudge box',
  number: 'Set box by numbers',
};
type MadeBy = Extract<Change, { kind: 'ground-truth' }>['source'];

/** A burst of arrow keys, or of stepped numbers, ends this long after the last press, in milliseconds. */
const burstPause = 450;

/** Made of presses that each are work: what ends it before its time saves it. */
export function isBurst(gesture: Gesture | null): boolean {
  return gesture === 'nudge' || gesture === 'number';
}

/** The ground-truth box under a person's hands: what is selected, and the gesture that has not ended yet. */
export const useEditor = defineStore('corrections-editor', () => {
  const inspect = useInspect();
  const corrections = useCorrections();
  const question = useQuestion();

  /** Whether the box is selected: it shows handles, arrows nudge it, a drag beside it draws a new one. */
  const isEditing = ref(false);
  /** The next drag draws a new box, wherever it starts. */
  const isDrawing = ref(false);
  /** What the arrow keys move. */
  const part = ref<Edge | 'whole'>('whole');
  /** The box as the gesture has it so far; null between gestures. */
  const draft = shallowRef<ImageBox | null>(null);
  const gesture = ref<Gesture | null>(null);
  /** Whether the expression's text is being typed. */
  const isEditingText = ref(false);
  let burstTimer: ReturnType<typeof setTimeout> | undefined;

  const truth = computed(() => corrections.shown?.groundTruth ?? null);
  /** The box to show, gesture included. */
  const box = computed(() => draft.value ?? truth.value?.box ?? null);
  /** Not while a question is on the screen: what cannot be seen must not be changed. */
  const canEdit = computed(
    () =>
      truth.value !== null && inspect.isReady && !question.isShown && !changesMeaning(corrections.waiting),
  );

  function startEditing() {
    if (canEdit.value) isEditing.value = true;
  }

  function startDrawing() {
    if (!canEdit.value) return;
    commit();
    isEditing.value = true;
    isDrawing.value = true;
  }

  function stopEditing() {
    commit();
    isEditing.value = false;
    isDrawing.value = false;
    part.value = 'whole';
  }

  function begin(kind: Gesture) {
    commit();
    if (!canEdit.value) return;
    isEditing.value = true;
    gesture.value = kind;
  }

  function update(next: ImageBox | null) {
    if (gesture.value !== null) draft.value = next;
  }

  /** Escape: the box is again what it was before the gesture. */
  function cancel() {
    clearTimeout(burstTimer);
    draft.value = null;
    gesture.value = null;
    isDrawing.value = false;
  }

  /** Ends the gesture and hands its box over to be saved. */
  function commit() {
    const [made, kind] = [draft.value, gesture.value];
    cancel();
    if (made === null || kind === null || truth.value === null || sameBox(made, truth.value.box)) return;
    // The engine keeps the old mask only while it still fits the new box.
    save(made, truth.value.mask, {
      source: kind === 'draw' ? 'drawn' : 'edited',
      label: gestureLabels[kind],
    });
  }

  function save(
    next: ImageBox | null,
    mask: RunLengthMask | null,
    how: { source: MadeBy; label: string; runId?: number | null },
  ) {
    if (truth.value === null) return;
    corrections.apply(
      {
        kind: 'ground-truth',
        referentId: truth.value.referentId,
        expectedRevision: truth.value.revision,
        box: next,
        mask,
        source: how.source,
        runId: how.runId ?? null,
      },
      how.label,
    );
  }

  /** Saves another mask. Its extent becomes the box, or the box stays as it is. */
  function saveMask(
    mask: RunLengthMask | null,
    how: { source: MadeBy; label: string; box: 'of-mask' | 'kept'; runId?: number | null },
  ) {
    if (!canEdit.value) return;
    commit();
    const extent = how.box === 'of-mask' && mask ? runLengthBox(mask) : null;
    save(extent ?? truth.value?.box ?? null, mask, how);
  }

  /** One press of several that make one step. */
  function burst(kind: 'nudge' | 'number', next: ImageBox) {
    if (gesture.value !== kind) begin(kind);
    update(next);
    clearTimeout(burstTimer);
    burstTimer = setTimeout(commit, burstPause);
  }

  function nudge(direction: Direction, distance: number) {
    const image = inspect.detail?.image;
    const from = box.value;
    if (!image || !from) return;
    burst('nudge', nudgeBox(from, part.value, direction, distance, image));
  }

  function setField(field: 'x' | 'y' | 'width' | 'height', value: number) {
    const image = inspect.detail?.image;
    const next = image && box.value ? setBoxField(box.value, field, value, image) : null;
    if (next) burst('number', next);
  }

  /** Chooses what the arrow keys move; the same edge again: the whole box. */
  function choosePart(edge: Edge) {
    commit();
    startEditing();
    part.value = part.value === edge ? 'whole' : edge;
  }

  function prediction(method: MethodId) {
    return inspect.detail?.predictions.find((each) => each.method === method && each.box !== null) ?? null;
  }

  /** A stored answer becomes the ground truth, with its mask. */
  function accept(method: MethodId) {
    const answer = prediction(method);
    cancel();
    if (!answer?.box) return;
    save(answer.box, answer.mask, {
      source: 'accepted',
      label: `Accept ${methodName(method)}`,
      runId: answer.runId,
    });
  }

  /** A proposal becomes the ground truth: the right object was seen, another was chosen. */
  function acceptProposal(proposal: ImageBox) {
    const runId = prediction('yolo-clip')?.runId ?? null;
    cancel();
    const { x, y, width, height } = proposal;
    const next = { x, y, width, height };
    save(next, truth.value?.mask ?? null, {
      source: runId === null ? 'edited' : 'accepted',
      label: 'Accept a proposal',
      runId,
    });
  }

  /** One of the masks that SAM offered becomes the ground truth, with its extent as the box. */
  function acceptCandidate(mask: RunLengthMask) {
    const runId = prediction('blip-sam')?.runId ?? null;
    cancel();
    saveMask(mask, { source: 'accepted', label: 'Accept a mask of SAM', box: 'of-mask', runId });
  }

  function saveText(typed: string) {
    const text = typed.trim();
    const detail = corrections.shown;
    isEditingText.value = false;
    if (!detail || !inspect.isReady || text === '' || text === detail.text) return;
    corrections.apply({ kind: 'text', expressionId: detail.id, text }, 'Edit expression');
  }

  function revertTo(wanted: GroundTruthRevision) {
    cancel();
    const title = revisionTitle(wanted);
    // Back to what was gone back to is back to the same.
    const again = wanted.source === 'reverted' && wanted.label !== null;
    const label = wanted.revision === 0 ? 'Revert to the original' : again ? title : `Revert to “${title}”`;
    save(wanted.box, wanted.mask, { source: 'reverted', label });
  }

  /** Back to what was imported, or added: a new revision like any other. */
  function revertToOriginal() {
    const shown = truth.value;
    if (!shown || !canEdit.value) return;
    cancel();
    save(shown.originalBox, shown.originalMask, { source: 'reverted', label: 'Revert to the original' });
  }

  // Leaving an expression ends what is being done to it: arrow keys are saved, a drag cannot go on.
  watch(
    () => inspect.expressionId,
    () => {
      if (isBurst(gesture.value)) commit();
      else cancel();
      isEditing.value = false;
      isEditingText.value = false;
      part.value = 'whole';
    },
    { flush: 'sync' },
  );
  watch(
    () => question.isShown,
    (isShown) => isShown && stopEditing(),
  );
  window.addEventListener('pagehide', commit);

  return {
    isEditing,
    isDrawing,
    isEditingText,
    part,
    draft,
    gesture,
    truth,
    box,
    canEdit,
    startEditing,
    startDrawing,
    stopEditing,
    begin,
    update,
    cancel,
    commit,
    saveMask,
    nudge,
    setField,
    choosePart,
    prediction,
    accept,
    acceptProposal,
    acceptCandidate,
    saveText,
    revertTo,
    revertToOriginal,
  };
});
