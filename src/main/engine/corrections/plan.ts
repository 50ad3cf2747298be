/** What a change would do: the state that it replaces beside the new one. Only inside a transaction. */
import type { Change } from '../../../common/contract';
import { WorkbenchError } from '../../../common/errors';
import type { Repositories } from '../workspace/repositories';
import type { StoredChange } from '../workspace/repositories/corrections';
import { sameGeometry, settleGeometry } from './geometry-rule';
import { expressionOf, referentOf } from './look-up';
import { planAddition, planLink, planMerge, planSplit } from './plan-structure';
import type { PlannedStep } from './planned-step';

/** `label`: what undo will call the step; kept with each geometry that it makes. */
export function planChange(repositories: Repositories, change: Change, label: string): PlannedStep {
  switch (change.kind) {
    case 'ground-truth':
      return planGeometry(repositories, change);
    case 'link-referent':
      return planLink(repositories, change.expressionId, change.referentId);
    case 'split-referent':
      return planSplit(repositories, change.expressionId, label);
    case 'merge-referents':
      return planMerge(repositories, change.referentId, change.intoReferentId);
    case 'add-expression':
      return planAddition(repositories, change, label);
    default:
      return planWords(repositories, change);
  }
}

function planGeometry(
  repositories: Repositories,
  change: Extract<Change, { kind: 'ground-truth' }>,
): PlannedStep {
  const { kind, referentId, expectedRevision, runId } = change;
  const current = referentOf(repositories, referentId);
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

type WordsChange = Extract<Change, { kind: 'text' | 'failure-label' | 'review-state' | 'note' }>;

function planWords(repositories: Repositories, change: WordsChange): PlannedStep {
  const { expressionId } = change;
  const expression = expressionOf(repositories, expressionId);
  const { imageId, text, failureLabel, reviewState, note, referentId } = expression;
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
    case 'note': {
      const after = change.note.trim();
      return {
        imageId,
        before: { kind: 'note', expressionId, note },
        after: { kind: 'note', expressionId, note: after },
        changes: after !== note,
      };
    }
    case 'review-state': {
      const before: StoredChange = { kind: 'review-state', expressionId, state: reviewState };
      const after: StoredChange = { kind: 'review-state', expressionId, state: change.state };
      const changes = change.state !== reviewState;
      if (change.state !== 'no-referent' || referentId === null) return { imageId, before, after, changes };
      // Without its object the expression is measured as one that means nothing in the image.
      return {
        imageId,
        before: { kind: 'several', changes: [{ kind: 'link', expressionId, referentId }, before] },
        after: { kind: 'several', changes: [{ kind: 'link', expressionId, referentId: null }, after] },
        changes: true,
      };
    }
  }
}
