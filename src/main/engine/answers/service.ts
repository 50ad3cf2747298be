/** Predictions made elsewhere become a run; a run's predictions become a file. */
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  plainVariant,
  unwatched,
  type ImportProblem,
  type Prediction,
  type PredictionFormat,
  type PredictionsImport,
  type WorkControl,
} from '../../../common/contract';
import { formatCount } from '../../../common/amounts';
import { WorkbenchError } from '../../../common/errors';
import { runLengthBox } from '../../../common/geometry/rle';
import type { RunLengthMask } from '../../../common/geometry/types';
import { Breather } from '../datasets/breathe';
import { checkMask } from '../datasets/check-mask';
import { counted, writePieces } from '../datasets/write-files';
import type { AnsweredTask } from '../jobs/predict';
import type { Repositories } from '../workspace/repositories';
import type { AnsweredExpression } from '../workspace/repositories/given-answers';
import { readAnswers, type GivenAnswer } from './read';
import { writtenAnswers } from './write';

const problemsTold = 100;
/** Answers that are looked up, and stored, at a time. */
const sliceLength = 2_000;

export async function importPredictions(
  repositories: Repositories,
  { datasetId, path, name }: { datasetId: number; path: string; name: string },
  control: WorkControl = unwatched,
): Promise<PredictionsImport> {
  const { datasets, givenAnswers, predictions, runs } = repositories;
  if (!datasets.get(datasetId)) throw new WorkbenchError('not-found', `There is no dataset ${datasetId}.`);
  const rejected: ImportProblem[] = [];
  const breather = new Breather(control.signal, (items) => {
    if (items > 0) control.say(`Reading the file: ${formatCount(items)} answers so far`);
  });
  control.begin('Reading the file');
  const given = await readAnswers(path, rejected, breather);
  const makesMasks = given.some(({ mask }) => mask !== null);
  const answers = new Map<number, AnsweredTask>();
  control.begin('Looking up what is answered', given.length);
  for (const some of inSlices(given)) {
    const meant = meantBy(some, datasetId, givenAnswers);
    for (const [index, answer] of some.entries()) {
      const expressions = meant[index] ?? [];
      if (expressions.length === 0) {
        rejected.push({
          kind: 'unknown-expression',
          where: answer.where,
          message: `the dataset has no expression for ${answer.expression ?? answer.referent ?? 'it: neither expression nor object is named'}`,
        });
      }
      for (const expression of expressions) {
        const prediction = predictionFrom(answer, expression, makesMasks, rejected);
        // Of several answers to one expression the surest counts, as with COCO's results.
        const before = answers.get(expression.id)?.prediction.score ?? -Infinity;
        if (prediction && (!answers.has(expression.id) || (prediction.score ?? -Infinity) > before)) {
          answers.set(expression.id, { expressionId: expression.id, text: expression.text, prediction });
        }
      }
    }
    control.advance(some.length);
    await breather.pause();
  }
  if (answers.size === 0) {
    throw new WorkbenchError(
      'invalid',
      `Nothing in ${path} answers an expression of this dataset.`,
      rejected[0] ? `${rejected[0].where}: ${rejected[0].message}.` : 'See docs/formats.md.',
    );
  }
  const hash = await hashOf(path);
  const run = runs.findOrCreate({
    datasetId,
    method: 'imported',
    pack: { id: 'imported', name, version: '', hash },
    variant: plainVariant,
    settings: {},
    settingsHash: createHash('sha256').update(name).digest('hex'),
    provider: 'imported',
    versions: {},
  });
  // What the run holds already was taken from the same file.
  const pending = new Set(
    predictions.pendingTasks(run.id, [...answers.keys()]).map(({ expressionId }) => expressionId),
  );
  // Other calls are answered in between; what is missing after a crash is taken when the file is given again.
  const wanted = [...answers.values()].filter(({ expressionId }) => pending.has(expressionId));
  control.begin('Storing answers', wanted.length);
  let stored = 0;
  for (const some of inSlices(wanted)) {
    if (control.signal.aborted) throw stoppedAfter(stored, wanted.length);
    predictions.save(run.id, some);
    stored += some.length;
    control.advance(some.length);
    await nextTurn();
  }
  return {
    runId: run.id,
    answered: answers.size,
    rejected: rejected.slice(0, problemsTold),
    rejectedCount: rejected.length,
  };
}

/** What is stored stays: the same file goes on from there. */
function stoppedAfter(stored: number, all: number): WorkbenchError {
  const count = (value: number) => formatCount(value);
  return new WorkbenchError(
    'cancelled',
    `Stopped: ${count(stored)} of ${count(all)} answers are stored.`,
    'Import the same file again to store the others, or remove the run.',
  );
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

function* inSlices<Item>(items: readonly Item[]): Generator<Item[]> {
  for (let start = 0; start < items.length; start += sliceLength) {
    yield items.slice(start, start + sliceLength);
  }
}

/** The expressions that each answer is for. */
function meantBy(
  answers: readonly GivenAnswer[],
  datasetId: number,
  known: Repositories['givenAnswers'],
): AnsweredExpression[][] {
  const byKey = known.expressions(
    datasetId,
    answers.flatMap(({ expression }) => expression ?? []),
  );
  return answers.map(({ expression, referent, text }) => {
    if (expression !== null) {
      const found = byKey.get(expression);
      return found ? [found] : [];
    }
    if (referent === null) return [];
    const all = known.expressionsOf(datasetId, referent);
    return text === null ? all : all.filter((each) => each.text === text);
  });
}

function predictionFrom(
  { box, mask, score, where }: GivenAnswer,
  { image }: AnsweredExpression,
  makesMasks: boolean,
  rejected: ImportProblem[],
): Prediction | null {
  let checked: RunLengthMask | null = null;
  if (mask) {
    const found = checkMask(mask, image);
    if ('kind' in found) {
      rejected.push({ ...found, where });
      return null;
    }
    checked = found;
  }
  const placed = box ?? (checked && runLengthBox(checked));
  return {
    method: 'imported',
    box: placed,
    mask: checked,
    score,
    missingReason: placed ? '' : 'The file gives no box.',
    evidence: { method: 'imported', source: where, makesMasks },
    timings: [],
  };
}

export async function exportPredictions(
  { givenAnswers, runs }: Repositories,
  { runId, path, format }: { runId: number; path: string; format: PredictionFormat },
  control: WorkControl = unwatched,
): Promise<{ path: string; predictions: number }> {
  const run = runs.get(runId);
  if (!run) throw new WorkbenchError('not-found', `There is no run ${runId}.`, 'It may have been removed.');
  if (existsSync(path)) {
    throw new WorkbenchError(
      'refused',
      `${path} exists already.`,
      'Choose a new file; nothing is overwritten.',
    );
  }
  control.begin('Reading answers');
  const answers = givenAnswers.answersOf(runId);
  const unfinished = `${path}.${randomUUID()}.unfinished`;
  try {
    await writePieces(unfinished, writtenAnswers(run, counted('Writing answers', answers, control), format));
    await rename(unfinished, path);
  } finally {
    await rm(unfinished, { force: true });
  }
  return { path, predictions: answers.length };
}
