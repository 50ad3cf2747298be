import { resolve } from 'node:path';
import { reportFormats, type EvaluationOptions, type ReportFormat } from '../../../common/contract';
import { WorkbenchError } from '../../../common/errors';
import { formatEvaluation } from '../reports/terminal';
import { findDataset, unwrap, type Session } from './session';

export interface EvaluateArguments {
  dataset?: string | undefined;
  split?: string | undefined;
  unit?: string | undefined;
  coverage?: string | undefined;
  'ground-truth'?: string | undefined;
}

function oneOf<Choice extends string>(
  name: string,
  text: string | undefined,
  choices: readonly [Choice, ...Choice[]],
): Choice {
  if (text === undefined) return choices[0];
  const found = choices.find((choice) => choice === text);
  if (found) return found;
  throw new WorkbenchError('invalid', `--${name} is one of ${choices.join(', ')}, not "${text}".`);
}

/** The newest run of each method that has answered anything. */
async function evaluationOptionsOf(session: Session, given: EvaluateArguments): Promise<EvaluationOptions> {
  const dataset = await findDataset(session, given.dataset);
  const runs = unwrap(await session.engine.client.runs.list({ datasetId: dataset.id }));
  const newest = new Map(runs.filter((run) => run.predictions > 0).map((run) => [run.method, run.id]));
  if (newest.size === 0) {
    throw new WorkbenchError('not-found', 'There are no predictions to evaluate.', 'Run `predict` first.');
  }
  return {
    runIds: [...newest.values()],
    split: given.split ?? null,
    unit: oneOf('unit', given.unit, ['expression', 'referent']),
    coverage: oneOf('coverage', given.coverage, ['common', 'all']),
    groundTruth: oneOf('ground-truth', given['ground-truth'], ['corrected', 'original']),
    revision: null,
  };
}

/** `evaluate`: the results table, or as JSON the whole evaluation. */
export async function evaluateCommand(session: Session, given: EvaluateArguments): Promise<number> {
  const options = await evaluationOptionsOf(session, given);
  const evaluation = unwrap(await session.engine.client.evaluation.compute(options));
  session.output.result('evaluation', evaluation);
  session.output.print(formatEvaluation(evaluation));
  return 0;
}

export interface ReportArguments extends EvaluateArguments {
  out: string;
  formats?: string | undefined;
  title?: string | undefined;
}

/** `report`: writes report.html, expressions.csv and report.json into a folder. */
export async function reportCommand(session: Session, given: ReportArguments): Promise<number> {
  const formats: ReportFormat[] = (given.formats ?? reportFormats.join(','))
    .split(',')
    .map((name) => oneOf('formats', name.trim(), [...reportFormats] as [ReportFormat, ...ReportFormat[]]));
  const { files } = unwrap(
    await session.engine.client.reports.export({
      options: {
        evaluation: await evaluationOptionsOf(session, given),
        title: given.title ?? '',
        examples: 4,
      },
      folder: resolve(given.out),
      formats,
    }),
  );
  session.output.result('report', { files });
  for (const file of files) session.output.print(`Wrote ${file}`);
  return 0;
}
