/** Choosing among the objects of the image without the mouse, and what can be done with the chosen one. */
import { useObjects } from '../../stores/inspect-objects';
import { defineAction, type Action } from '../action';

type Objects = ReturnType<typeof useObjects>;

function withObjects(
  action: Pick<Action, 'id' | 'label' | 'keys' | 'repeats'>,
  isPossible: (objects: Objects) => boolean,
  run: (objects: Objects) => void | Promise<void>,
): Action {
  return defineAction({
    ...action,
    group: 'Correct',
    on: ['inspect'],
    when: () => isPossible(useObjects()),
    run: () => run(useObjects()),
  });
}

export default [
  withObjects(
    {
      id: 'correct.pick-object',
      label: 'Choose the next object under the pointer, or of the image',
      keys: ['u'],
      repeats: true,
    },
    ({ objects }) => objects.length > 0,
    (objects) => objects.pick(1),
  ),
  withObjects(
    { id: 'correct.pick-object-back', label: 'Choose the object before', keys: ['Alt+u'], repeats: true },
    ({ objects }) => objects.length > 0,
    (objects) => objects.pick(-1),
  ),
  withObjects(
    { id: 'correct.open-object', label: 'Open an expression of the chosen object', keys: ['Alt+Enter'] },
    ({ picked }) => picked !== null && picked.expressions.length > 0,
    (objects) => objects.openPicked(),
  ),
  withObjects(
    { id: 'correct.link-object', label: 'The expression means the chosen object', keys: ['Alt+l'] },
    ({ canRelate }) => canRelate,
    (objects) => objects.linkToPicked(),
  ),
  withObjects(
    {
      id: 'correct.merge-objects',
      label: 'Merge the chosen object into the one of this expression',
      keys: ['Alt+m'],
    },
    ({ canRelate, own }) => canRelate && own !== null,
    (objects) => objects.mergePicked(),
  ),
  withObjects(
    { id: 'correct.split-object', label: 'Give the expression an object of its own', keys: ['Alt+p'] },
    ({ canSplit }) => canSplit,
    (objects) => objects.split(),
  ),
];
