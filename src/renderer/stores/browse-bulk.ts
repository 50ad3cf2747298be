/** Human work on everything that is selected in Browse at once, with one press to take it back. */
import { defineStore } from 'pinia';
import { ref } from 'vue';
import {
  reviewStateNames,
  type BulkChange,
  type BulkResult,
  type BulkUndoResult,
  type ReviewState,
} from '../../common/contract';
import { api } from '../api/client';
import { countOf } from '../composables/format';
import { useBrowse } from './browse';
import { failureLabelName } from './browse-filter';
import { useNotices } from './notices';

export const useBrowseBulk = defineStore('browse-bulk', () => {
  const browse = useBrowse();
  const notices = useNotices();
  const busy = ref(false);

  /** null: takes the label off. */
  function label(labelId: string | null) {
    const words = labelId === null ? 'Remove the failure label' : `Label “${failureLabelName(labelId)}”`;
    return change({ kind: 'failure-label', label: labelId }, words);
  }

  function review(state: ReviewState) {
    return change({ kind: 'review-state', state }, `Mark as ${reviewStateNames[state].toLowerCase()}`);
  }

  async function change(given: BulkChange, words: string) {
    const expressionIds = [...browse.selected];
    if (expressionIds.length === 0 || busy.value) return;
    busy.value = true;
    const result = await notices.attempt(() =>
      api.corrections.applyToMany({ expressionIds, change: given, label: words }),
    );
    busy.value = false;
    if (result) tell(result, expressionIds.length);
  }

  function tell({ expressionIds, stepIds, label: words }: BulkResult, asked: number) {
    const same = asked - expressionIds.length;
    if (stepIds.length === 0) {
      notices.push({ tone: 'information', message: `${words}: nothing to change.` });
      return;
    }
    notices.push({
      tone: 'success',
      message: `${words}: ${countOf(expressionIds.length, 'expression')} on ${countOf(stepIds.length, 'image')}.`,
      hint: same > 0 ? `Nothing to change on ${countOf(same, 'expression')}.` : '',
      action: { label: 'Undo', run: () => void undo(stepIds) },
    });
  }

  async function undo(stepIds: number[]) {
    if (busy.value) return;
    busy.value = true;
    const result = await notices.attempt(() => api.corrections.undoSteps({ stepIds }));
    busy.value = false;
    if (result) tellUndone(result);
  }

  function tellUndone({ expressionIds, left, notReached }: BulkUndoResult) {
    const hints = [
      left > 0 ? `${countOf(left, 'image')} changed again since: undo there in Inspect.` : '',
      notReached.length > 0 ? `Stopped before ${countOf(notReached.length, 'image')}.` : '',
    ];
    notices.push({
      tone: left + notReached.length > 0 ? 'warning' : 'information',
      message: `Taken back for ${countOf(expressionIds.length, 'expression')}.`,
      hint: hints.filter((hint) => hint !== '').join(' '),
      ...(notReached.length > 0 && { action: { label: 'Undo the rest', run: () => void undo(notReached) } }),
    });
  }

  return { busy, label, review };
});
