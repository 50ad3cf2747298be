/** Puts a state in place, in either direction. Only inside a transaction. */
import type { GeometrySource } from '../../../common/contract';
import type { Repositories } from '../workspace/repositories';
import type { StoredChange } from '../workspace/repositories/corrections';

export interface Touched {
  /** Expressions whose row changed. */
  expressionIds: number[];
  addedIds: number[];
  removedIds: number[];
}

interface Doing {
  source: GeometrySource;
  /** Of the step that is done, undone or done again. */
  label: string;
  author: string;
}

export function putChange(repositories: Repositories, change: StoredChange, doing: Doing): Touched {
  const touched: Touched = { expressionIds: [], addedIds: [], removedIds: [] };
  put(repositories, change, doing, touched);
  touched.expressionIds = [...new Set(touched.expressionIds)];
  return touched;
}

function put(repositories: Repositories, change: StoredChange, doing: Doing, touched: Touched): void {
  const { expressions, groundTruth, predictions, structure } = repositories;
  switch (change.kind) {
    case 'ground-truth': {
      const { referentId, runId, box, mask } = change;
      groundTruth.add(referentId, { box, mask }, { ...doing, runId });
      groundTruth.markCorrected({ referentId });
      predictions.measureAnew(referentId, { box, mask });
      touched.expressionIds.push(...expressions.idsOfReferent(referentId));
      return;
    }
    case 'object': {
      const revision = groundTruth.countUp();
      structure.setRetired(change.referentId, change.exists ? null : revision);
      predictions.judgeImageOf(change.referentId);
      return;
    }
    case 'expression': {
      const { expressionId, row } = change;
      touched.expressionIds.push(expressionId);
      if (row === null) {
        groundTruth.countUp();
        structure.removeExpression(expressionId);
        touched.removedIds.push(expressionId);
      } else {
        structure.addExpression(expressionId, row, groundTruth.countUp());
        touched.addedIds.push(expressionId);
      }
      return;
    }
    case 'several':
      for (const each of change.changes) put(repositories, each, doing, touched);
      return;
    default:
      putWords(repositories, change);
      touched.expressionIds.push(change.expressionId);
  }
}

type WordsChange = Extract<
  StoredChange,
  { kind: 'text' | 'failure-label' | 'review-state' | 'note' | 'link' }
>;

function putWords({ expressions, groundTruth, predictions, structure }: Repositories, change: WordsChange) {
  const { expressionId } = change;
  switch (change.kind) {
    case 'text':
      expressions.setText(expressionId, change.text);
      groundTruth.markCorrected({ expressionId });
      predictions.markStale(expressionId);
      return;
    case 'failure-label':
      expressions.setFailureLabel(expressionId, change.label);
      return;
    case 'review-state':
      expressions.setReviewState(expressionId, change.state);
      return;
    case 'note':
      expressions.setNote(expressionId, change.note);
      return;
    case 'link':
      structure.link(expressionId, change.referentId, groundTruth.countUp());
      groundTruth.markCorrected({ expressionId });
      predictions.measureExpression(expressionId);
  }
}
