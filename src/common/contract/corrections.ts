/**
 * Human work. Everything a person changes goes through `apply`, is one transaction and one step of the
 * image's undo stack, and leaves a revision that can be gone back to. Model output never comes this way by itself.
 */
import { z } from 'zod';
import { errorTypeLabels } from '../error-words';
import type { ImageBox, RunLengthMask } from '../geometry/types';
import { call, id, shortText } from './define';

export const reviewStates = [
  'unreviewed',
  'reviewed',
  'ambiguous',
  'no-referent',
  'invalid',
  'offensive',
] as const;
export type ReviewState = (typeof reviewStates)[number];
export const reviewStateNames: Record<ReviewState, string> = {
  unreviewed: 'Unreviewed',
  reviewed: 'Reviewed',
  ambiguous: 'Ambiguous',
  'no-referent': 'No referent',
  invalid: 'Invalid',
  offensive: 'Offensive',
};
export const reviewState = z.enum(reviewStates);

export const imageBox = z.strictObject({
  x: z.number(),
  y: z.number(),
  width: z.number().positive(),
  height: z.number().positive(),
});
export const runLengthMask = z.strictObject({
  size: z.tuple([z.number().int().positive(), z.number().int().positive()]).readonly(),
  counts: z.string().max(5_000_000),
});

/** Where a revision's geometry came from. */
export const geometrySources = [
  'imported',
  'drawn',
  'edited',
  'segmented',
  'accepted',
  'split',
  'undo',
  'redo',
  'reverted',
] as const;
export type GeometrySource = (typeof geometrySources)[number];

/** A new object, as a person drew it or took it from an answer. */
const newObject = z.strictObject({
  box: imageBox,
  mask: runLengthMask.nullable(),
  source: z.enum(['drawn', 'segmented', 'accepted']),
  runId: id.nullable().default(null),
});

/** One human change, as a person would name it. */
export const change = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('ground-truth'),
    referentId: id,
    /** The revision the person was looking at; another one in the workspace is a conflict. */
    expectedRevision: z.number().int().nonnegative(),
    box: imageBox.nullable(),
    mask: runLengthMask.nullable(),
    source: z.enum(['drawn', 'edited', 'segmented', 'accepted', 'reverted']),
    /** With `accepted`: whose prediction it was. */
    runId: id.nullable().default(null),
  }),
  z.strictObject({ kind: z.literal('text'), expressionId: id, text: shortText.min(1) }),
  z.strictObject({ kind: z.literal('failure-label'), expressionId: id, label: shortText.nullable() }),
  /** `no-referent` also takes the expression off its object: there is nothing that a method could find. */
  z.strictObject({ kind: z.literal('review-state'), expressionId: id, state: reviewState }),
  /** What a person has to say about the expression; empty: nothing. */
  z.strictObject({ kind: z.literal('note'), expressionId: id, note: shortText }),
  /** The expression means another object of its image, or none. */
  z.strictObject({ kind: z.literal('link-referent'), expressionId: id, referentId: id.nullable() }),
  /** The expression gets an object of its own, a copy of the one that it shares with others. */
  z.strictObject({ kind: z.literal('split-referent'), expressionId: id }),
  /** Two annotations of the same object become one: expressions of the first mean the second from now on. */
  z.strictObject({ kind: z.literal('merge-referents'), referentId: id, intoReferentId: id }),
  /** A new expression about an image; it means one of its objects, a new one, or nothing there. */
  z.strictObject({
    kind: z.literal('add-expression'),
    imageId: id,
    text: shortText.min(1),
    referent: z
      .union([z.strictObject({ referentId: id }), newObject])
      .nullable()
      .default(null),
  }),
]);
export type NewObject = z.output<typeof newObject>;
export type Change = z.output<typeof change>;

export interface GroundTruthRevision {
  /** Counts up over the whole workspace; 0 is the imported original, and an object a person added has none. */
  revision: number;
  referentId: number;
  box: ImageBox | null;
  mask: RunLengthMask | null;
  source: GeometrySource;
  /**
   * The step that made it, undid it (`source` is `undo`) or did it again (`redo`), in the words of undo: "Resize box".
   * null: imported, or made when workspaces did not keep that.
   */
  label: string | null;
  runId: number | null;
  author: string;
  /** ISO 8601. */
  savedAt: string;
  current: boolean;
}

