/**
 * Coordinates carry the space they are measured in, so that a box of the model frame cannot be
 * passed where a box of the image is wanted without a named conversion.
 */

/** x and y of the top-left corner, width and height; edges lie on pixel borders (no +1). */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

declare const space: unique symbol;

/** Pixels of the stored image after its EXIF orientation is applied. */
export type ImageBox = Box & { readonly [space]?: 'image' };
/** Pixels of the frame a model sees (letterboxed or squashed). */
export type ModelBox = Box & { readonly [space]?: 'model' };
/** CSS pixels of the canvas. */
export type ScreenBox = Box & { readonly [space]?: 'screen' };

export interface Point {
  readonly x: number;
  readonly y: number;
}
export type ImagePoint = Point & { readonly [space]?: 'image' };
export type ModelPoint = Point & { readonly [space]?: 'model' };
export type ScreenPoint = Point & { readonly [space]?: 'screen' };

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A mask in COCO run-length encoding: size is [height, width], counts is COCO's compressed string. */
export interface RunLengthMask {
  readonly size: readonly [number, number];
  readonly counts: string;
}

/** A mask one byte a pixel, row-major, 0 or 1. */
export interface BitMask {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}
