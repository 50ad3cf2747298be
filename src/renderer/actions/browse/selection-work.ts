/** The same keys as in Inspect, for everything that is selected. */
import { failureLabels, reviewStateNames, reviewStates } from '../../../common/contract';
import { currentScreen } from '../../router';
import { useBrowse } from '../../stores/browse';
import { useBrowseBulk } from '../../stores/browse-bulk';
import { defineAction } from '../action';
import { reviewKeys } from '../review-keys';

function isPossible(): boolean {
  return currentScreen() === 'browse' && useBrowse().selected.size > 0;
}

export default [
  ...failureLabels.map(({ digit, id, name }) =>
    defineAction({
      id: `browse.label-selection-${id}`,
      label: `Label the selection: ${name}`,
      keys: [`Digit${digit}`, `Numpad${digit}`],
      group: 'Label',
      when: isPossible,
      run: () => useBrowseBulk().label(id),
    }),
  ),
  defineAction({
    id: 'browse.label-selection-none',
    label: 'Remove the failure labels of the selection',
    keys: ['Digit0', 'Numpad0'],
    group: 'Label',
    when: isPossible,
    run: () => useBrowseBulk().label(null),
  }),
  ...reviewStates.map((state) =>
    defineAction({
      id: `browse.review-selection-${state}`,
      label: `Mark the selection as ${reviewStateNames[state].toLowerCase()}`,
      keys: [reviewKeys[state]],
      group: 'Label',
      when: isPossible,
      run: () => useBrowseBulk().review(state),
    }),
  ),
  defineAction({
    id: 'browse.select-all',
    label: 'Select all expressions of the list',
    keys: ['$mod+a'],
    group: 'Browse',
    when: () => currentScreen() === 'browse' && useBrowse().ids.length > 0,
    run: () => useBrowse().selectAll(),
  }),
];
