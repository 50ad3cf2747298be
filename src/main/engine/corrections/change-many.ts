/**
 * Changes of many expressions at once: all or none, one step an image. They are made in small transactions, so that other
 * calls are answered in between; the steps are noted as unfinished until the last of them, and are taken back where the
 * change is stopped, fails, or is cut off by the end of the process.
 */
import {
  unwatched,
  type BulkRequest,
  type BulkResult,
  type BulkUndoResult,
  type WorkControl,
} from '../../../common/contract';
import { WorkbenchError } from '../../../common/errors';
import type { Emit } from '../context';
import type { Workspace } from '../workspace/open';
import { slices, turnByTurn } from '../workspace/slices';
import { expressionOf } from './look-up';
import { planChange } from './plan';
import { putChange } from './put';

export async function changeMany(
  workspace: Workspace,
  emit: Emit,
  { expressionIds, change, label }: BulkRequest,
  control: WorkControl = unwatched,
): Promise<BulkResult> {
  const { database, repositories } = workspace;
  const { corrections, expressions, settings } = repositories;
  const wanted = [...new Set(expressionIds)];
  const images = expressions.byImage(wanted);
  const found = [...images.values()].reduce((sum, ids) => sum + ids.length, 0);
  // Throws for the one that is not there, before anything is changed.
  if (found < wanted.length) for (const id of wanted) expressionOf(repositories, id);
  const { author } = settings.get();
  const result: BulkResult = { expressionIds: [], stepIds: [], label };
  const changeImage = ([imageId, ids]: [number, number[]]) => {
    const steps = ids.map((expressionId) => planChange(repositories, { ...change, expressionId }, label));
    const changing = steps.filter(({ changes }) => changes);
    if (changing.length === 0) return;
    const before = { kind: 'several', changes: changing.map((step) => step.before) } as const;
    const after = { kind: 'several', changes: changing.map((step) => step.after) } as const;
    const stepId = corrections.push(imageId, { label, before, after }, author);
    corrections.begin([stepId]);
    result.stepIds.push(stepId);
    result.expressionIds.push(
      ...putChange(repositories, after, { source: 'edited', label, author }).expressionIds,
    );
  };
  control.begin(label, images.size);
  // What a slice has pushed and rolled back is no step, and its number may be another's.
  let committed = 0;
  try {
    await turnByTurn(slices(database, [...images], changeImage), (done) => {
      committed = result.stepIds.length;
      control.advance(done);
      control.signal.throwIfAborted();
    });
    corrections.finish(result.stepIds);
  } catch (error) {
    const left = await takeBack(workspace, result.stepIds.slice(0, committed), control);
    tell(emit, result.expressionIds);
    if (left === 0 || !(error instanceof WorkbenchError)) throw error;
    throw new WorkbenchError(error.kind, error.message, leftHint(left), { cause: error });
  }
  tell(emit, result.expressionIds);
  return result;
}

/** A step below a newer one stays: taking it back would mix up what came after. */
export async function undoMany(
  workspace: Workspace,
  emit: Emit,
  stepIds: readonly number[],
  control: WorkControl = unwatched,
): Promise<BulkUndoResult> {
  const { database, repositories } = workspace;
  const { corrections, settings } = repositories;
  const { author } = settings.get();
  const result: BulkUndoResult = { expressionIds: [], undone: 0, left: 0, notReached: [] };
  const undoStep = (stepId: number) => {
    const step = topStep(workspace, stepId);
    if (!step) {
      result.left += 1;
      return;
    }
    corrections.mark(stepId, true);
    const put = putChange(repositories, step.before, { source: 'undo', label: step.label, author });
    result.expressionIds.push(...put.expressionIds);
    result.undone += 1;
  };
  control.begin('Taking back', stepIds.length);
  corrections.begin(stepIds);
  try {
    await turnByTurn(slices(database, stepIds, undoStep), (done) => {
      control.advance(done);
      control.signal.throwIfAborted();
    });
  } catch (error) {
    if (!control.signal.aborted) throw error;
    result.notReached = stepIds.slice(result.undone + result.left);
  } finally {
    corrections.finish(stepIds);
    tell(emit, result.expressionIds);
  }
  return result;
}

/** Takes back what was cut off by the end of the process. */
export async function takeBackUnfinished(workspace: Workspace): Promise<void> {
  const stepIds = workspace.repositories.corrections.unfinished();
  if (stepIds.length > 0) await takeBack(workspace, stepIds, unwatched);
}

/** Returns how many stay because their image was changed again since. */
async function takeBack(
  workspace: Workspace,
  stepIds: readonly number[],
  control: WorkControl,
): Promise<number> {
  const { database, repositories } = workspace;
  const { corrections, settings } = repositories;
  const { author } = settings.get();
  let left = 0;
  const takeBackStep = (stepId: number) => {
    const step = topStep(workspace, stepId);
    if (step) {
      putChange(repositories, step.before, { source: 'undo', label: step.label, author });
      corrections.drop(stepId);
    } else if (corrections.imageOf(stepId) !== null) left += 1;
  };
  control.begin('Taking back what was changed', stepIds.length);
  await turnByTurn(slices(database, stepIds, takeBackStep), (done) => control.advance(done));
  corrections.finish(stepIds);
  return left;
}

/** The step where it is the newest of its image, and done; else null. */
function topStep({ repositories: { corrections } }: Workspace, stepId: number) {
  const imageId = corrections.imageOf(stepId);
  const step = imageId === null ? null : corrections.toUndo(imageId);
  return step?.id === stepId ? step : null;
}

function tell(emit: Emit, expressionIds: number[]): void {
  if (expressionIds.length > 0) emit('data.changed', { what: 'corrections', expressionIds });
}

const leftHint = (left: number) =>
  `All was taken back but on ${left} ${left === 1 ? 'image' : 'images'} changed again meanwhile: undo there in Inspect.`;
