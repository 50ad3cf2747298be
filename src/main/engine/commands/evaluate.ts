import { resolve } from 'node:path';
import { methodIds, reportFormats, type EvaluationOptions } from '../../../common/contract';
import { WorkbenchError } from '../../../common/errors';
import { formatEvaluation } from '../reports/terminal';
import { defineCommand, type ValuesOf } from './command';
import { datasetOption, findDataset, unwrap, type Session } from './session';
import { oneOf, required, runNumbers, severalOf, wholeNumber } from './values';

const evaluationDeclarations = {
  ...datasetOption,
  split: { type: 'string', value: '<split>', help: 'only this split; default: all together' },
  runs: { type: 'string', value: '<1,2>', help: 'numbers of the runs; default: the newest of each method' },
  unit: { type: 'string', value: '<unit>', help: 'expression (default), referent or image' },
  comparator: { type: 'string', value: '<sign>', help: '>= (default) or >: how an IoU meets its threshold' },
  coverage: {
    type: 'string',
    value: '<coverage>',
    help: 'common (default): what every run has answered; all: a missing prediction counts as wrong',
  },
  'ground-truth': { type: 'string', value: '<which>', help: 'corrected (default) or original' },
  revision: { type: 'string', value: '<n>', help: 'corrected ground truth as of this revision' },
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

async function optionsOf(session: Session, values: EvaluationValues): Promise<EvaluationOptions> {
  const dataset = await findDataset(session, values.dataset);
  const runIds = runNumbers('runs', values.runs) ?? (await newestRuns(session, dataset.id));
  if (runIds.length === 0) {
    throw new WorkbenchError('not-found', 'There are no predictions to evaluate.', 'Run `predict` first.');
  }
  return {
    runIds,
    split: values.split ?? null,
    unit: oneOf('unit', values.unit, ['expression', 'referent', 'image']),
    comparator: oneOf('comparator', values.comparator, ['>=', '>']),
    coverage: oneOf('coverage', values.coverage, ['common', 'all']),
    groundTruth: oneOf('ground-truth', values['ground-truth'], ['corrected', 'original']),
    revision: wholeNumber('revision', values.revision, 0),
  };
}

/** Prints the results table, or as JSON the whole evaluation. */
export async function evaluate(session: Session, values: EvaluationValues): Promise<void> {
  const evaluation = unwrap(await session.engine.client.evaluation.compute(await optionsOf(session, values)));
  session.output.result('evaluation', evaluation);
  session.output.print(formatEvaluation(evaluation));
}

const reportDeclarations = {
  ...evaluationDeclarations,
  out: { type: 'string', value: '<folder>', help: 'where the files go; made when missing' },
  formats: { type: 'string', value: '<a,b>', help: `${reportFormats.join(', ')}; default: all` },
  title: { type: 'string', value: '<text>', help: 'heading of the report' },
  examples: { type: 'string', value: '<n>', help: 'so many worst, most disagreed on and best; default: 4' },
} as const;

/** Writes the report's files and says which; returns their paths. */
export async function writeReport(
  session: Session,
  values: ValuesOf<typeof reportDeclarations>,
): Promise<string[]> {
  const folder = resolve(required('out', values.out));
  const { files } = unwrap(
    await session.engine.client.reports.export({
      options: {
        evaluation: await optionsOf(session, values),
        title: values.title ?? '',
        examples: wholeNumber('examples', values.examples, 0) ?? 4,
      },
      folder,
      formats: severalOf('formats', values.formats, reportFormats) ?? [...reportFormats],
    }),
  );
  session.output.result('report', { files });
  for (const file of files) session.output.print(`Wrote ${file}`);
  return files;
}

export const evaluateCommand = defineCommand({
  name: 'evaluate',
  summary: 'Print the results table (as JSON: the whole evaluation)',
  arguments: [],
  options: evaluationDeclarations,
  examples: [
    'evaluate --split test',
    'evaluate --split test --ground-truth original',
    'evaluate --dataset RefCOCOg --split val --unit referent --json > evaluation.jsonl',
  ],
  async run(session, values) {
    await evaluate(session, values);
    return 0;
  },
});

export const reportCommand = defineCommand({
  name: 'report',
  summary: 'Write report.html, expressions.csv and report.json',
  arguments: [],
  options: reportDeclarations,
  examples: [
    'report --split test --out report',
    'report --split test --out report --formats html,csv --title "Demo, first look" --examples 8',
  ],
  async run(session, values) {
    await writeReport(session, values);
    return 0;
  },
});
