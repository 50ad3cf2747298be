import { reviewStateNames, reviewStates } from '../../../common/contract';
import { currentScreen } from '../../router';
import { useLabels } from '../../stores/corrections-labels';
import { useInspect } from '../../stores/inspect';
import { defineAction } from '../action';
import { reviewKeys } from '../review-keys';

function isPossible(): boolean {
  return currentScreen() === 'inspect' && useInspect().isReady;
}

export default [
  ...reviewStates.map((state) =>
    defineAction({
      id: `label.review-${state}`,
      label: `Mark as ${reviewStateNames[state].toLowerCase()}`,
      keys: [reviewKeys[state]],
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
