/** Through the queue of expressions whose ground truth may be wrong. */
import { goTo } from '../../router';
import { useEvaluateView } from '../../stores/evaluate-view';
import { useEditor } from '../../stores/corrections-editor';
import { useInspect } from '../../stores/inspect';
import { useSuspects } from '../../stores/suspects';
import { defineAction } from '../action';

function isReviewing(): boolean {
  return useSuspects().isHere && useInspect().isReady && !useEditor().isEditingText;
}

export default [
  defineAction({
    id: 'suspects.keep',
    label: 'Suspect: the ground truth is right, go on',
    keys: ['Shift+k'],
    group: 'Correct',
    on: ['inspect'],
    when: isReviewing,
    run: () => useSuspects().keep(),
  }),
  defineAction({
    id: 'suspects.accept',
    label: 'Suspect: take what the methods answered, go on',
    keys: ['Shift+m'],
    group: 'Correct',
    on: ['inspect'],
    when: () => isReviewing() && useEditor().canEdit && useSuspects().acceptable !== null,
    run: () => useSuspects().accept(),
  }),
  defineAction({
    id: 'suspects.next',
    label: 'Suspect: go on to the next',
    keys: ['Shift+j'],
    group: 'Correct',
    on: ['inspect'],
    when: isReviewing,
    run: () => useSuspects().next(),
  }),
  defineAction({
    id: 'suspects.back',
    label: 'Suspect: back to the last, and take back what was done',
    keys: ['Shift+Backspace'],
    group: 'Correct',
    on: ['inspect'],
    when: () => useSuspects().trail.length > 0,
    run: () => useSuspects().back(),
  }),
  defineAction({
    id: 'suspects.leave',
    label: 'Suspect: leave the queue',
    keys: ['Shift+q'],
    group: 'Correct',
    when: () => useSuspects().position >= 0,
    run: async () => {
      useSuspects().stop();
      useEvaluateView().section = 'suspects';
      await goTo('evaluate');
    },
  }),
];
