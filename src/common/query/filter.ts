/**
 * What a person asks of the list of expressions. Conditions are kept by method, not by run: choosing another run of
 * a method keeps what was asked. The query language (parse.ts, print.ts) is this state in words.
 */
import { methodIds, type MethodId } from '../contract/methods';
import type { AnswerType } from '../contract/error-types';
import type { Outcome } from '../contract/browse';
import type { ReviewState } from '../contract/corrections';

export interface MethodCondition {
  outcome: Outcome | null;
  /** What is wrong with the answer: one of these. Empty: no condition. */
  errors: readonly AnswerType[];
  /** Whole range 0..1 with both ends in it: no condition. */
  iouFrom: number;
  iouTo: number;
  /** Whether the end itself is left out: "< 0.5" rather than "≤ 0.5". */
  openFrom: boolean;
  openTo: boolean;
}

/** Expressions named one by one, such as those behind a number of an evaluation, and what they have in common. */
export interface ExampleSet {
  label: string;
  expressionIds: readonly number[];
}

export interface FilterState {
  /** Words, and phrases in double quotes; all must occur. */
  text: string;
  splits: readonly string[];
  kinds: readonly string[];
  categories: readonly string[];
  reviewStates: readonly ReviewState[];
  failureLabels: readonly string[];
  corrected: boolean | null;
  methods: Readonly<Record<MethodId, MethodCondition>>;
  disagreement: boolean;
  /** Number of words of the expression; both ends belong to the range. */
  lengthFrom: number | null;
  lengthTo: number | null;
  /** Imported attributes by name: one of these values. */
  attributes: Readonly<Record<string, readonly string[]>>;
  /** Only these expressions. Too many to write: the query language leaves them out, and whoever parses keeps them. */
  examples: ExampleSet | null;
}

export const noCondition: MethodCondition = {
  outcome: null,
  errors: [],
  iouFrom: 0,
  iouTo: 1,
  openFrom: false,
  openTo: false,
};

export function emptyFilter(): FilterState {
  return {
    text: '',
    splits: [],
    kinds: [],
    categories: [],
    reviewStates: [],
    failureLabels: [],
    corrected: null,
    methods: {
      'yolo-clip': noCondition,
      'blip-sam': noCondition,
      risclip: noCondition,
      imported: noCondition,
    },
    disagreement: false,
    lengthFrom: null,
    lengthTo: null,
    attributes: {},
    examples: null,
  };
}

export function hasLowerEnd({ iouFrom, openFrom }: MethodCondition): boolean {
  return iouFrom > 0 || openFrom;
}

export function hasUpperEnd({ iouTo, openTo }: MethodCondition): boolean {
  return iouTo < 1 || openTo;
}

export function hasCondition(condition: MethodCondition): boolean {
  return (
    condition.outcome !== null ||
    condition.errors.length > 0 ||
    hasLowerEnd(condition) ||
    hasUpperEnd(condition)
  );
}

export function hasMethodConditions(filter: FilterState): boolean {
  return methodIds.some((method) => hasCondition(filter.methods[method]));
}

/** `the "left of" dog` → ["the", "left of", "dog"]. A quote that is not closed goes on to the end. */
export function textTerms(text: string): string[] {
  return [...text.matchAll(/"([^"]*)"?|[^\s"]+/g)]
    .map((match) => (match[1] ?? match[0]).trim().replace(/\s+/g, ' '))
    .filter((term) => term !== '');
}

/** The opposite of `textTerms`. A term cannot hold double quotes: they are taken for spaces. */
export function textOfTerms(terms: readonly string[]): string {
  return terms
    .map((term) => term.replace(/[\s"]+/g, ' ').trim())
    .filter((term) => term !== '')
    .map((term) => (term.includes(' ') ? `"${term}"` : term))
    .join(' ');
}
