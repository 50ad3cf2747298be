/** Steps of the undo stack whose expression got another id. */
import type { StoredChange } from '../workspace/repositories/corrections';

/** The change with one expression's id put in place of another. */
export function withExpressionId(change: StoredChange, from: number, to: number): StoredChange {
  if (change.kind === 'several') {
    return { ...change, changes: change.changes.map((each) => withExpressionId(each, from, to)) };
  }
  return 'expressionId' in change && change.expressionId === from ? { ...change, expressionId: to } : change;
}

/** Ids of the expressions that putting the change in place would add. */
export function expressionsAdded(change: StoredChange): number[] {
  if (change.kind === 'several') return change.changes.flatMap(expressionsAdded);
  return change.kind === 'expression' && change.row !== null ? [change.expressionId] : [];
}
