/** What an answer is, as Browse filters by it: kept with each prediction, at IoU 0.5 against the newest ground truth. */
import { answerTypes, type AnswerType } from '../../../common/contract';
import type { ImageBox } from '../../../common/geometry/types';
import { errorType, type Mistake } from './errors';

/** Counts up whenever all predictions must be judged anew. */
export const judgeVersion = 2;

/** How types are stored. Numbers never change their meaning; a new type gets a new one. 0: not judged yet. */
export const answerTypeCodes: Readonly<Record<AnswerType, number>> = {
  right: 1,
  'no-prediction': 2,
  'poor-localisation': 3,
  'wrong-instance': 4,
  'wrong-category': 5,
  landmark: 6,
  background: 7,
  other: 8,
  'no-referent': 9,
};
export const mostAnswerTypes = 10;

export function answerTypeOfCode(code: number): AnswerType {
  return answerTypes.find((type) => answerTypeCodes[type] === code) ?? 'other';
}

export type JudgedAnswer = Omit<Mistake, 'iou' | 'right' | 'truth'> & {
  /** null: there is nothing to compare with. */
  iou: number | null;
  truth: ImageBox | null;
};

/** Where the ground truth has no box nothing is meant, and to answer nothing is right. */
export function answerType({ iou, truth, ...answer }: JudgedAnswer): AnswerType {
  if (truth === null || iou === null) return answer.box === null ? 'right' : 'no-referent';
  return errorType({ ...answer, iou, truth, right: iou >= 0.5 });
}
