/** What has changed since an evaluation was saved, in words. Pure. */
import { formatCount } from '../../composables/format';
import type { SavedChange, SavedChangeKind } from '../../../common/contract';

const expressions = (count: number) => `${formatCount(count)} ${count === 1 ? 'expression' : 'expressions'}`;
const images = (count: number) => `${formatCount(count)} ${count === 1 ? 'image' : 'images'}`;

const words: Record<SavedChangeKind, (count: number, about: string) => string> = {
  added: (count) => `${expressions(count)} came in`,
  removed: (count) => `${expressions(count)} no longer have a ground-truth box`,
  'ground-truth': (count) => `another ground truth of ${expressions(count)}`,
  objects: (count) => `other annotated objects in ${images(count)}`,
  texts: (count) => `another text of ${expressions(count)}`,
  kinds: (count) => `another kind of ${expressions(count)}`,
  categories: (count) => `another category of ${expressions(count)}`,
  splits: (count) => `another split of ${expressions(count)}`,
  attributes: (count) => `other imported columns of ${expressions(count)}`,
  'review-states': (count) => `another review state of ${expressions(count)}`,
  'failure-labels': (count) => `another failure label of ${expressions(count)}`,
  view: (count, about) => `the view “${about}” differs in ${expressions(count)}`,
  'view-removed': (_count, about) => `the view “${about}” was deleted`,
  answers: (count, about) => `other or missing answers of ${about} to ${expressions(count)}`,
  'run-removed': (_count, about) => `${about} was removed`,
};

export function savedChangeWords({ kind, count, about }: SavedChange): string {
  return words[kind](count, about);
}
