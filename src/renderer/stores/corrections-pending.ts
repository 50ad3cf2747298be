/** Changes a person has made and the workspace does not hold yet, laid over what it does hold. */
import type { Change, ExpressionDetail } from '../../common/contract';

export type Waiting = { key: number; imageId: number; label: string } & (
  { kind: 'apply'; change: Change } | { kind: 'undo' | 'redo' }
);

/** The expression as it will be once all that waits is saved. */
export function withPending(detail: ExpressionDetail, waiting: readonly Waiting[]): ExpressionDetail {
  return waiting.reduce(
    (shown, step) => (step.kind === 'apply' ? withChange(shown, step.change) : shown),
    detail,
  );
}

function withChange(detail: ExpressionDetail, change: Change): ExpressionDetail {
  if (change.kind === 'ground-truth') {
    const truth = detail.groundTruth;
    if (truth?.referentId !== change.referentId) return detail;
    return { ...detail, groundTruth: { ...truth, box: change.box, mask: change.mask, corrected: true } };
  }
  // Which object an expression means, and what exists, is known once the workspace says so.
  if (!('expressionId' in change) || change.expressionId !== detail.id) return detail;
  switch (change.kind) {
    case 'text':
      return { ...detail, text: change.text };
    case 'failure-label':
      return { ...detail, failureLabel: change.label };
    case 'review-state':
      return { ...detail, reviewState: change.state };
    case 'note':
      return { ...detail, note: change.note };
    case 'link-referent':
    case 'split-referent':
      return detail;
    default:
      return change satisfies never;
  }
}

/** Whether what waits may change which object an expression means: until it is saved, nobody knows whose box is shown. */
export function changesMeaning(waiting: readonly Waiting[]): boolean {
  return waiting.some(
    (step) =>
      step.kind === 'apply' &&
      (['link-referent', 'split-referent', 'merge-referents'].includes(step.change.kind) ||
        (step.change.kind === 'review-state' && step.change.state === 'no-referent')),
  );
}

/** Steps whose ground truth is to follow another revision than the one they were made on. */
export function withRevision(waiting: readonly Waiting[], referentId: number, revision: number): Waiting[] {
  return waiting.map((step) =>
    step.kind === 'apply' && step.change.kind === 'ground-truth' && step.change.referentId === referentId
      ? { ...step, change: { ...step.change, expectedRevision: revision } }
      : step,
  );
}

/** Whether sending a change twice does what sending it once does. */
export function isRepeatable({ kind }: Change): boolean {
  return kind !== 'split-referent' && kind !== 'merge-referents' && kind !== 'add-expression';
}
