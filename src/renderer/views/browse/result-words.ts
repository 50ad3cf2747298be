/** One run's answer in words: short for a chip, and whole for whoever points at it or has it read out. */
import type { RowResult } from '../../../common/contract';
import { answerTypeLabels } from '../../../common/error-words';
import { formatIou } from '../../composables/format';

/** The IoU, or a dash where there is no box. */
export function shortResult({ box, iou, type }: RowResult): string {
  if (box === null) return '–';
  return iou === null || type === 'no-referent' ? 'box' : formatIou(iou);
}

export function resultWords({ box, iou, type }: RowResult): string {
  if (box === null) return type === 'right' ? 'no answer, right: nothing is meant' : 'no answer, wrong';
  if (iou === null) return 'an answer, wrong: nothing is meant';
  return type === 'right'
    ? `IoU ${formatIou(iou)}, right`
    : `IoU ${formatIou(iou)}, wrong: ${answerTypeLabels[type].toLowerCase()}`;
}