/** A step that changed what an expression says and stands as it is. */
export interface TextStep {
  stepId: number;
  expressionId: number;
  /** As undo calls it: "Edit expression". */
  label: string;
  before: string;
  after: string;
  author: string;
  /** ISO 8601. */
  savedAt: string;
}

const revisionNumber = z.number().int().nonnegative();

export interface UndoState {
  /** Label of the step that undo would take back, e.g. "Resize box"; null: nothing to undo. */
  undo: string | null;
  redo: string | null;
}

export interface CorrectionResult {
  undoState: UndoState;
  /** Expressions whose row changed (results are measured anew against the new ground truth). */
  expressionIds: number[];
  /** Of those, expressions that exist now and did not before, and the other way round. */
  addedIds: number[];
  removedIds: number[];
  /** The workspace's ground-truth revision afterwards. */
  revision: number;
  /** What was done, undone or redone. */
  label: string;
}

/** What can be said of many expressions at once. */
export const bulkChange = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('failure-label'), label: shortText.nullable() }),
  z.strictObject({ kind: z.literal('review-state'), state: reviewState }),
]);
export type BulkChange = z.output<typeof bulkChange>;

export interface BulkResult {
  /** Expressions that were changed; those that were so already are not among them. */
  expressionIds: number[];
  /** One step on the undo stack of each image that has such an expression. */
  stepIds: number[];
  label: string;
}

export interface BulkUndoResult {
  expressionIds: number[];
  undone: number;
  /** Steps left as they are, because their image was changed again since. */
  left: number;
  /** Steps that were not reached, because it was stopped. */
  notReached: number[];
}

const many = z.array(id).min(1).max(1_000_000);

export const bulkRequest = z.strictObject({
  expressionIds: many,
  change: bulkChange,
  label: shortText.min(1),
});
export type BulkRequest = z.output<typeof bulkRequest>;

/** Failure labels a person gives with a digit; the taxonomy of METHODS, in words an annotator uses. */
export const failureLabels = [
  { digit: 1, id: 'wrong-instance', name: errorTypeLabels['wrong-instance'] },
  { digit: 2, id: 'wrong-category', name: errorTypeLabels['wrong-category'] },
  { digit: 3, id: 'landmark', name: errorTypeLabels.landmark },
  { digit: 4, id: 'poor-localisation', name: errorTypeLabels['poor-localisation'] },
  { digit: 5, id: 'background', name: errorTypeLabels.background },
  { digit: 6, id: 'missed', name: errorTypeLabels['no-prediction'] },
  { digit: 7, id: 'ambiguous-expression', name: 'Expression ambiguous' },
  { digit: 8, id: 'wrong-ground-truth', name: 'Ground truth wrong' },
  { digit: 9, id: 'other', name: errorTypeLabels.other },
] as const;

export const corrections = {
  apply: call<CorrectionResult>()(z.strictObject({ change, label: shortText.min(1) })),
  /** All or none, also where it is stopped or cut off: what was changed by then is taken back. */
  applyToMany: call<BulkResult>()(bulkRequest, { work: 'change-many' }),
  /** Takes back the steps of `applyToMany`; what is cut off goes on at the next start. */
  undoSteps: call<BulkUndoResult>()(z.strictObject({ stepIds: many }), { work: 'change-many' }),
  undo: call<CorrectionResult>()(z.strictObject({ imageId: id })),
  redo: call<CorrectionResult>()(z.strictObject({ imageId: id })),
  state: call<UndoState>()(z.strictObject({ imageId: id })),
  /** Newest first; the imported original is the last. At most `limit`, between two revisions where they are given. */
  history: call<GroundTruthRevision[]>()(
    z.strictObject({
      referentId: id,
      newerThan: revisionNumber.nullable().default(null),
      olderThan: revisionNumber.nullable().default(null),
      limit: z.number().int().min(1).max(1_000).default(1_000),
    }),
  ),
  /** Newest first. */
  textHistory: call<TextStep[]>()(z.strictObject({ expressionId: id })),
};
