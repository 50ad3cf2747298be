/**
 * What a person's box and mask become before they are stored.
 *
 * A box is clipped to its image. A mask is taken as given where the person made or accepted a new one. Where only the
 * box was changed, the mask that was there before describes the old box: it stays only while its extent still agrees
 * with the new box to a pixel at every edge; otherwise the new ground truth has no mask, and mask measures leave the
 * expression out rather than compare with a mask that nobody confirmed. Undo brings both back.
 */
import { WorkbenchError } from '../../../common/errors';
import { clipBox, edgesOf, sameBox } from '../../../common/geometry/boxes';
import { runLengthBox } from '../../../common/geometry/rle';
import type { Box, RunLengthMask, Size } from '../../../common/geometry/types';
import type { Geometry } from '../workspace/repositories/ground-truth';

const agreesWithin = 1;

export function sameGeometry(a: Geometry, b: Geometry): boolean {
  return sameBox(a.box, b.box) && (a.mask?.counts ?? null) === (b.mask?.counts ?? null);
}

/** `current`: the ground truth that the change replaces. Throws `invalid` for what does not fit the image. */
export function settleGeometry(given: Geometry, current: Geometry, image: Size): Geometry {
  const extent = given.mask === null ? null : extentOf(given.mask, image);
  // A mask without pixels is no mask.
  const mask = extent === null ? null : given.mask;
  // A mask that comes alone brings its box with it.
  const wanted = given.box ?? extent;
  if (wanted === null) return { box: null, mask: null };
  const box = clipBox(wanted, image);
  if (box === null) {
    throw new WorkbenchError(
      'invalid',
      'The box lies outside its image.',
      `The image has ${image.width}×${image.height} pixels.`,
    );
  }
  const isOldMask = mask !== null && mask.counts === current.mask?.counts;
  if (isOldMask && !sameBox(box, current.box) && extent !== null && !agree(box, extent)) {
    return { box, mask: null };
  }
  return { box, mask };
}

function extentOf(mask: RunLengthMask, image: Size): Box | null {
  if (mask.size[0] !== image.height || mask.size[1] !== image.width) {
    throw new WorkbenchError(
      'invalid',
      `The mask has ${mask.size[1]}×${mask.size[0]} pixels, its image ${image.width}×${image.height}.`,
    );
  }
  return runLengthBox(mask);
}

function agree(a: Box, b: Box): boolean {
  const first = edgesOf(a);
  const second = edgesOf(b);
  return (['left', 'top', 'right', 'bottom'] as const).every(
    (edge) => Math.abs(first[edge] - second[edge]) <= agreesWithin,
  );
}
