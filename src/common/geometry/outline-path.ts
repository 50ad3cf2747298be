/** Masks as something to draw: borders that run between pixels, good for a fill and for an outline. */
import { outlineLoops, type Loop } from './mask-outline';
import type { RunLengthMask } from './types';

/** The borders of all parts and holes as an SVG path in image pixels; outlines go clockwise, holes the other way. */
export function maskOutline(mask: RunLengthMask): string {
  return outlineLoops(mask).map(pathOf).join('');
}

/** A loop has only right angles and starts to the right: its corners are reached across and down in turn. */
function pathOf(loop: Loop): string {
  let path = `M${loop[0]} ${loop[1]}`;
  for (let corner = 1; 2 * corner < loop.length; corner += 1) {
    path += corner % 2 === 1 ? `H${loop[2 * corner]}` : `V${loop[2 * corner + 1]}`;
  }
  return `${path}Z`;
}
