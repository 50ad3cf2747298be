/** Moving the mark over the list: eight keys of one action, told apart only by the step they take. */
import { useBrowse } from '../../stores/browse';
import { defineAction } from '../action';

type Browse = ReturnType<typeof useBrowse>;

function move(id: string, label: string, key: string, go: (browse: Browse) => void) {
  return defineAction({
    id: `browse.move-${id}`,
    label,
    keys: [key],
    group: 'Browse',
    repeats: true,
    keyOnly: true,
    on: ['browse'],
    when: () => useBrowse().ids.length > 0,
    run: () => go(useBrowse()),
  });
}

export default [
  move('left', 'Mark the expression on the left', 'ArrowLeft', (browse) => browse.moveTo(browse.cursor - 1)),
  move('right', 'Mark the expression on the right', 'ArrowRight', (browse) =>
    browse.moveTo(browse.cursor + 1),
  ),
  move('up', 'Mark the expression above', 'ArrowUp', (browse) => browse.moveByRows(-1)),
  move('down', 'Mark the expression below', 'ArrowDown', (browse) => browse.moveByRows(1)),
  move('page-up', 'One screen up', 'PageUp', (browse) => browse.moveByRows(-browse.rowsOnScreen)),
  move('page-down', 'One screen down', 'PageDown', (browse) => browse.moveByRows(browse.rowsOnScreen)),
  move('first', 'Mark the first expression', 'Home', (browse) => browse.moveTo(0)),
  move('last', 'Mark the last expression', 'End', (browse) => browse.moveTo(browse.ids.length - 1)),
];
