/** The border of a mask: loops that run between pixels, with only right angles. */
import type { BitMask, Box } from './types';

// Directions along pixel borders, clockwise on the screen: right, down, left, up.
const stepX = [1, 0, -1, 0];
const stepY = [0, 1, 0, -1];

/** The corners of a closed loop, x0, y0, x1, y1 …, in pixels of the image. */
export type Loop = number[];

/**
 * The borders of all parts and holes in image pixels. The mask lies to the right of the way walked, so outlines go
 * clockwise and holes the other way; a loop starts with a walk to the right. Parts that touch at a corner only are
 * separate. Nothing is looked for outside `extent`, which must hold all of the mask.
 */
export function outlineLoops(
  { width, height, data }: BitMask,
  extent: Box = { x: 0, y: 0, width, height },
): Loop[] {
  const inside = (x: number, y: number) =>
    x >= 0 && y >= 0 && x < width && y < height && data[y * width + x] === 1;
  // Each top border of a mask pixel, walked to the right, starts one loop or belongs to one already walked.
  const walked = new Uint8Array(width * height);
  const loops: Loop[] = [];
  for (let y = extent.y; y < extent.y + extent.height; y += 1) {
    for (let x = extent.x; x < extent.x + extent.width; x += 1) {
      if (inside(x, y) && !inside(x, y - 1) && !walked[y * width + x])
        loops.push(walkLoop(x, y, inside, walked, width));
    }
  }
  return loops;
}

function walkLoop(
  startX: number,
  startY: number,
  inside: (x: number, y: number) => boolean,
  walked: Uint8Array,
  width: number,
): Loop {
  let x = startX;
  let y = startY;
  let direction = 0;
  const loop = [x, y];
  do {
    if (direction === 0) walked[y * width + x] = 1;
    x += stepX[direction] ?? 0;
    y += stepY[direction] ?? 0;
    const turned = nextDirection(x, y, direction, inside);
    const isBack = x === startX && y === startY && turned === 0;
    if (turned !== direction && !isBack) loop.push(x, y);
    direction = turned;
  } while (x !== startX || y !== startY || direction !== 0);
  return loop;
}

/** At a corner of the pixel grid: right if the mask ends ahead on the right, left if it goes on ahead on the left. */
function nextDirection(
  x: number,
  y: number,
  direction: number,
  inside: (x: number, y: number) => boolean,
): number {
  // The two pixels ahead of the corner, on the right and on the left of the way.
  const right = [inside(x, y), inside(x - 1, y), inside(x - 1, y - 1), inside(x, y - 1)][direction];
  const left = [inside(x, y - 1), inside(x, y), inside(x - 1, y), inside(x - 1, y - 1)][direction];
  if (!right) return (direction + 1) % 4;
  return left ? (direction + 3) % 4 : direction;
}
