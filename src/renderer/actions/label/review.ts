import { reviewStates, type ReviewState } from '../../../common/contract';
import { currentScreen } from '../../router';
import { reviewStateNames, useLabels } from '../../stores/corrections-labels';
import { useInspect } from '../../stores/inspect';
import { defineAction } from '../action';

const keys: Record<ReviewState, string> = {
  unreviewed: 'Shift+u',
  reviewed: 'v',
  ambiguous: 'Shift+a',
  invalid: 'Shift+i',
};

function isPossible(): boolean {
  return currentScreen() === 'inspect' && useInspect().isReady;
}

export default [
  ...reviewStates.map((state) =>
    defineAction({
      id: `label.review-${state}`,
      label: `Mark as ${reviewStateNames[state].toLowerCase()}`,
      keys: [keys[state]],
      group: 'Label',
      when: isPossible,
      run: () => useLabels().review(state),
    }),
  ),
  defineAction({
    id: 'label.reviewed-and-next',
    label: 'Mark as reviewed and go on',
    keys: ['Shift+Enter'],
    group: 'Label',
    when: isPossible,
    run: () => useLabels().reviewAndGoOn(),
  }),
];
