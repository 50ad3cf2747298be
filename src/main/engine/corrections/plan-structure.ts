/**
 * Splitting and merging referents, linking expressions, adding expressions. What a step adds is stored at once, but as
 * something that does not exist; putting the step in place makes it exist, and undo makes it vanish again.
 */
import type { Change } from '../../../common/contract';
import { WorkbenchError } from '../../../common/errors';
import type { Repositories } from '../workspace/repositories';
import type { StoredChange } from '../workspace/repositories/corrections';
import type { Geometry } from '../workspace/repositories/ground-truth';
import { settleGeometry } from './geometry-rule';
import { expressionOf, referentOf } from './look-up';
import type { PlannedStep } from './planned-step';

const several = (changes: StoredChange[]): StoredChange => ({ kind: 'several', changes });
const link = (expressionId: number, referentId: number | null): StoredChange => ({
  kind: 'link',
  expressionId,
  referentId,
});
const object = (referentId: number, exists: boolean): StoredChange => ({
  kind: 'object',
  referentId,
  exists,
});

/** The object must be one of the expression's own image. */
function checkObject({ structure }: Repositories, referentId: number, imageId: number): void {
  if (structure.object(referentId)?.imageId === imageId) return;
  throw new WorkbenchError(
    'invalid',
    `Referent ${referentId} is no object of this image.`,
    'An expression can only mean an object of its own image.',
  );
}

export function planLink(
  repositories: Repositories,
  expressionId: number,
  referentId: number | null,
): PlannedStep {
  const expression = expressionOf(repositories, expressionId);
  if (referentId !== null) checkObject(repositories, referentId, expression.imageId);
  return {
    imageId: expression.imageId,
    before: link(expressionId, expression.referentId),
    after: link(expressionId, referentId),
    changes: referentId !== expression.referentId,
  };
}

export function planSplit(repositories: Repositories, expressionId: number, label: string): PlannedStep {
  const { imageId, referentId } = expressionOf(repositories, expressionId);
  if (referentId === null || repositories.expressions.idsOfReferent(referentId).length < 2) {
    throw new WorkbenchError(
      'invalid',
      'No other expression means this object, so there is nothing to split.',
      'Change its box instead.',
    );
  }
  const { category, box, mask, runId } = referentOf(repositories, referentId);
  const made = newObject(repositories, imageId, category, { box, mask }, { source: 'split', runId, label });
  return {
    imageId,
    before: several([link(expressionId, referentId), object(made, false)]),
    after: several([object(made, true), link(expressionId, made)]),
    changes: true,
  };
}

export function planMerge(
  repositories: Repositories,
  referentId: number,
  intoReferentId: number,
): PlannedStep {
  const { imageId } = referentOf(repositories, referentId);
  checkObject(repositories, referentId, imageId);
  checkObject(repositories, intoReferentId, imageId);
  if (referentId === intoReferentId) {
    throw new WorkbenchError('invalid', 'A referent cannot be merged with itself.');
  }
  const ids = repositories.expressions.idsOfReferent(referentId);
  return {
    imageId,
    before: several([object(referentId, true), ...ids.map((id) => link(id, referentId))]),
    after: several([...ids.map((id) => link(id, intoReferentId)), object(referentId, false)]),
    changes: true,
  };
}

export function planAddition(
  repositories: Repositories,
  { imageId, text, referent }: Extract<Change, { kind: 'add-expression' }>,
  label: string,
): PlannedStep {
  const words = text.trim();
  if (words === '') throw new WorkbenchError('invalid', 'An expression cannot be empty.');
  const image = repositories.expressions.image(imageId)?.info;
  if (!image) throw new WorkbenchError('not-found', `There is no image ${imageId}.`);
  let referentId: number | null = null;
  const made: number[] = [];
  if (referent && 'referentId' in referent) {
    checkObject(repositories, referent.referentId, imageId);
    referentId = referent.referentId;
  } else if (referent) {
    const geometry = settleGeometry(referent, { box: null, mask: null }, image);
    referentId = newObject(repositories, imageId, '', geometry, { ...referent, label });
    made.push(referentId);
  }
  const expressionId = repositories.structure.nextExpressionId();
  const row = repositories.structure.newExpression(imageId, referentId, words);
  return {
    imageId,
    before: several([
      { kind: 'expression', expressionId, row: null },
      ...made.map((id) => object(id, false)),
    ]),
    after: several([...made.map((id) => object(id, true)), { kind: 'expression', expressionId, row }]),
    changes: true,
  };
}

function newObject(
  { structure, groundTruth, settings }: Repositories,
  imageId: number,
  category: string,
  geometry: Geometry,
  made: { source: 'drawn' | 'segmented' | 'accepted' | 'split'; runId: number | null; label: string },
): number {
  const referentId = structure.newReferent(imageId, category);
  const { source, runId, label } = made;
  groundTruth.add(referentId, geometry, { source, runId, label, author: settings.get().author });
  return referentId;
}
