/** The same keys as in Inspect, for everything that is selected. */
import { failureLabels, reviewStateNames, reviewStates } from '../../../common/contract';
import { useBrowse } from '../../stores/browse';
import { useBrowseBulk } from '../../stores/browse-bulk';
import { defineAction, type Action } from '../action';
import { reviewKeys } from '../review-keys';

const whileSelected: Pick<Action, 'on' | 'when'> = {
  on: ['browse'],
  when: () => useBrowse().selected.size > 0,
};

export default [
  ...failureLabels.map(({ digit, id, name }) =>
    defineAction({
      id: `browse.label-selection-${id}`,
      label: `Label the selection: ${name}`,
      keys: [`Digit${digit}`, `Numpad${digit}`],
      group: 'Label',
      ...whileSelected,
      run: () => useBrowseBulk().label(id),
    }),
  ),
  defineAction({
    id: 'browse.label-selection-none',
    label: 'Remove the failure labels of the selection',
    keys: ['Digit0', 'Numpad0'],
    group: 'Label',
    ...whileSelected,
    run: () => useBrowseBulk().label(null),
  }),
  ...reviewStates.map((state) =>
    defineAction({
      id: `browse.review-selection-${state}`,
      label: `Mark the selection as ${reviewStateNames[state].toLowerCase()}`,
      keys: [reviewKeys[state]],
      group: 'Label',
      ...whileSelected,
      run: () => useBrowseBulk().review(state),
    }),
  ),
  defineAction({
    id: 'browse.select-all',
    label: 'Select all expressions of the list',
    keys: ['$mod+a'],
    group: 'Browse',
    on: ['browse'],
    when: () => useBrowse().ids.length > 0,
    run: () => useBrowse().selectAll(),
  }),
];
