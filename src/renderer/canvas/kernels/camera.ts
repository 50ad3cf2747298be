/**
 * The camera says which part of the image is seen and how large. It holds no viewport, so that several panes
 * can share one camera: each pane makes its own projection from it.
 */
import type { ImageBox, ImagePoint, ScreenBox, ScreenPoint, Size } from '../../../common/geometry/types';

export interface Camera {
  /** Screen pixels per image pixel. */
  readonly scale: number;
  /** The image point in the middle of the viewport. */
  readonly centre: ImagePoint;
}

/** A camera seen through one viewport: screen = image · scale + offset. */
export interface Projection {
  readonly scale: number;
  readonly offsetX: number;
  readonly offsetY: number;
}

/** The step between two presses of a zoom key. */
export const zoomStep = 1.25;
/** No pixel of the image is shown larger than this many pixels of the screen. */
const largestScale = 40;
/** Space left around a fitted image, in screen pixels. */
const fitMargin = 16;

export function project(camera: Camera, viewport: Size): Projection {
  return {
    scale: camera.scale,
    offsetX: viewport.width / 2 - camera.centre.x * camera.scale,
    offsetY: viewport.height / 2 - camera.centre.y * camera.scale,
  };
}

export function imageToScreen(projection: Projection, point: ImagePoint): ScreenPoint {
  return {
    x: point.x * projection.scale + projection.offsetX,
    y: point.y * projection.scale + projection.offsetY,
  };
}

export function screenToImage(projection: Projection, point: ScreenPoint): ImagePoint {
  return {
    x: (point.x - projection.offsetX) / projection.scale,
    y: (point.y - projection.offsetY) / projection.scale,
  };
}

export function imageBoxToScreen(projection: Projection, box: ImageBox): ScreenBox {
  const corner = imageToScreen(projection, box);
  return { ...corner, width: box.width * projection.scale, height: box.height * projection.scale };
}

/** A small image is fitted no larger than this, so that its pixels do not become tiles. */
const largestFit = 16;

/** The whole image in the middle. */
export function fitCamera(image: Size, viewport: Size): Camera {
  const width = Math.max(1, viewport.width - 2 * fitMargin);
  const height = Math.max(1, viewport.height - 2 * fitMargin);
  const scale = Math.min(width / image.width, height / image.height, largestFit);
  return { scale, centre: { x: image.width / 2, y: image.height / 2 } };
}

/** A box in the middle, with as much around it again, so that the place in the image stays recognisable. */
export function boxCamera(box: ImageBox, image: Size, viewport: Size): Camera {
  const scale = Math.min(
    viewport.width / Math.max(1, box.width * 2),
    viewport.height / Math.max(1, box.height * 2),
  );
  const centre = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  return clampCamera({ scale, centre }, image, viewport);
}

/** Scale limits: from a quarter of the fitted size up to single pixels. */
function clampScale(scale: number, image: Size, viewport: Size): number {
  const smallest = Math.min(fitCamera(image, viewport).scale, 1) / 4;
  return Math.min(Math.max(scale, smallest), Math.max(largestScale, smallest));
}

/** Keeps the scale within its limits and the middle of the viewport on the image. */
export function clampCamera(camera: Camera, image: Size, viewport: Size): Camera {
  return {
    scale: clampScale(camera.scale, image, viewport),
    centre: {
      x: Math.min(Math.max(camera.centre.x, 0), image.width),
      y: Math.min(Math.max(camera.centre.y, 0), image.height),
    },
  };
}

/** Zooms so that the image point under `anchor` stays there, unless that would leave the image. */
export function zoomAt(
  camera: Camera,
  anchor: ScreenPoint,
  factor: number,
  image: Size,
  viewport: Size,
): Camera {
  const scale = clampScale(camera.scale * factor, image, viewport);
  const fixed = screenToImage(project(camera, viewport), anchor);
  const centre = {
    x: fixed.x - (anchor.x - viewport.width / 2) / scale,
    y: fixed.y - (anchor.y - viewport.height / 2) / scale,
  };
  return clampCamera({ scale, centre }, image, viewport);
}

export function zoomAtCentre(camera: Camera, factor: number, image: Size, viewport: Size): Camera {
  return zoomAt(camera, { x: viewport.width / 2, y: viewport.height / 2 }, factor, image, viewport);
}

/** One image pixel as one pixel of the screen, of which `density` make up one of the page, with the same middle. */
export function actualSizeCamera(camera: Camera, image: Size, viewport: Size, density = 1): Camera {
  return clampCamera({ ...camera, scale: 1 / density }, image, viewport);
}

/**
 * On the way from one camera to another, at 0 ≤ share ≤ 1: the scale changes by equal factors, and the middle such that a
 * point that both show at the same place of the screen stays there all the way (there, the middle is linear in 1 / scale).
 */
export function cameraBetween(from: Camera, to: Camera, share: number): Camera {
  const scale = from.scale * (to.scale / from.scale) ** share;
  const change = 1 / to.scale - 1 / from.scale;
  const way = Math.abs(change) * from.scale < 1e-9 ? share : (1 / scale - 1 / from.scale) / change;
  return {
    scale,
    centre: {
      x: from.centre.x + (to.centre.x - from.centre.x) * way,
      y: from.centre.y + (to.centre.y - from.centre.y) * way,
    },
  };
}

/** Moves the picture by screen pixels, as a hand does that drags it. */
export function panCamera(camera: Camera, dx: number, dy: number, image: Size, viewport: Size): Camera {
  const centre = { x: camera.centre.x - dx / camera.scale, y: camera.centre.y - dy / camera.scale };
  return clampCamera({ ...camera, centre }, image, viewport);
}

/**
 * Zoom factor of a wheel step: small and even on track pads, about a quarter for a wheel's click. A pinch on a track
 * pad comes as a wheel with Ctrl held and small steps, and is to follow the fingers.
 */
export function wheelFactor(deltaY: number, deltaMode: number, isPinch = false): number {
  return Math.exp(-wheelPixels(deltaY, deltaMode) / (isPinch ? 100 : 450));
}

/** A wheel's click, which is large: between two of them the picture is to glide. A track pad glides by itself. */
export function isWheelClick(deltaY: number, deltaMode: number): boolean {
  return Math.abs(wheelPixels(deltaY, deltaMode)) >= 40;
}

function wheelPixels(deltaY: number, deltaMode: number): number {
  const pixels = deltaY * (deltaMode === 1 ? 16 : deltaMode === 2 ? 400 : 1);
  return Math.min(Math.max(pixels, -240), 240);
}
