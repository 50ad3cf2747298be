/** The keys that mark an expression in Inspect, and the selection in Browse. */
import type { ReviewState } from '../../common/contract';

export const reviewKeys: Record<ReviewState, string> = {
  unreviewed: 'Shift+u',
  reviewed: 'v',
  ambiguous: 'Shift+a',
  'no-referent': 'Shift+v',
  invalid: 'Shift+i',
  offensive: 'Shift+x',
};
