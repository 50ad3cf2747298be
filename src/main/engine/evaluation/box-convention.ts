/**
 * Two ways to read a box of width w: its edges are pixel borders, so that it is w wide; or its corners are pixels that
 * belong to it, so that it is w + 1 wide, as in code that adds 1 to every difference of corners.
 */
import { boxCentre, boxContains } from '../../../common/geometry/boxes';
import { boxGiou, boxIou } from '../../../common/geometry/iou';
import { boxAt, type EvaluationTable, type RunColumns } from './table';

/** Widens columns of boxes by one pixel to the right and down. */
function widen(boxes: Float64Array): void {
  for (let at = 0; at < boxes.length; at += 4) {
    boxes[at + 2] = (boxes[at + 2] ?? Number.NaN) + 1;
    boxes[at + 3] = (boxes[at + 3] ?? Number.NaN) + 1;
  }
}

/** GIoU and centre of each row, which follow from the boxes alone. */
export function compareBoxes(run: RunColumns, table: EvaluationTable): void {
  for (let row = 0; row < table.count; row += 1) {
    const truth = boxAt(table.truth, row);
    const box = boxAt(run.boxes, row);
    run.giou[row] = truth && box ? boxGiou(box, truth) : -1;
    run.centreInside[row] = truth && box && boxContains(truth, boxCentre(box)) ? 1 : 0;
  }
}

/**
 * Reads all boxes of a table with their last pixels, and compares the answers anew. What was measured of proposals and
 * maps stays as it is: without the last pixel.
 */
export function includeLastPixels(table: EvaluationTable): void {
  widen(table.truth);
  for (const run of table.runs) {
    widen(run.boxes);
    for (let row = 0; row < table.count; row += 1) {
      const truth = boxAt(table.truth, row);
      const box = boxAt(run.boxes, row);
      if (truth && box) run.iou[row] = boxIou(box, truth);
    }
    compareBoxes(run, table);
  }
}
