/** Cutting out the referent by clicks: everything that the pointer does not do itself. */
import { useClicks } from '../../stores/corrections-clicks';
import { useEditor } from '../../stores/corrections-editor';
import { useMaskTool } from '../../stores/corrections-tool';
import { defineAction, type Action } from '../action';

type Clicks = ReturnType<typeof useClicks>;

function whileClicking(
  action: Pick<Action, 'id' | 'label' | 'keys'>,
  isPossible: (clicks: Clicks) => boolean,
  run: (clicks: Clicks) => void,
): Action {
  return defineAction({
    ...action,
    group: 'Correct',
    on: ['inspect'],
    when: () => useClicks().isActive && isPossible(useClicks()),
    run: () => run(useClicks()),
  });
}

export default [
  defineAction({
    id: 'correct.clicks',
    label: 'Cut out the referent by clicks (SAM)',
    keys: ['s'],
    group: 'Correct',
    on: ['inspect'],
    when: () => useEditor().canEdit,
    run: () => useMaskTool().take('clicks'),
  }),
  whileClicking(
    { id: 'correct.clicks-accept', label: 'Take the mask that was cut out', keys: ['Enter'] },
    (clicks) => clicks.canAccept,
    (clicks) => clicks.accept(),
  ),
  whileClicking(
    { id: 'correct.clicks-next-mask', label: 'Show the next mask for these clicks', keys: ['q'] },
    (clicks) => (clicks.top?.candidates?.length ?? 0) > 1,
    (clicks) => clicks.nextCandidate(),
  ),
  whileClicking(
    { id: 'correct.clicks-back', label: 'Take back the last click', keys: ['Backspace'] },
    (clicks) => clicks.steps.length > 0,
    (clicks) => clicks.stepBack(),
  ),
  whileClicking(
    { id: 'correct.clicks-negative', label: 'Clicks leave out, or take in', keys: ['Alt+x'] },
    () => true,
    (clicks) => (clicks.isNegative = !clicks.isNegative),
  ),
];
