import { reviewStateNames, reviewStates } from '../../../common/contract';
import { useLabels } from '../../stores/corrections-labels';
import { useInspect } from '../../stores/inspect';
import { defineAction, type Action } from '../action';
import { reviewKeys } from '../review-keys';

const whileReady: Pick<Action, 'on' | 'when'> = { on: ['inspect'], when: () => useInspect().isReady };

export default [
  ...reviewStates.map((state) =>
    defineAction({
      id: `label.review-${state}`,
      label: `Mark as ${reviewStateNames[state].toLowerCase()}`,
      keys: [reviewKeys[state]],
      group: 'Label',
      ...whileReady,
      run: () => useLabels().review(state),
    }),
  ),
  defineAction({
    id: 'label.reviewed-and-next',
    label: 'Mark as reviewed and go on',
    keys: ['Shift+Enter'],
    group: 'Label',
    ...whileReady,
    run: () => useLabels().reviewAndGoOn(),
  }),
];
