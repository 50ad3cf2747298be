/** Brush, eraser and polygon on the mask, and what is done to the mask as a whole. */
import { useEditor } from '../../stores/corrections-editor';
import { usePaint } from '../../stores/corrections-paint';
import { useMaskTool, type MaskTool } from '../../stores/corrections-tool';
import { defineAction, type Action } from '../action';

function take(tool: MaskTool, label: string, key: string): Action {
  return defineAction({
    id: `correct.${tool}`,
    label,
    keys: [key],
    group: 'Correct',
    on: ['inspect'],
    when: () => useEditor().canEdit,
    run: () => useMaskTool().take(tool),
  });
}

type Paint = ReturnType<typeof usePaint>;

function paintAction(
  action: Pick<Action, 'id' | 'label' | 'keys' | 'repeats'>,
  isPossible: (paint: Paint) => boolean,
  run: (paint: Paint) => void,
): Action {
  return defineAction({
    ...action,
    group: 'Correct',
    on: ['inspect'],
    when: () => useEditor().canEdit && isPossible(usePaint()),
    run: () => run(usePaint()),
  });
}

export default [
  take('brush', 'Paint the mask with a brush', 'b'),
  take('eraser', 'Erase from the mask', 'd'),
  take('polygon', 'Draw a polygon of the mask', 'y'),
  paintAction(
    { id: 'correct.brush-larger', label: 'Larger brush', keys: [']'], repeats: true },
    (paint) => paint.hasBrush,
    (paint) => paint.resizeBrush(1),
  ),
  paintAction(
    { id: 'correct.brush-smaller', label: 'Smaller brush', keys: ['['], repeats: true },
    (paint) => paint.hasBrush,
    (paint) => paint.resizeBrush(-1),
  ),
  paintAction(
    { id: 'correct.close-polygon', label: 'Close the polygon', keys: ['Enter'] },
    (paint) => paint.corners.length >= 3,
    (paint) => paint.closePolygon(),
  ),
  paintAction(
    { id: 'correct.drop-corner', label: 'Take back the last corner', keys: ['Backspace'] },
    (paint) => paint.corners.length > 0,
    (paint) => paint.dropCorner(),
  ),
  paintAction(
    { id: 'correct.box-from-mask', label: 'Make the box the extent of the mask', keys: ['m'] },
    (paint) => paint.mask !== null,
    (paint) => paint.boxFromMask(),
  ),
  paintAction(
    { id: 'correct.clear-mask', label: 'Clear the mask', keys: ['Shift+Delete'] },
    (paint) => paint.mask !== null,
    (paint) => paint.clearMask(),
  ),
];
