/**
 * The outline of a mask no finer than a screen shows it. That of a large picture has more corners than there are pixels
 * to see them, and drawing them all would hold up every stroke.
 */
import { shrinkMask } from '../../../common/geometry/mask-columns';
import { maskOutline } from '../../../common/geometry/outline-path';
import type { RunLengthMask } from '../../../common/geometry/types';
import type { Projection } from './camera';

export interface ShownOutline {
  /** SVG path in pixels of the shrunken mask. */
  readonly path: string;
  /** Image pixels for one pixel of the shrunken mask. */
  readonly acrossScale: number;
  readonly downScale: number;
}

/** Saving reads all masks of an expression anew, most of them unchanged: their outlines are kept. */
const mostKept = 64;
const kept = new Map<string, ShownOutline>();

/**
 * `scale`: device pixels for one image pixel. The mask is halved only as often as a pixel of it still is no larger than
 * one of the device, so zooming a little draws nothing anew.
 */
export function shownOutline(mask: RunLengthMask, scale: number): ShownOutline {
  const [height, width] = mask.size;
  const halvings = Math.max(0, Math.floor(-Math.log2(scale)));
  const key = `${halvings} ${height} ${width} ${mask.counts}`;
  const found = kept.get(key);
  kept.delete(key);
  const outline = found ?? outlineAt(mask, 2 ** halvings);
  kept.set(key, outline);
  const [oldest] = kept.keys();
  if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest);
  return outline;
}

/** Brings an outline to its place on the screen, as SVG's `transform`. */
export function outlineTransform(outline: ShownOutline, { scale, offsetX, offsetY }: Projection): string {
  return `translate(${offsetX} ${offsetY}) scale(${scale * outline.acrossScale} ${scale * outline.downScale})`;
}

function outlineAt(mask: RunLengthMask, divisor: number): ShownOutline {
  const [height, width] = mask.size;
  const shown = { width: Math.ceil(width / divisor), height: Math.ceil(height / divisor) };
  return {
    path: maskOutline(shrinkMask(mask, shown)),
    acrossScale: width / shown.width,
    downScale: height / shown.height,
  };
}
