/** What a change is about; each throws `not-found` where it is not there. */
import { WorkbenchError } from '../../../common/errors';
import type { Repositories } from '../workspace/repositories';
import type { StoredExpression } from '../workspace/repositories/expressions';
import type { ReferentTruth } from '../workspace/repositories/ground-truth';

export function referentOf({ groundTruth }: Repositories, referentId: number): ReferentTruth {
  const truth = groundTruth.of(referentId);
  if (!truth) throw new WorkbenchError('not-found', `There is no referent ${referentId}.`);
  return truth;
}

export function expressionOf({ expressions }: Repositories, expressionId: number): StoredExpression {
  const found = expressions.get(expressionId);
  if (!found) throw new WorkbenchError('not-found', `There is no expression ${expressionId}.`);
  return found;
}
