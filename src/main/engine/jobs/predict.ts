/**
 * The predict job: one method after the other answers every expression of its scope that its run has not
 * answered yet. Expressions are grouped by image, so that each image is decoded once and encoded once per method.
 * What is written is never written again: a resumed job asks the run what it holds and goes on from there.
 */
import { formatCount } from '../../../common/amounts';
import { methodNames, plainVariant, type OwnMethodId, type Prediction } from '../../../common/contract';
import { toErrorValue, WorkbenchError } from '../../../common/errors';
import type { Emit, Logger } from '../context';
import type { DecodedImage } from '../imaging/image';
import type { ImageState, Method } from '../methods/method';
import type { JobControl, JobOutcome } from './queue';

/** An expression to be answered. */
export interface PredictionTask {
  expressionId: number;
  imageId: number;
  text: string;
}

export interface AnsweredTask {
  expressionId: number;
  /** The text that was answered: the expression may have been edited since the task was made. */
  text: string;
  prediction: Prediction;
}

export interface PredictRequest {
  packId: string;
  /** `variant` is absent in jobs of an earlier version, which knew one only. */
  runs: { runId: number; method: OwnMethodId; variant?: string }[];
  expressionIds: number[];
  /** Methods that were asked for and cannot run, each with the reason as a sentence. */
  leftOut?: string[];
}

/** Whether a job's stored request is one to predict. */
export function isPredictRequest(request: unknown): request is PredictRequest {
  return typeof request === 'object' && request !== null && 'runs' in request && 'expressionIds' in request;
}

export interface PredictTools {
  /** Tasks in the order of the ids, without those that the run has answered. */
  pendingTasks(runId: number, expressionIds: readonly number[]): PredictionTask[];
  decode(imageId: number): Promise<DecodedImage>;
  method(packId: string, methodId: OwnMethodId, variant: string): Promise<Method>;
  /** Measures the answers against the ground truth of this moment, which a person may be correcting, and writes both. */
  save(runId: number, answers: readonly AnsweredTask[]): void;
  saveFailure(runId: number, expressionId: number, kind: string, message: string): void;
  emit: Emit;
  log: Logger;
}

const saveAfter = 64;
const saveAfterMilliseconds = 1_000;

/** The tasks of each image, in order of the image's first appearance. */
export function groupByImage(tasks: readonly PredictionTask[]): Map<number, PredictionTask[]> {
  const groups = new Map<number, PredictionTask[]>();
  for (const task of tasks) {
    const group = groups.get(task.imageId);
    if (group) group.push(task);
    else groups.set(task.imageId, [task]);
  }
  return groups;
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
  const images = new Set<number>();
  const leftOut = [...(request.leftOut ?? [])];
  let total = 0;
  let loadError: unknown = null;
  for (const { runId, method, variant = plainVariant } of request.runs) {
    const tasks = tools.pendingTasks(runId, request.expressionIds);
    if (tasks.length === 0) continue;
    control.say(`Loading ${methodNames[method]}`);
    const loaded = await settled(tools.method(request.packId, method, variant));
    if (!loaded.ok) {
      // A damaged model keeps its own method from running; the others go on.
      tools.log.error(`${method} could not be loaded`, loaded.error);
      leftOut.push(reasonLeftOut(method, loaded.error));
      loadError ??= loaded.error;
      continue;
    }
    const pending = groupByImage(tasks);
    for (const imageId of pending.keys()) images.add(imageId);
    total += tasks.length;
    runs.push({ runId, method: loaded.value, pending, unsaved: [] });
  }
  if (runs.length === 0 && loadError !== null) throw loadError;
  // What an earlier attempt of this job answered counts as done; what failed then is tried again.
  const whole = Math.max(total, control.totalBefore);
  const before = whole - total;
  control.setTotal(whole, before);
  control.say('Predicting');
  const saver = new Saver(runs, tools, control);
  let failures = 0;
  try {
    const queue = [...images];
    const decodeAt = (index: number) => {
      const imageId = queue[index];
      return imageId === undefined ? null : settled(tools.decode(imageId));
    };
    // The next image is decoded while the models work on this one.
    let upcoming = decodeAt(0);
    for (const [index, imageId] of queue.entries()) {
      const decoded = await upcoming;
      if (decoded === null) break;
      upcoming = decodeAt(index + 1);
      for (const run of runs) {
        failures += await answerImage(run, run.pending.get(imageId) ?? [], decoded, tools, control, saver);
      }
    }
  } finally {
    // What was answered is kept, however the job ends.
    saver.flush();
  }
  const answered = whole - failures;
  const outcome =
    whole === 0
      ? 'Nothing to do: all answered before.'
      : failures === 0
        ? `${formatCount(answered)} answered.`
        : `${formatCount(answered)} answered, ${formatCount(failures)} failed.`;
  return {
    message: [outcome, ...leftOut].join(' '),
    result: { answered, failed: failures, leftOut, runIds: request.runs.map((run) => run.runId) },
  };
}

/** Why a method does not take part, as a sentence for the person. */
export function reasonLeftOut(method: OwnMethodId, error: unknown): string {
  return `${methodNames[method]} is left out: ${toErrorValue(error, '').message}`;
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
    let prediction: Prediction;
    try {
      prediction = await run.method.ground(state, task.text);
    } catch (error) {
      tools.log.error('an expression could not be answered', error);
      fail(task, error);
      failures += 1;
      continue;
    }
    // Outside the try: what cannot be saved ends the job, it is no failure of the method.
    control.advance(1);
    saver.add(run, { expressionId: task.expressionId, text: task.text, prediction });
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
  readonly #control: JobControl;
  #count = 0;
  #savedAt = performance.now();

  constructor(runs: readonly PendingRun[], tools: PredictTools, control: JobControl) {
    this.#runs = runs;
    this.#tools = tools;
    this.#control = control;
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
    this.#control.keep();
    this.#tools.emit('data.changed', { what: 'predictions', expressionIds: [] });
  }
}
