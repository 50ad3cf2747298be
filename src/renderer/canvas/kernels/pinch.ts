/** Two fingers on the picture: their middle holds the place under it, their distance is the scale. */
import type { ScreenPoint, Size } from '../../../common/geometry/types';
import { panCamera, zoomAt, type Camera } from './camera';

export interface Fingers {
  readonly first: ScreenPoint;
  readonly second: ScreenPoint;
}

function middleOf({ first, second }: Fingers): ScreenPoint {
  return { x: (first.x + second.x) / 2, y: (first.y + second.y) / 2 };
}

function spreadOf({ first, second }: Fingers): number {
  return Math.max(1, Math.hypot(first.x - second.x, first.y - second.y));
}

/** The camera after the fingers went from one place to another. */
export function pinchCamera(camera: Camera, from: Fingers, to: Fingers, image: Size, viewport: Size): Camera {
  const [before, after] = [middleOf(from), middleOf(to)];
  const moved = panCamera(camera, after.x - before.x, after.y - before.y, image, viewport);
  return zoomAt(moved, after, spreadOf(to) / spreadOf(from), image, viewport);
}
