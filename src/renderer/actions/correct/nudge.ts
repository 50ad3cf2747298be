/** Keyboard-only box work: arrows move the box, or the edge that Alt and an arrow have taken. */
import type { Direction, Edge } from '../../canvas/kernels/edit-box';
import { useEditor } from '../../stores/corrections-editor';
import { defineAction, type Action } from '../action';

const directions: { direction: Direction; edge: Edge; key: string }[] = [
  { direction: 'left', edge: 'left', key: 'ArrowLeft' },
  { direction: 'right', edge: 'right', key: 'ArrowRight' },
  { direction: 'up', edge: 'top', key: 'ArrowUp' },
  { direction: 'down', edge: 'bottom', key: 'ArrowDown' },
];

function isEditing(): boolean {
  return useEditor().isEditing && useEditor().canEdit;
}

function nudge(direction: Direction, key: string, distance: number): Action {
  const amount = distance === 1 ? '1 pixel' : `${distance} pixels`;
  return defineAction({
    id: `correct.nudge-${direction}-${distance}`,
    label: `Move the box or the taken edge ${direction} by ${amount}`,
    keys: [key],
    group: 'Correct',
    repeats: true,
    keyOnly: true,
    on: ['inspect'],
    when: isEditing,
    run: () => useEditor().nudge(direction, distance),
  });
}

function takeEdge(edge: Edge, key: string): Action {
  return defineAction({
    id: `correct.take-${edge}-edge`,
    label: `Take the ${edge} edge, or let it go`,
    keys: [`Alt+${key}`],
    group: 'Correct',
    on: ['inspect'],
    when: () => useEditor().canEdit && useEditor().box !== null,
    run: () => useEditor().choosePart(edge),
  });
}

export default directions.flatMap(({ direction, edge, key }) => [
  nudge(direction, key, 1),
  nudge(direction, `Shift+${key}`, 10),
  takeEdge(edge, key),
]);
