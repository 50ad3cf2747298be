/** Through the list that Browse shows, without going back to it. */
import { useEditor } from '../../stores/corrections-editor';
import { useInspect } from '../../stores/inspect';
import { defineAction } from '../action';

function isHere(step: number): boolean {
  return useInspect().neighbour(step) !== null;
}

/** Arrows belong to the box while it is edited. */
function isFree(step: number): boolean {
  return isHere(step) && !useEditor().isEditing;
}

export default [
  defineAction({
    id: 'inspect.next',
    label: 'Next expression',
    keys: ['j', '.'],
    group: 'Inspect',
    repeats: true,
    on: ['inspect'],
    when: () => isHere(1),
    run: () => useInspect().go(1),
  }),
  defineAction({
    id: 'inspect.previous',
    label: 'Previous expression',
    keys: ['k', ','],
    group: 'Inspect',
    repeats: true,
    on: ['inspect'],
    when: () => isHere(-1),
    run: () => useInspect().go(-1),
  }),
  defineAction({
    id: 'inspect.next-by-arrow',
    label: 'Next expression, while no box is edited',
    keys: ['ArrowRight'],
    group: 'Inspect',
    repeats: true,
    keyOnly: true,
    on: ['inspect'],
    when: () => isFree(1),
    run: () => useInspect().go(1),
  }),
  defineAction({
    id: 'inspect.previous-by-arrow',
    label: 'Previous expression, while no box is edited',
    keys: ['ArrowLeft'],
    group: 'Inspect',
    repeats: true,
    keyOnly: true,
    on: ['inspect'],
    when: () => isFree(-1),
    run: () => useInspect().go(-1),
  }),
];
