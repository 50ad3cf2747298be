/** What the evaluation finds wrong with an answer, in words. */
import type { AnswerVerdict, ErrorStage, ErrorType, LocalisationError } from '../../../common/contract';

const typeWords: Record<ErrorType, string> = {
  right: '',
  'no-prediction': '',
  'poor-localisation': 'The right object, but the box misses it.',
  'wrong-instance': 'Another object of the right category.',
  'wrong-category': 'An object of another category.',
  landmark: 'The landmark that the expression names, not its referent.',
  background: 'No annotated object is there.',
  other: 'Partly on other objects.',
};

const localisationWords: Record<LocalisationError, string> = {
  'covers-several': 'The right object, but the box covers others too.',
  'too-big': 'The right object, but the box is too big.',
  'too-small': 'The right object, but the box is too small.',
  shifted: 'The right object, but the box is beside it.',
};

const stageWords: Record<ErrorStage, string> = {
  proposals: 'The detector proposed no box that fits.',
  ranking: 'A proposal that fits was ranked lower.',
  'heat-map': 'The heat map is highest elsewhere.',
  sam: 'The heat map points at it; no mask of SAM fits.',
  'mask-choice': 'A mask that fits was not the one chosen.',
  locator: 'The Locator is surest elsewhere.',
  refiner: 'The Locator points at it; the refined map does not cover it.',
  threshold: 'The refined map has it; its threshold cuts it badly.',
};

/** One or two sentences; empty for a right answer. */
export function verdictWords({ type, localisation, stage }: AnswerVerdict): string {
  const what = localisation ? localisationWords[localisation] : typeWords[type];
  return [what, stage ? stageWords[stage] : ''].filter((words) => words !== '').join(' ');
}
