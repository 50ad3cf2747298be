import {
  evaluationPresets,
  methodIds,
  type Evaluation,
  type EvaluationOptions,
} from '../../../common/contract';
import { WorkbenchError } from '../../../common/errors';
import { formatEvaluation } from '../reports/terminal';
import { defineCommand } from './command';
import type { ValuesOf } from './options';
import { detailOptions, tellDetails, tellSlices } from './evaluate-details';
import { checkLimits, failUnderOption, limitsOf } from './limits';
import { datasetOption, findDataset, unwrap, type Session } from './session';
import { pairWords } from '../reports/words';
import { UsageError } from './usage';
import { numbers, oneOf, wholeNumber } from './values';

const presetIds = evaluationPresets.map(({ id }) => id);

export const evaluationDeclarations = {
  ...datasetOption,
  split: { type: 'string', value: '<split>', help: 'only this split; default: all together' },
  runs: { type: 'string', value: '<1,2>', help: 'numbers of the runs; default: the newest of each method' },
  unit: { type: 'string', value: '<unit>', help: 'expression (default), referent or image' },
  comparator: { type: 'string', value: '<sign>', help: '>= (default) or >: how an IoU meets its threshold' },
  boxes: {
    type: 'string',
    value: '<convention>',
    help: 'exclusive (default) or inclusive: the last pixel belongs to a box, so both its sides are 1 longer',
  },
  coverage: {
    type: 'string',
    value: '<coverage>',
    help: 'common (default): what every run has answered; all: a missing prediction counts as wrong',
  },
  'ground-truth': { type: 'string', value: '<which>', help: 'corrected (default) or original' },
  revision: { type: 'string', value: '<n>', help: 'corrected ground truth as of this revision' },
  saved: {
    type: 'string',
    value: '<n>',
    help: 'a saved evaluation: what it was computed from, as all was then; its own runs and choices',
  },
  preset: {
    type: 'string',
    value: '<name>',
    help: `unit, coverage, comparator and boxes as in ${presetIds.join(', ')}`,
  },
} as const;

export type EvaluationValues = ValuesOf<typeof evaluationDeclarations>;

/** Of the runs that have answered anything, the newest of each method. */
async function newestRuns(session: Session, datasetId: number): Promise<number[]> {
  const runs = unwrap(await session.engine.client.runs.list({ datasetId }));
  return methodIds.flatMap((method) => {
    const answered = runs.filter((run) => run.method === method && run.predictions > 0);
    const ids = answered.map((run) => run.id);
    return ids.length > 0 ? [Math.max(...ids)] : [];
  });
}

export async function optionsOf(session: Session, values: EvaluationValues): Promise<EvaluationOptions> {
  const savedId = wholeNumber('saved', values.saved, 1);
  if (savedId !== null) return savedOptions(session, savedId);
  const dataset = await findDataset(session, values.dataset);
  const runIds = numbers('runs', values.runs) ?? (await newestRuns(session, dataset.id));
  if (runIds.length === 0) {
    throw new WorkbenchError('not-found', 'There are no predictions to evaluate.', 'Run `predict` first.');
  }
  const preset = presetOf(values.preset);
  return {
    runIds,
    split: values.split ?? null,
    unit: oneOf('unit', values.unit ?? preset?.unit, ['expression', 'referent', 'image']),
    comparator: oneOf('comparator', values.comparator ?? preset?.comparator, ['>=', '>']),
    boxes: oneOf('boxes', values.boxes ?? preset?.boxes, ['exclusive', 'inclusive']),
    coverage: oneOf('coverage', values.coverage ?? preset?.coverage, ['common', 'all']),
    groundTruth: oneOf('ground-truth', values['ground-truth'], ['corrected', 'original']),
    revision: wholeNumber('revision', values.revision, 0),
    saved: null,
  };
}

/** Throws `unsupported` for one that kept only its numbers. */
async function savedOptions(session: Session, id: number): Promise<EvaluationOptions> {
  const { saved } = unwrap(await session.engine.client.evaluation.open({ id }));
  if (saved.options.saved !== null) return saved.options;
  throw new WorkbenchError(
    'unsupported',
    `Saved evaluation ${id} was saved with its numbers only, not with what they were computed from.`,
    `Evaluate its runs at its revision instead: --runs ${saved.options.runIds.join(',')} --revision ${saved.revision}`,
  );
}

/** How others count; what is said beside it goes before. */
function presetOf(id: string | undefined): (typeof evaluationPresets)[number]['options'] | null {
  if (id === undefined) return null;
  const wanted = oneOf('preset', id, presetIds as [(typeof presetIds)[number], ...typeof presetIds]);
  return evaluationPresets.find((preset) => preset.id === wanted)?.options ?? null;
}

/** Prints the results table, or as JSON the whole evaluation; returns it. */
export async function evaluate(session: Session, values: EvaluationValues): Promise<Evaluation> {
  const evaluation = unwrap(await session.engine.client.evaluation.compute(await optionsOf(session, values)));
  session.output.result('evaluation', evaluation);
  session.output.print(formatEvaluation(evaluation));
  return evaluation;
}

export const evaluateCommand = defineCommand({
  name: 'evaluate',
  summary: 'Print the results table (as JSON: the whole evaluation)',
  arguments: [],
  options: {
    ...evaluationDeclarations,
    ...detailOptions,
    ...failUnderOption,
  },
  examples: [
    'evaluate --split test',
    'evaluate --split test --ground-truth original',
    'evaluate --split test --preset mdetr',
    'evaluate --split test --details',
    'evaluate --split test --by size,kind',
    'evaluate --split test --fail-under risclip:accuracy50=0.8,yolo-clip:proposalRecall=0.95',
    'evaluate --dataset RefCOCOg --split val --unit referent --json > evaluation.jsonl',
  ],
  async run(session, values) {
    // What is asked for is checked before the work begins.
    const limits = limitsOf(values['fail-under']);
    const evaluation = await evaluate(session, values);
    const options = await optionsOf(session, values);
    if (values.by !== undefined) await tellSlices(session, evaluation, options, values.by);
    if (values.details) await tellDetails(session, evaluation, options);
    return limits.length > 0 ? checkLimits(session, evaluation, limits) : 0;
  },
});

export const compareCommand = defineCommand({
  name: 'compare',
  summary: 'Say whether two runs differ on the same expressions',
  arguments: [
    { name: 'run', help: 'number of the first run' },
    { name: 'other', help: 'number of the second run' },
  ],
  options: evaluationDeclarations,
  examples: ['compare 1 3 --split test', 'compare 1 3 --split test --unit image --json'],
  async run(session, values, given) {
    if (values.runs !== undefined) throw new UsageError('compare takes its two runs as arguments.');
    const options = await optionsOf(session, { ...values, runs: given.slice(0, 2).join(',') });
    const evaluation = unwrap(await session.engine.client.evaluation.compute(options));
    const [pair] = evaluation.pairs;
    if (!pair) throw new UsageError('compare wants two different runs.');
    session.output.result('comparison', pair);
    const { verdict, detail, power } = pairWords(evaluation, pair);
    session.output.print(`${verdict}\n  ${detail}\n  ${power}`);
    return 0;
  },
});
