/** How several panes with the same picture share the stage. */
import type { Size } from '../../../common/geometry/types';
import { fitCamera } from './camera';

/** The number of columns that shows the pictures largest; the first of several that do so. */
export function paneColumns(count: number, image: Size, stage: Size): number {
  let best = 1;
  let largest = 0;
  for (let columns = 1; columns <= count; columns += 1) {
    const rows = Math.ceil(count / columns);
    const pane = { width: stage.width / columns, height: stage.height / rows };
    const { scale } = fitCamera(image, pane);
    if (scale > largest) [best, largest] = [columns, scale];
  }
  return best;
}
