/** Moving the mark over the grid: eight keys of one action, told apart only by the step they take. */
import { currentScreen } from '../../router';
import { useBrowse } from '../../stores/browse';
import { defineAction } from '../action';

type Browse = ReturnType<typeof useBrowse>;

function move(id: string, label: string, key: string, step: (browse: Browse) => number) {
  return defineAction({
    id: `browse.move-${id}`,
    label,
    keys: [key],
    group: 'Browse',
    repeats: true,
    keyOnly: true,
    when: () => currentScreen() === 'browse' && useBrowse().ids.length > 0,
    run: () => {
      const browse = useBrowse();
      browse.moveTo(browse.cursor + step(browse));
    },
  });
}

export default [
  move('left', 'Mark the expression on the left', 'ArrowLeft', () => -1),
  move('right', 'Mark the expression on the right', 'ArrowRight', () => 1),
  move('up', 'Mark the expression above', 'ArrowUp', (browse) => -browse.columns),
  move('down', 'Mark the expression below', 'ArrowDown', (browse) => browse.columns),
  move('page-up', 'One screen up', 'PageUp', (browse) => -browse.columns * browse.rowsOnScreen),
  move('page-down', 'One screen down', 'PageDown', (browse) => browse.columns * browse.rowsOnScreen),
  move('first', 'Mark the first expression', 'Home', (browse) => -browse.cursor),
  move('last', 'Mark the last expression', 'End', (browse) => browse.ids.length),
];
