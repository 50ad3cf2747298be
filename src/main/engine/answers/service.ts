/** Predictions made elsewhere become a run; a run's predictions become a file. */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, writeFileSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import {
  plainVariant,
  type ImportProblem,
  type Prediction,
  type PredictionFormat,
  type PredictionsImport,
} from '../../../common/contract';
import { WorkbenchError } from '../../../common/errors';
import { runLengthBox } from '../../../common/geometry/rle';
import type { RunLengthMask } from '../../../common/geometry/types';
import { Breather } from '../datasets/breathe';
import { checkMask } from '../datasets/check-mask';
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
): Promise<PredictionsImport> {
  const { datasets, givenAnswers, predictions, runs } = repositories;
  if (!datasets.get(datasetId)) throw new WorkbenchError('not-found', `There is no dataset ${datasetId}.`);
  const rejected: ImportProblem[] = [];
  const breather = new Breather();
  const given = await readAnswers(path, rejected, breather);
  const makesMasks = given.some(({ mask }) => mask !== null);
  const answers = new Map<number, AnsweredTask>();
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
    await breather.breathe();
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
  for (const some of inSlices([...answers.values()])) {
    predictions.save(
      run.id,
      some.filter(({ expressionId }) => pending.has(expressionId)),
    );
    await breather.breathe();
  }
  return {
    runId: run.id,
    answered: answers.size,
    rejected: rejected.slice(0, problemsTold),
    rejectedCount: rejected.length,
  };
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

export function exportPredictions(
  { givenAnswers, runs }: Repositories,
  { runId, path, format }: { runId: number; path: string; format: PredictionFormat },
): { path: string; predictions: number } {
  const run = runs.get(runId);
  if (!run) throw new WorkbenchError('not-found', `There is no run ${runId}.`, 'It may have been removed.');
  if (existsSync(path)) {
    throw new WorkbenchError(
      'refused',
      `${path} exists already.`,
      'Choose a new file; nothing is overwritten.',
    );
  }
  const answers = givenAnswers.answersOf(runId);
  writeFileSync(path, writtenAnswers(run, answers, format), { flag: 'wx' });
  return { path, predictions: answers.length };
}
