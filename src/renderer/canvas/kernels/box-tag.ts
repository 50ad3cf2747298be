/** Where the letter of a box stands. Pure. */
import type { ScreenBox } from '../../../common/geometry/types';

/** Screen pixels. */
export const tagSize = 16;

/**
 * Upper left corner of the letter, outside the box. Subjects have a corner each, clockwise from the upper left, so that
 * the letters of coinciding boxes do not cover one another; all from the fourth on share the lower left one.
 */
export function tagPlace(box: ScreenBox, corner: number, selected: boolean): { x: number; y: number } {
  const right = corner === 1 || corner === 2;
  const bottom = corner >= 2;
  // The handles of a selected box need room.
  const gap = selected ? 6 : 1;
  return {
    x: right ? box.x + box.width - tagSize + 1 : box.x - 1,
    y: bottom ? box.y + box.height + gap : box.y - tagSize - gap,
  };
}
