/**
 * What the evaluation finds wrong, in words: a label for legends, columns and filters, and a sentence for one answer.
 * Every screen, the reports and the command line take them from here.
 */
import type {
  AnswerType,
  ErrorStage,
  ErrorType,
  LocalisationError,
  SuspectReason,
} from './contract/error-types';

export const errorTypeLabels: Record<ErrorType, string> = {
  right: 'Right',
  'no-prediction': 'No answer',
  'poor-localisation': 'Right object, poor box',
  'wrong-instance': 'Wrong object, right category',
  'wrong-category': 'Wrong category',
  landmark: 'Landmark taken for the referent',
  background: 'Nothing there',
  other: 'Other',
};

/** Browse also tells answers where nothing is meant, which an evaluation counts apart. */
export const answerTypeLabels: Record<AnswerType, string> = {
  ...errorTypeLabels,
  'no-referent': 'Answer, though nothing is meant',
};

export const localisationLabels: Record<LocalisationError, string> = {
  'covers-several': 'Box covers several',
  'too-big': 'Box too big',
  'too-small': 'Box too small',
  shifted: 'Box beside it',
};

export const errorStageLabels: Record<ErrorStage, string> = {
  proposals: 'Proposal missed',
  ranking: 'Proposal misranked',
  'heat-map': 'Heat map wrong',
  sam: 'SAM wrong',
  'mask-choice': 'Mask choice wrong',
  locator: 'Locator wrong',
  refiner: 'Refiner wrong',
  threshold: 'Threshold wrong',
};

export const suspectReasonLabels: Record<SuspectReason, string> = {
  'methods-agree': 'Methods agree on another box',
  'same-text': 'Text also means another object',
  'box-off-mask': 'Box far from its mask',
};

export const errorTypeSentences: Record<ErrorType, string> = {
  right: 'The box reaches the referent.',
  'no-prediction': 'The method gave no box.',
  'poor-localisation': 'The right object, but the box misses it.',
  'wrong-instance': 'Another object of the right category.',
  'wrong-category': 'An object of another category.',
  landmark: 'The landmark that the expression names, not its referent.',
  background: 'No annotated object is there.',
  other: 'Partly on other objects.',
};

export const localisationSentences: Record<LocalisationError, string> = {
  'covers-several': 'The right object, but the box covers others too.',
  'too-big': 'The right object, but the box is too big.',
  'too-small': 'The right object, but the box is too small.',
  shifted: 'The right object, but the box is beside it.',
};

export const errorStageSentences: Record<ErrorStage, string> = {
  proposals: 'The detector proposed no box that fits.',
  ranking: 'A proposal that fits was ranked lower.',
  'heat-map': 'The heat map is highest elsewhere.',
  sam: 'The heat map points at it; no mask of SAM fits.',
  'mask-choice': 'A mask that fits was not the one chosen.',
  locator: 'The Locator is surest elsewhere.',
  refiner: 'The Locator points at it; the refined map does not cover it.',
  threshold: 'The refined map has it; its threshold cuts it badly.',
};

export const suspectReasonSentences: Record<SuspectReason, string> = {
  'methods-agree': 'All methods agree with each other, and none with the ground truth.',
  'same-text': 'An expression of the same text means another object of the image.',
  'box-off-mask': 'The ground-truth box is far from the extent of its mask.',
};

/** One or two sentences on one answer: what is wrong, and where it arose. Empty for a right answer. */
export function verdictSentences(verdict: {
  type: ErrorType;
  localisation: LocalisationError | null;
  stage: ErrorStage | null;
}): string {
  const { type, localisation, stage } = verdict;
  if (type === 'right') return '';
  const what = localisation ? localisationSentences[localisation] : errorTypeSentences[type];
  return stage ? `${what} ${errorStageSentences[stage]}` : what;
}
