/** A source's mask as COCO run lengths of its image's size, or why it cannot be used. */
import { isDrawable, polygonsToRunLength } from '../../../common/geometry/polygons';
import { maskFromRuns, runLengthArea } from '../../../common/geometry/rle';
import type { RunLengthMask, Size } from '../../../common/geometry/types';
import type { SourceMask } from './model';

const fewestNumbers = 6;

export function checkMask(mask: SourceMask, image: Size): RunLengthMask | { kind: string; message: string } {
  const size: [number, number] = [image.height, image.width];
  if (mask.form === 'polygons') {
    const fault = polygonFault(mask.polygons, image);
    if (fault !== null) return { kind: 'mask-invalid', message: fault };
  } else if (mask.size[0] !== size[0] || mask.size[1] !== size[1]) {
    const message = `the mask is ${mask.size[1]}×${mask.size[0]}, its image ${image.width}×${image.height}`;
    return { kind: 'mask-size', message };
  }
  try {
    const checked =
      mask.form === 'polygons'
        ? polygonsToRunLength(mask.polygons, size)
        : mask.form === 'runs'
          ? maskFromRuns(size, mask.counts)
          : { size, counts: mask.counts };
    if (runLengthArea(checked) === 0) return { kind: 'mask-empty', message: 'the mask covers no pixel' };
    return checked;
  } catch (error) {
    return { kind: 'mask-invalid', message: (error as Error).message.replace(/\.$/, '') };
  }
}

/** Drawing walks along every edge, so points must be near the image. */
function polygonFault(polygons: readonly (readonly number[])[], { width, height }: Size): string | null {
  for (const points of polygons) {
    if (points.length < fewestNumbers || points.length % 2 === 1) {
      return `a polygon has ${points.length} numbers; three points or more have at least ${fewestNumbers}`;
    }
    for (let index = 0; index < points.length; index += 1) {
      const value = points[index] ?? NaN;
      const extent = index % 2 === 0 ? width : height;
      if (!(value >= -extent && value <= 2 * extent))
        return `a polygon has a point far outside the image: ${value}`;
    }
  }
  return isDrawable(polygons) ? null : 'the polygons are longer than any outline is';
}
