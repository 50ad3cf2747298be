/** How the answers are laid out: over one another, side by side, or swiped between two. */
import { useCompare } from '../../stores/inspect-compare';
import { useLayers } from '../../stores/inspect-layers';
import { lookOf, subjects } from '../../composables/useMethodColours';
import { defineAction } from '../action';
import { subjectKeys } from '../subject-keys';

function moveDivider(id: string, label: string, key: string, by: number) {
  return defineAction({
    id: `inspect.${id}`,
    label,
    keys: [key],
    group: 'Inspect',
    repeats: true,
    on: ['inspect'],
    when: () => useLayers().layout === 'swipe',
    run: () => useCompare().moveDivider(useCompare().divider + by),
  });
}

export default [
  defineAction({
    id: 'inspect.side-by-side',
    label: 'Methods side by side, or over one another',
    keys: ['Shift+s'],
    group: 'Inspect',
    on: ['inspect'],
    run: () => useLayers().toggleLayout('side-by-side'),
  }),
  defineAction({
    id: 'inspect.swipe',
    label: 'Swipe between two answers, or end it',
    keys: ['Shift+w'],
    group: 'Inspect',
    on: ['inspect'],
    run: () => useLayers().toggleLayout('swipe'),
  }),
  moveDivider('swipe-left', 'Move the swipe’s line to the left', '[Shift]+<', -0.05),
  moveDivider('swipe-right', 'Move the swipe’s line to the right', '[Shift]+>', 0.05),
  ...subjects.map((subject) =>
    defineAction({
      id: `inspect.pane-${subject}`,
      label: `Show or hide the pane of ${lookOf(subject).name}`,
      keys: [subjectKeys[subject]],
      group: 'Inspect',
      on: ['inspect'],
      when: () => useLayers().layout === 'side-by-side',
      run: () => useCompare().togglePane(subject),
    }),
  ),
];
