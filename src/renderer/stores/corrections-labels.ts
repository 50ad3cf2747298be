import { defineStore } from 'pinia';
import { ref, watch } from 'vue';
import { failureLabels, reviewStateNames, type ReviewState } from '../../common/contract';
import { recall, remember } from '../composables/memory';
import { useCorrections } from './corrections';
import { useInspect } from './inspect';

export function failureLabelName(labelId: string | null): string | null {
  return failureLabels.find((each) => each.id === labelId)?.name ?? labelId;
}

/** What a person says about an expression as a whole: why it fails, and whether it has been looked at. */
export const useLabels = defineStore('corrections-labels', () => {
  const inspect = useInspect();
  const corrections = useCorrections();
  /** Whether giving a label goes on to the next expression. */
  const goesOn = ref(recall('inspect-label-and-next') === true);
  watch(goesOn, (value) => remember('inspect-label-and-next', value));

  function current() {
    return inspect.isReady ? corrections.shown : null;
  }

  /** Gives a label; the one that is there already is taken off. */
  async function toggleFailure(labelId: string) {
    const detail = current();
    if (!detail) return;
    const label = detail.failureLabel === labelId ? null : labelId;
    const name = failureLabelName(label);
    corrections.apply(
      { kind: 'failure-label', expressionId: detail.id, label },
      name === null ? 'Remove the failure label' : `Label “${name}”`,
    );
    if (label !== null && goesOn.value) await inspect.go(1);
  }

  function review(state: ReviewState) {
    const detail = current();
    if (!detail || detail.reviewState === state) return;
    corrections.apply(
      { kind: 'review-state', expressionId: detail.id, state },
      `Mark as ${reviewStateNames[state].toLowerCase()}`,
    );
  }

  function note(text: string) {
    const detail = current();
    if (!detail || text.trim() === detail.note) return;
    corrections.apply({ kind: 'note', expressionId: detail.id, note: text.trim() }, 'Edit note');
  }

  async function reviewAndGoOn() {
    review('reviewed');
    await inspect.go(1);
  }

  return { goesOn, toggleFailure, review, note, reviewAndGoOn };
});
