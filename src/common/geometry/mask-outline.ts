/** The border of a mask: loops that run between pixels, with only right angles. */
import { bordersUpTo, columnsOf, noStretches, type MaskColumns } from './mask-columns';
import type { RunLengthMask } from './types';

/** The corners of a closed loop, x0, y0, x1, y1 …, in pixels of the image. */
export type Loop = number[];

/**
 * The borders of all parts and holes in image pixels. The mask lies to the right of the way walked, so outlines go
 * clockwise and holes the other way; a loop starts with a walk to the right, at its first such border row by row.
 * Parts that touch at a corner only are separate.
 */
export function outlineLoops(mask: RunLengthMask): Loop[] {
  const columns = columnsOf(mask);
  // Each top of a stretch, walked to the right, starts one loop or belongs to one already walked.
  const walked = columns.map((stretches) => new Uint8Array(stretches.length / 2));
  const tops: { x: number; y: number }[] = [];
  columns.forEach((stretches, x) => {
    for (let at = 0; at < stretches.length; at += 2) tops.push({ x, y: stretches[at] ?? 0 });
  });
  tops.sort((a, b) => a.y - b.y || a.x - b.x);
  const loops: Loop[] = [];
  for (const { x, y } of tops) {
    if (!walked[x]?.[stretchAt(columns, x, y)]) loops.push(walkLoop(columns, walked, x, y));
  }
  return loops;
}

/** At a corner where the mask ends ahead on the right, the way turns right; else left, if it goes on ahead on the left. */
function walkLoop(columns: MaskColumns, walked: Uint8Array[], startX: number, startY: number): Loop {
  const loop = [startX, startY];
  let [x, y] = [startX, startY];
  let direction = 'right' as 'right' | 'down' | 'left' | 'up';
  const isBack = () => x === startX && y === startY && direction === 'right';
  do {
    const before = direction;
    switch (direction) {
      case 'right':
        walked[x]?.fill(1, stretchAt(columns, x, y), stretchAt(columns, x, y) + 1);
        x += 1;
        if (!covers(columns, x, y)) direction = 'down';
        else if (covers(columns, x, y - 1)) direction = 'up';
        break;
      case 'left':
        x -= 1;
        if (!covers(columns, x - 1, y - 1)) direction = 'up';
        else if (covers(columns, x - 1, y)) direction = 'down';
        break;
      case 'down': {
        const end = borderAfter(columns, x - 1, y);
        const start = borderAfter(columns, x, y);
        direction = end <= start ? 'left' : 'right';
        y = Math.min(end, start);
        break;
      }
      case 'up': {
        const start = borderBefore(columns, x, y);
        const end = borderBefore(columns, x - 1, y);
        direction = start >= end ? 'right' : 'left';
        y = Math.max(start, end);
        break;
      }
    }
    if (direction !== before && !isBack()) loop.push(x, y);
  } while (!isBack());
  return loop;
}

function covers(columns: MaskColumns, x: number, y: number): boolean {
  return bordersUpTo(columns[x] ?? noStretches, y) % 2 === 1;
}

/** Index of the stretch that holds the pixel. */
function stretchAt(columns: MaskColumns, x: number, y: number): number {
  return bordersUpTo(columns[x] ?? noStretches, y) >> 1;
}

function borderAfter(columns: MaskColumns, x: number, y: number): number {
  const stretches = columns[x] ?? noStretches;
  return stretches[bordersUpTo(stretches, y)] ?? Infinity;
}

function borderBefore(columns: MaskColumns, x: number, y: number): number {
  const stretches = columns[x] ?? noStretches;
  return stretches[bordersUpTo(stretches, y - 1) - 1] ?? -Infinity;
}
