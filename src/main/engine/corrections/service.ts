/**
 * The contract's `corrections`: human work. Every change is one transaction that holds the new state, its revision,
 * its step on the image's undo stack and the results measured anew, so that none of them exists without the others.
 */
import type {
  BulkChange,
  BulkResult,
  BulkUndoResult,
  contract,
  CorrectionResult,
  DomainService,
} from '../../../common/contract';
import { WorkbenchError } from '../../../common/errors';
import type { Emit } from '../context';
import type { Workspace } from '../workspace/open';
import type { CorrectionStep } from '../workspace/repositories/corrections';
import { expressionsAdded, withExpressionId } from './expression-id';
import { referentOf } from './look-up';
import { planChange } from './plan';
import type { PlannedStep } from './planned-step';
import { putChange, type Touched } from './put';

export interface CorrectionsServiceParts {
  workspace: Workspace;
  emit: Emit;
}

const nothingTouched: Touched = { expressionIds: [], addedIds: [], removedIds: [] };

export function createCorrectionsService({
  workspace,
  emit,
}: CorrectionsServiceParts): DomainService<typeof contract.corrections> {
  const { repositories } = workspace;
  const { corrections, expressions, groundTruth, settings, structure } = repositories;

  /** Runs a change as one transaction; the window hears of it when it is on the disk. */
  function commit(work: () => { imageId: number; touched: Touched; label: string }): CorrectionResult {
    const result = workspace.database.transaction(() => {
      const { imageId, touched, label } = work();
      const revision = groundTruth.workspaceRevision();
      return { undoState: corrections.state(imageId), ...touched, revision, label };
    })();
    const { expressionIds, addedIds, removedIds } = result;
    if (expressionIds.length > 0) emit('data.changed', { what: 'corrections', expressionIds });
    if (addedIds.length + removedIds.length > 0) {
      emit('data.changed', { what: 'datasets', expressionIds: [...addedIds, ...removedIds] });
    }
    return result;
  }

  /** A new expression's id may have been given to another one while the step was undone. Inside a transaction. */
  function withFreeIds(imageId: number, step: CorrectionStep): CorrectionStep {
    return expressionsAdded(step.after)
      .filter((id) => expressions.get(id) !== null)
      .reduce((freed, id) => {
        const free = structure.nextExpressionId();
        corrections.rewriteUndone(imageId, (change) => withExpressionId(change, id, free));
        return { ...freed, after: withExpressionId(freed.after, id, free) };
      }, step);
  }

  /** Only inside a transaction. */
  function changeMany(expressionIds: readonly number[], change: BulkChange, label: string): BulkResult {
    const images = new Map<number, PlannedStep[]>();
    for (const expressionId of new Set(expressionIds)) {
      const step = planChange(repositories, { ...change, expressionId }, label);
      if (step.changes) images.set(step.imageId, [...(images.get(step.imageId) ?? []), step]);
    }
    const { author } = settings.get();
    const result: BulkResult = { expressionIds: [], stepIds: [], label };
    for (const [imageId, steps] of images) {
      const before = { kind: 'several', changes: steps.map((step) => step.before) } as const;
      const after = { kind: 'several', changes: steps.map((step) => step.after) } as const;
      result.stepIds.push(corrections.push(imageId, { label, before, after }, author));
      result.expressionIds.push(
        ...putChange(repositories, after, { source: 'edited', label, author }).expressionIds,
      );
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
      result.expressionIds.push(
        ...putChange(repositories, step.before, { source: 'undo', label: step.label, author }).expressionIds,
      );
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
        const { imageId, before, after, changes } = planChange(repositories, change, label);
        // What changes nothing is no step: it would make redo impossible and undo do nothing.
        if (!changes) return { imageId, touched: nothingTouched, label };
        const { author } = settings.get();
        const source = change.kind === 'ground-truth' ? change.source : 'edited';
        corrections.push(imageId, { label, before, after }, author);
        return { imageId, touched: putChange(repositories, after, { source, label, author }), label };
      }),
    undo: ({ imageId }) =>
      commit(() => {
        const step = corrections.toUndo(imageId);
        if (!step) throw new WorkbenchError('conflict', 'There is nothing to undo on this image.');
        corrections.mark(step.id, true);
        const { author } = settings.get();
        const touched = putChange(repositories, step.before, { source: 'undo', label: step.label, author });
        return { imageId, touched, label: step.label };
      }),
    redo: ({ imageId }) =>
      commit(() => {
        const found = corrections.toRedo(imageId);
        if (!found) throw new WorkbenchError('conflict', 'There is nothing to redo on this image.');
        const step = withFreeIds(imageId, found);
        corrections.mark(step.id, false);
        const { author } = settings.get();
        const touched = putChange(repositories, step.after, { source: 'redo', label: step.label, author });
        return { imageId, touched, label: step.label };
      }),
    state: ({ imageId }) => corrections.state(imageId),
    history({ referentId, ...part }) {
      referentOf(repositories, referentId);
      return groundTruth.history(referentId, part);
    },
    textHistory: ({ expressionId }) => corrections.texts(expressionId),
  };
}
