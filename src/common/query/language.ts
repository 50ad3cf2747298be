/** The names that the query language has, in one place for the parser, the printer and the completion. */
import { methodIds, methodNames } from '../contract/methods';
import { failureLabels, reviewStates } from '../contract/corrections';
import { outcomes } from '../contract/browse';
import { answerTypes, type AnswerType } from '../contract/error-types';
import type { FilterState } from './filter';

/** Conditions that name one or several values of a list. */
export const listNames = {
  split: 'splits',
  kind: 'kinds',
  category: 'categories',
  review: 'reviewStates',
  label: 'failureLabels',
} as const satisfies Record<string, keyof FilterState>;
export type ListName = keyof typeof listNames;

/** What can be wrong with an answer. */
export const wrongTypes: readonly AnswerType[] = answerTypes.filter((type) => type !== 'right');

export const disagreeWord = 'disagree';

/** Every beginning of a condition, with what it asks for. */
export const conditionNames: readonly { text: string; detail: string }[] = [
  { text: 'split:', detail: 'Split' },
  { text: 'kind:', detail: 'Kind of expression' },
  { text: 'category:', detail: 'Category of the referent' },
  ...methodIds.map((method) => ({ text: `${method}:`, detail: `Result of ${methodNames[method]}` })),
  { text: disagreeWord, detail: 'One method right, another wrong' },
  { text: 'review:', detail: 'Review state' },
  { text: 'label:', detail: 'Failure label' },
  { text: 'corrected:', detail: 'Ground truth corrected or as imported' },
  { text: 'length', detail: 'Number of words, e.g. length>5' },
  { text: 'text:', detail: 'Words or a phrase in quotes' },
  { text: '@', detail: 'Attribute of the dataset, e.g. @logic:negation' },
];

/** Values that are the same in every dataset. */
export const fixedValues: Readonly<Record<string, readonly string[]>> = {
  review: reviewStates,
  label: failureLabels.map(({ id }) => id),
  corrected: ['yes', 'no'],
  ...Object.fromEntries(
    methodIds.map((method) => [method, [...outcomes, ...wrongTypes, 'iou<0.5', 'iou>=0.5']]),
  ),
};

/** Whether a value can stand without quotes. */
export function isPlainValue(value: string): boolean {
  return /^[^\s",\\]+$/.test(value);
}

export function quoted(value: string): string {
  return `"${value.replace(/["\\]/g, '\\$&')}"`;
}

export function printedValue(value: string): string {
  return isPlainValue(value) ? value : quoted(value);
}
