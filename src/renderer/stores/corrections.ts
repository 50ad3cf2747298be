import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type { Change, CorrectionResult, UnsavedChange } from '../../common/contract';
import { sameBox } from '../../common/geometry/boxes';
import { api, listen, WorkbenchFailure } from '../api/client';
import { openExpression } from '../router';
import { isRepeatable, withPending, withRevision, type Waiting } from './corrections-pending';
import { useInspect } from './inspect';
import { useNotices } from './notices';

/** `conflict`: somebody else changed the same ground truth; the person decides. */
/** What could not be saved is tried again after so many milliseconds. */
const retryPause = 5_000;

export type SaveState = 'saved' | 'saving' | 'not-saved' | 'conflict';

/**
 * Saves what a person does, one step after the other, in the order it was done. A step that cannot be saved
 * stays, is shown, and blocks those behind it until it is tried again or given up: nothing is lost without a word.
 */
export const useCorrections = defineStore('corrections', () => {
  const inspect = useInspect();
  const notices = useNotices();

  const waiting = shallowRef<Waiting[]>([]);
  const state = ref<SaveState>('saved');
  /** Why it is not saved. */
  const failure = shallowRef<WorkbenchFailure | null>(null);
  /** How many steps this window has saved since it opened. */
  const savedCount = ref(0);
  let isWorking = false;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;
  /** Steps back (below 0: forth again) that were asked for while another was under way. */
  let owed = 0;
  let nextKey = 1;

  /** What the screen shows: the workspace's state with everything that waits laid over it. */
  const shown = computed(() => (inspect.detail ? withPending(inspect.detail, waiting.value) : null));
  const lastMade = computed(() => waiting.value.findLast((step) => step.kind === 'apply'));
  const undoLabel = computed(() => lastMade.value?.label ?? shown.value?.undoState.undo ?? null);
  const redoLabel = computed(() => (lastMade.value ? null : (shown.value?.undoState.redo ?? null)));
  const isBlocked = computed(() => state.value === 'not-saved' || state.value === 'conflict');

  function send(step: Waiting): Promise<CorrectionResult> {
    if (step.kind === 'apply') return api.corrections.apply({ change: step.change, label: step.label });
    return api.corrections[step.kind]({ imageId: step.imageId });
  }

  /** Quietly: until it works, the screen goes on saying that it does not. */
  async function work(isQuiet = false) {
    if (isWorking || (isBlocked.value && !isQuiet)) return;
    isWorking = true;
    for (let step = waiting.value[0]; step; step = waiting.value[0]) {
      if (!isQuiet) state.value = 'saving';
      try {
        const result = await send(step);
        forgive();
        await settle(step, result);
      } catch (thrown) {
        if (await isSavedAlready(step, thrown)) {
          forgive();
          continue;
        }
        if (step.kind !== 'apply') {
          // A step back that did not happen leaves everything as it is saved.
          remove(step.key);
          owed = 0;
          notices.failure(thrown);
          continue;
        }
        fail(thrown);
        break;
      }
    }
    if (waiting.value.length === 0) state.value = 'saved';
    isWorking = false;
  }

  /** The workspace has the step. It leaves the queue only once the screen's own state has caught up. */
  async function settle(step: Waiting, result: CorrectionResult) {
    savedCount.value += 1;
    inspect.receive(result);
    // The step took away what is on the screen: its image stays, with another expression.
    const isGone = inspect.expressionId !== null && result.removedIds.includes(inspect.expressionId);
    const other = inspect.detail?.siblings.find(({ id }) => !result.removedIds.includes(id));
    if (isGone && other) await openExpression(other.id);
    else await inspect.refresh();
    if (step.kind === 'apply' && step.change.kind === 'ground-truth')
      followRevision(step.change.referentId, result);
    remove(step.key);
    if (step.kind === 'apply') announceAdded(result);
    else {
      announceElsewhere(step.kind, result);
      payOwed();
    }
  }

  /** What waits was made on the person's own last step, so it expects the revision that this step became. */
  function followRevision(referentId: number, { expressionIds, revision }: CorrectionResult) {
    const truth = inspect.detail?.groundTruth;
    if (truth?.referentId === referentId)
      waiting.value = withRevision(waiting.value, referentId, truth.revision);
    else if (expressionIds.length > 0) waiting.value = withRevision(waiting.value, referentId, revision);
  }

  function remove(key: number) {
    waiting.value = waiting.value.filter((step) => step.key !== key);
  }

  function forgive() {
    clearTimeout(retryTimer);
    if (failure.value === null) return;
    failure.value = null;
    state.value = 'saving';
  }

  function fail(thrown: unknown) {
    clearTimeout(retryTimer);
    failure.value =
      thrown instanceof WorkbenchFailure
        ? thrown
        : new WorkbenchFailure({ kind: 'internal', message: String(thrown), hint: '', id: '' });
    state.value = failure.value.kind === 'conflict' ? 'conflict' : 'not-saved';
    if (state.value === 'not-saved') retryTimer = setTimeout(() => void work(true), retryPause);
  }

  /** After a crash in the middle of a save, trying again meets the person's own work: that is no conflict. */
  async function isSavedAlready(step: Waiting, thrown: unknown): Promise<boolean> {
    if (!(thrown instanceof WorkbenchFailure) || thrown.kind !== 'conflict') return false;
    await inspect.refresh();
    if (step.kind !== 'apply' || step.change.kind !== 'ground-truth') return false;
    const truth = inspect.detail?.groundTruth;
    if (truth?.referentId !== step.change.referentId || !sameBox(truth.box, step.change.box)) return false;
    waiting.value = withRevision(waiting.value, truth.referentId, truth.revision);
    remove(step.key);
    return true;
  }

  /** Undo works on the image; its step may belong to another expression than the one on the screen. */
  function announceElsewhere(kind: 'undo' | 'redo', { label, expressionIds, removedIds }: CorrectionResult) {
    const [first] = expressionIds;
    if (
      first === undefined ||
      removedIds.includes(first) ||
      inspect.expressionId === null ||
      expressionIds.includes(inspect.expressionId)
    )
      return;
    notices.push({
      tone: 'information',
      message: `${kind === 'undo' ? 'Undone' : 'Redone'} on another expression of this image: ${label}`,
      action: { label: 'Show it', run: () => void openExpression(first) },
    });
  }

  function announceAdded({ addedIds }: CorrectionResult) {
    const [added] = addedIds;
    if (added === undefined) return;
    notices.push({
      tone: 'success',
      message: 'Added to the dataset. Undo takes it out again.',
      action: { label: 'Open it', run: () => void openExpression(added) },
    });
  }

  /** Steps that may not have reached the workspace, as they can be sent again. */
  const unsaved = computed<UnsavedChange[]>(() =>
    waiting.value.flatMap((step, index) => {
      const isUnderWay = index === 0 && !isBlocked.value;
      if (step.kind !== 'apply' || (isUnderWay && !isRepeatable(step.change))) return [];
      return [{ imageId: step.imageId, label: step.label, change: step.change }];
    }),
  );

  /** Sends what a window that is no more had not saved. */
  function restore(changes: readonly UnsavedChange[]) {
    if (changes.length === 0) return;
    const steps = changes.map((each): Waiting => ({ kind: 'apply', ...each, key: nextKey++ }));
    waiting.value = [...steps, ...waiting.value];
    void work();
  }

  type Made = { label: string } & ({ kind: 'apply'; change: Change } | { kind: 'undo' | 'redo' });

  function enqueue(step: Made) {
    const imageId = inspect.detail?.image.id;
    if (imageId === undefined) return;
    waiting.value = [...waiting.value, { ...step, imageId, key: nextKey++ }];
    if (state.value === 'not-saved') retry();
    else void work();
  }

  function apply(change: Change, label: string) {
    owed = 0;
    enqueue({ kind: 'apply', change, label });
  }

  /** Takes back the last step: one that still waits for want of saving is simply dropped. */
  function undo(isHeld = false) {
    // What is being tried again at this moment may be saved already; then it is undone.
    if (isBlocked.value && !isWorking) {
      waiting.value = waiting.value.slice(0, -1);
      if (waiting.value.length === 0) unblock();
      return;
    }
    step('undo', isHeld);
  }

  function redo(isHeld = false) {
    if (!isBlocked.value) step('redo', isHeld);
  }

  /**
   * One step back or forth at a time: what the next one would be is known only then. A press while one is under way
   * counts afterwards; a key that is held does not, or it would go on after it is let go.
   */
  function step(kind: 'undo' | 'redo', isHeld = false) {
    const label = kind === 'undo' ? undoLabel.value : redoLabel.value;
    if (waiting.value.some((each) => each.kind !== 'apply')) {
      if (!isHeld) owed += kind === 'undo' ? 1 : -1;
    } else if (label !== null) enqueue({ kind, label });
    else owed = 0;
  }

  function payOwed() {
    if (owed === 0) return;
    const kind = owed > 0 ? 'undo' : 'redo';
    owed -= Math.sign(owed);
    step(kind);
  }

  function unblock() {
    clearTimeout(retryTimer);
    failure.value = null;
    state.value = waiting.value.length > 0 ? 'saving' : 'saved';
    void work();
  }

  function retry() {
    if (state.value === 'not-saved') unblock();
  }

  /** Conflict: the person's geometry goes over the newer one, which stays in the history. */
  function keepMine() {
    const truth = inspect.detail?.groundTruth;
    if (state.value !== 'conflict' || !truth) return;
    waiting.value = withRevision(waiting.value, truth.referentId, truth.revision);
    unblock();
  }

  /** Conflict: the newer geometry stays; the person's changes of that box are given up. */
  function takeTheirs() {
    const blocked = waiting.value[0];
    if (state.value !== 'conflict' || blocked?.kind !== 'apply' || blocked.change.kind !== 'ground-truth')
      return;
    const { referentId } = blocked.change;
    waiting.value = waiting.value.filter(
      (step) =>
        step.kind !== 'apply' || step.change.kind !== 'ground-truth' || step.change.referentId !== referentId,
    );
    unblock();
  }

  listen('engine.status', (status) => {
    if (status.state === 'ready') retry();
  });

  return {
    waiting,
    state,
    failure,
    savedCount,
    shown,
    undoLabel,
    redoLabel,
    isBlocked,
    unsaved,
    restore,
    apply,
    undo,
    redo,
    retry,
    keepMine,
    takeTheirs,
  };
});
