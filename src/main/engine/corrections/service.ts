/**
 * The contract's `corrections`: human work. Every change is one transaction that holds the new state, its revision,
 * its step on the image's undo stack and the results measured anew, so that none of them exists without the others.
 */
import type {
  BulkChange,
  BulkResult,
  BulkUndoResult,
  Change,
  contract,
  CorrectionResult,
  DomainService,
  GeometrySource,
} from '../../../common/contract';
import { WorkbenchError } from '../../../common/errors';
import type { Emit } from '../context';
import type { Workspace } from '../workspace/open';
import type { StoredChange } from '../workspace/repositories/corrections';
import type { StoredExpression } from '../workspace/repositories/expressions';
import type { ReferentTruth } from '../workspace/repositories/ground-truth';
import { sameGeometry, settleGeometry } from './geometry-rule';

export interface CorrectionsServiceParts {
  workspace: Workspace;
  emit: Emit;
}

/** A change beside the state that it replaces, and whose undo stack it belongs on. */
interface PlannedStep {
  imageId: number;
  before: StoredChange;
  after: StoredChange;
  changes: boolean;
}

export function createCorrectionsService({
  workspace,
  emit,
}: CorrectionsServiceParts): DomainService<typeof contract.corrections> {
  const { corrections, expressions, groundTruth, predictions, settings } = workspace.repositories;

  function referent(referentId: number): ReferentTruth {
    const truth = groundTruth.of(referentId);
    if (!truth) throw new WorkbenchError('not-found', `There is no referent ${referentId}.`);
    return truth;
  }

  function expression(expressionId: number): StoredExpression {
    const found = expressions.get(expressionId);
    if (!found) throw new WorkbenchError('not-found', `There is no expression ${expressionId}.`);
    return found;
  }

  function plan(change: Change): PlannedStep {
    if (change.kind === 'ground-truth') {
      const { kind, referentId, expectedRevision, runId } = change;
      const current = referent(referentId);
      if (current.revision !== expectedRevision) {
        throw new WorkbenchError(
          'conflict',
          'The ground truth was changed since it was shown.',
          'Look at it as it is now and make the change again.',
        );
      }
      const geometry = settleGeometry(change, current, current.image);
      return {
        imageId: current.imageId,
        before: { kind, referentId, runId: current.runId, box: current.box, mask: current.mask },
        after: { kind, referentId, runId, ...geometry },
        changes: !sameGeometry(geometry, current),
      };
    }
    const { expressionId } = change;
    const { imageId, text, failureLabel, reviewState } = expression(expressionId);
    switch (change.kind) {
      case 'text': {
        const after = change.text.trim();
        if (after === '') throw new WorkbenchError('invalid', 'An expression cannot be empty.');
        return {
          imageId,
          before: { kind: 'text', expressionId, text },
          after: { kind: 'text', expressionId, text: after },
          changes: after !== text,
        };
      }
      case 'failure-label':
        return {
          imageId,
          before: { kind: 'failure-label', expressionId, label: failureLabel },
          after: { kind: 'failure-label', expressionId, label: change.label },
          changes: change.label !== failureLabel,
        };
      case 'review-state':
        return {
          imageId,
          before: { kind: 'review-state', expressionId, state: reviewState },
          after: { kind: 'review-state', expressionId, state: change.state },
          changes: change.state !== reviewState,
        };
    }
  }

  /** Puts a state in place; returns the expressions whose row changed. Only inside a transaction. */
  function put(change: StoredChange, source: GeometrySource, author: string): number[] {
    switch (change.kind) {
      case 'ground-truth': {
        const { referentId, runId, box, mask } = change;
        groundTruth.add(referentId, { box, mask }, { source, runId, author });
        groundTruth.markCorrected({ referentId });
        predictions.measureAnew(referentId, { box, mask });
        return expressions.idsOfReferent(referentId);
      }
      case 'text':
        expressions.setText(change.expressionId, change.text);
        groundTruth.markCorrected({ expressionId: change.expressionId });
        predictions.markStale(change.expressionId);
        return [change.expressionId];
      case 'failure-label':
        expressions.setFailureLabel(change.expressionId, change.label);
        return [change.expressionId];
      case 'review-state':
        expressions.setReviewState(change.expressionId, change.state);
        return [change.expressionId];
      case 'several':
        return change.changes.flatMap((each) => put(each, source, author));
    }
  }

  /** Runs a change as one transaction; the window hears of it when it is on the disk. */
  function commit(work: () => { imageId: number; expressionIds: number[]; label: string }): CorrectionResult {
    const result = workspace.database.transaction((): CorrectionResult => {
      const { imageId, expressionIds, label } = work();
      const revision = groundTruth.workspaceRevision();
      return { undoState: corrections.state(imageId), expressionIds, revision, label };
    })();
    const { expressionIds } = result;
    if (expressionIds.length > 0) emit('data.changed', { what: 'corrections', expressionIds });
    return result;
  }

  /** Only inside a transaction. */
  function changeMany(expressionIds: readonly number[], change: BulkChange, label: string): BulkResult {
    const images = new Map<number, PlannedStep[]>();
    for (const expressionId of new Set(expressionIds)) {
      const step = plan({ ...change, expressionId });
      if (step.changes) images.set(step.imageId, [...(images.get(step.imageId) ?? []), step]);
    }
    const { author } = settings.get();
    const result: BulkResult = { expressionIds: [], stepIds: [], label };
    for (const [imageId, steps] of images) {
      const before = { kind: 'several', changes: steps.map((step) => step.before) } as const;
      const after = { kind: 'several', changes: steps.map((step) => step.after) } as const;
      result.stepIds.push(corrections.push(imageId, { label, before, after }, author));
      result.expressionIds.push(...put(after, 'edited', author));
    }
    return result;
  }

  /** Only inside a transaction. A step below a newer one stays: taking it back would mix up what came after. */
  function undoMany(stepIds: readonly number[]): BulkUndoResult {
    const { author } = settings.get();
    const result: BulkUndoResult = { expressionIds: [], undone: 0, left: 0 };
    for (const stepId of stepIds) {
      const imageId = corrections.imageOf(stepId);
      const step = imageId === null ? null : corrections.toUndo(imageId);
      if (step?.id !== stepId) {
        result.left += 1;
        continue;
      }
      corrections.mark(stepId, true);
      result.expressionIds.push(...put(step.before, 'undo', author));
      result.undone += 1;
    }
    return result;
  }

  /** Runs a change of many as one transaction; the window hears of it when it is on the disk. */
  function commitMany<Result extends { expressionIds: number[] }>(work: () => Result): Result {
    const result = workspace.database.transaction(work)();
    const { expressionIds } = result;
    if (expressionIds.length > 0) emit('data.changed', { what: 'corrections', expressionIds });
    return result;
  }

  return {
    applyToMany: ({ expressionIds, change, label }) =>
      commitMany(() => changeMany(expressionIds, change, label)),
    undoSteps: ({ stepIds }) => commitMany(() => undoMany(stepIds)),
    apply: ({ change, label }) =>
      commit(() => {
        const { imageId, before, after, changes } = plan(change);
        // What changes nothing is no step: it would make redo impossible and undo do nothing.
        if (!changes) return { imageId, expressionIds: [], label };
        const { author } = settings.get();
        const source = change.kind === 'ground-truth' ? change.source : 'edited';
        corrections.push(imageId, { label, before, after }, author);
        return { imageId, expressionIds: put(after, source, author), label };
      }),
    undo: ({ imageId }) =>
      commit(() => {
        const step = corrections.toUndo(imageId);
        if (!step) throw new WorkbenchError('conflict', 'There is nothing to undo on this image.');
        corrections.mark(step.id, true);
        return { imageId, expressionIds: put(step.before, 'undo', settings.get().author), label: step.label };
      }),
    redo: ({ imageId }) =>
      commit(() => {
        const step = corrections.toRedo(imageId);
        if (!step) throw new WorkbenchError('conflict', 'There is nothing to redo on this image.');
        corrections.mark(step.id, false);
        return { imageId, expressionIds: put(step.after, 'redo', settings.get().author), label: step.label };
      }),
    state: ({ imageId }) => corrections.state(imageId),
    history({ referentId }) {
      referent(referentId);
      return groundTruth.history(referentId);
    },
  };
}
