/**
 * The contract's `corrections`: human work. Every change is one transaction that holds the new state, its revision,
 * its step on the image's undo stack and the results measured anew, so that none of them exists without the others.
 */
import type { contract, CorrectionResult, DomainService } from '../../../common/contract';
import { WorkbenchError } from '../../../common/errors';
import type { Emit } from '../context';
import type { Workspace } from '../workspace/open';
import type { CorrectionStep } from '../workspace/repositories/corrections';
import { changeMany, undoMany } from './change-many';
import { expressionsAdded, withExpressionId } from './expression-id';
import { referentOf } from './look-up';
import { planChange } from './plan';
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

  return {
    applyToMany: (given, control) => changeMany(workspace, emit, given, control),
    undoSteps: ({ stepIds }, control) => undoMany(workspace, emit, stepIds, control),
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
