/** What can be wrong with an answer, at which stage it arose, and why a label may be wrong. Words: src/common/error-words.ts. */

/** Exclusive, in the order of the bars (docs/evaluation.md defines each). */
export const errorTypes = [
  'right',
  'no-prediction',
  'poor-localisation',
  'wrong-instance',
  'wrong-category',
  'landmark',
  'background',
  'other',
] as const;
export type ErrorType = (typeof errorTypes)[number];

export const localisationErrors = ['covers-several', 'too-big', 'too-small', 'shifted'] as const;
export type LocalisationError = (typeof localisationErrors)[number];

/** The stage of a method that an error is attributed to. */
export const errorStages = [
  'proposals',
  'ranking',
  'heat-map',
  'sam',
  'mask-choice',
  'locator',
  'refiner',
  'threshold',
] as const;
export type ErrorStage = (typeof errorStages)[number];

/** Why ground truth may be wrong. */
export const suspectReasons = ['methods-agree', 'same-text', 'box-off-mask'] as const;
export type SuspectReason = (typeof suspectReasons)[number];

/** What an answer is, as Browse filters by it: the evaluation's types, and an answer where nothing is meant. */
export const answerTypes = [...errorTypes, 'no-referent'] as const;
export type AnswerType = (typeof answerTypes)[number];
