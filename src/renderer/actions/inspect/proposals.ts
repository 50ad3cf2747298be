/** Picking among overlapping objects without the mouse: through the proposals by rank. */
import { usePaint } from '../../stores/corrections-paint';
import { useAnswers } from '../../stores/inspect-answers';
import { useLayers } from '../../stores/inspect-layers';
import { defineAction } from '../action';

function step(id: string, label: string, key: string, by: 1 | -1) {
  return defineAction({
    id: `inspect.${id}-proposal`,
    label,
    keys: [key],
    group: 'Inspect',
    repeats: true,
    // With a brush in hand these keys are its size.
    on: ['inspect'],
    when: () => useAnswers().proposals.length > 0 && !usePaint().hasBrush,
    run: () => {
      // The chosen one must be seen.
      const layers = useLayers();
      if (layers.opacityOf('proposals') === 0) layers.toggle('proposals');
      useAnswers().stepProposal(by);
    },
  });
}

export default [
  step('next', 'Mark the next proposal', ']', 1),
  step('previous', 'Mark the previous proposal', '[', -1),
];
