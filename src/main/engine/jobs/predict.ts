/**
 * The predict job: one method after the other answers every expression of its scope that its run has not
 * answered yet. Expressions are grouped by image, so that each image is decoded once and encoded once per method.
 * What is written is never written again: a resumed job asks the run what it holds and goes on from there.
 */
import type { MethodId, Prediction } from '../../../common/contract';
import type { ImageBox, RunLengthMask, Size } from '../../../common/geometry/types';
import { toErrorValue, WorkbenchError } from '../../../common/errors';
import type { Emit, Logger } from '../context';
import type { Measurement } from '../evaluation/rows';
import type { DecodedImage } from '../imaging/image';
import type { ImageState, Method } from '../methods/method';
import type { JobControl, JobOutcome } from './queue';

/** An expression to be answered, with what its answer is measured against. */
export interface PredictionTask {
  expressionId: number;
  imageId: number;
  imagePath: string;
  imageSize: Size;
  text: string;
  truth: { box: ImageBox | null; mask: RunLengthMask | null };
}

export interface AnsweredTask {
  expressionId: number;
  prediction: Prediction;
  measurement: Measurement;
}

export interface PredictRequest {
  packId: string;
  runs: { runId: number; method: MethodId }[];
  expressionIds: number[];
}

export interface PredictTools {
  /** Tasks in the order of the ids, without those that the run has answered. */
  pendingTasks(runId: number, expressionIds: readonly number[]): PredictionTask[];
  decode(path: string): Promise<DecodedImage>;
  method(packId: string, methodId: MethodId): Promise<Method>;
  measure(prediction: Prediction, truth: PredictionTask['truth'], size: Size): Measurement;
  save(runId: number, answers: readonly AnsweredTask[]): void;
  saveFailure(runId: number, expressionId: number, kind: string, message: string): void;
  emit: Emit;
  log: Logger;
}

const saveAfter = 64;
const saveAfterMilliseconds = 1_000;

/** Consecutive tasks of one image, in order of the image's first appearance. */
export function groupByImage(tasks: readonly PredictionTask[]): PredictionTask[][] {
  const groups = new Map<number, PredictionTask[]>();
  for (const task of tasks) {
    const group = groups.get(task.imageId);
    if (group) group.push(task);
    else groups.set(task.imageId, [task]);
  }
  return [...groups.values()];
}

interface PendingRun {
  runId: number;
  method: Method;
  pending: Map<number, PredictionTask[]>;
  unsaved: AnsweredTask[];
}

export async function predict(
  request: PredictRequest,
  tools: PredictTools,
  control: JobControl,
): Promise<JobOutcome> {
  const runs: PendingRun[] = [];
  const images = new Map<number, PredictionTask>();
  let total = 0;
  for (const { runId, method } of request.runs) {
    const tasks = tools.pendingTasks(runId, request.expressionIds);
    total += tasks.length;
    const pending = new Map(groupByImage(tasks).map((group) => [group[0]?.imageId ?? 0, group]));
    for (const [imageId, group] of pending) {
      const first = group[0];
      if (first && !images.has(imageId)) images.set(imageId, first);
    }
    if (tasks.length > 0) {
      control.say(`Loading ${method}`);
      runs.push({ runId, method: await tools.method(request.packId, method), pending, unsaved: [] });
    }
  }
  control.setTotal(total);
  control.say('Predicting');
  const saver = new Saver(runs, tools);
  let failures = 0;
  try {
    const queue = [...images.values()];
    // The next image is decoded while the models work on this one.
    let upcoming = queue[0] ? settled(tools.decode(queue[0].imagePath)) : null;
    for (let index = 0; index < queue.length && upcoming; index += 1) {
      const decoded = await upcoming;
      const next = queue[index + 1];
      upcoming = next ? settled(tools.decode(next.imagePath)) : null;
      const imageId = queue[index]?.imageId ?? 0;
      for (const run of runs) {
        failures += await answerImage(run, run.pending.get(imageId) ?? [], decoded, tools, control, saver);
      }
    }
  } finally {
    // What was answered is kept, however the job ends.
    saver.flush();
  }
  const answered = total - failures;
  const message =
    total === 0
      ? 'Nothing to do: all answered before.'
      : failures === 0
        ? `${answered} answered.`
        : `${answered} answered, ${failures} failed.`;
  return { message, result: { answered, failed: failures, runIds: request.runs.map((run) => run.runId) } };
}

type Settled<Value> = { ok: true; value: Value } | { ok: false; error: unknown };

/** A promise that never rejects, so that a failure ahead of time waits for its turn. */
async function settled<Value>(promise: Promise<Value>): Promise<Settled<Value>> {
  try {
    return { ok: true, value: await promise };
  } catch (error) {
    return { ok: false, error };
  }
}

/** Answers one image's expressions with one method; returns how many failed. */
async function answerImage(
  run: PendingRun,
  tasks: readonly PredictionTask[],
  decoded: Settled<DecodedImage>,
  tools: PredictTools,
  control: JobControl,
  saver: Saver,
): Promise<number> {
  if (tasks.length === 0) return 0;
  const fail = (task: PredictionTask, error: unknown) => {
    const value = toErrorValue(error, '');
    tools.saveFailure(run.runId, task.expressionId, value.kind, value.message);
    control.advance(1, 1);
  };
  let state: ImageState;
  try {
    if (!decoded.ok) throw decoded.error;
    stopIfCancelled(control);
    state = await run.method.prepare(decoded.value);
  } catch (error) {
    stopIfCancelled(control);
    tools.log.error('an image could not be prepared', error);
    for (const task of tasks) fail(task, error);
    return tasks.length;
  }
  let failures = 0;
  for (const task of tasks) {
    stopIfCancelled(control);
    try {
      const prediction = await run.method.ground(state, task.text);
      const measurement = tools.measure(prediction, task.truth, task.imageSize);
      saver.add(run, { expressionId: task.expressionId, prediction, measurement });
      control.advance(1);
    } catch (error) {
      tools.log.error('an expression could not be answered', error);
      fail(task, error);
      failures += 1;
    }
  }
  return failures;
}

function stopIfCancelled(control: JobControl): void {
  if (control.signal.aborted) throw new WorkbenchError('cancelled', 'Cancelled.');
}

/** Collects answers and writes them together: one transaction for many is what keeps SQLite out of the way. */
class Saver {
  readonly #runs: readonly PendingRun[];
  readonly #tools: PredictTools;
  #count = 0;
  #savedAt = performance.now();

  constructor(runs: readonly PendingRun[], tools: PredictTools) {
    this.#runs = runs;
    this.#tools = tools;
  }

  add(run: PendingRun, answer: AnsweredTask): void {
    run.unsaved.push(answer);
    this.#count += 1;
    if (this.#count >= saveAfter || performance.now() - this.#savedAt > saveAfterMilliseconds) this.flush();
  }

  flush(): void {
    this.#savedAt = performance.now();
    if (this.#count === 0) return;
    this.#count = 0;
    for (const run of this.#runs) {
      if (run.unsaved.length > 0) this.#tools.save(run.runId, run.unsaved.splice(0));
    }
    this.#tools.emit('data.changed', { what: 'predictions', expressionIds: [] });
  }
}
