/** What all commands share: an engine on the wanted workspace, calls that throw, and waiting for jobs. */
import type { DatasetSummary, Job, Work, WorkName } from '../../../common/contract';
import { WorkbenchError, type ErrorKind, type ErrorValue, type Result } from '../../../common/errors';
import type { Engine } from '../index';
import type { OptionDeclarations } from './options';
import type { Output } from './output';
import { UsageError } from './usage';

export interface Session {
  engine: Engine;
  output: Output;
  /** Folder of the shipped models and demo data. */
  resourcesPath: string;
  /** What makes a PDF of a page; throws `unsupported` where nothing can. */
  printer(): (html: string) => Promise<Uint8Array>;
}

/** The option of every command that works on one dataset. */
export const datasetOption = {
  dataset: {
    type: 'string',
    value: '<name or id>',
    help: 'which dataset; needed when the workspace has several',
  },
} as const satisfies OptionDeclarations;

/** What the engine answered instead of a value, with the id that finds the line in its log. */
export class EngineError extends WorkbenchError {
  constructor(readonly value: ErrorValue) {
    super(value.kind, value.message, value.hint);
  }
}

export function unwrap<Value>(result: Result<Value>): Value {
  if (result.ok) return result.value;
  throw new EngineError(result.error);
}

/** Shows a job's progress until it ends; throws what made it fail. Ctrl+C cancels it, or lets it wait where it is. */
export async function followJob(
  { engine, output }: Pick<Session, 'engine' | 'output'>,
  jobId: number,
  onInterrupt: 'cancel' | 'pause' = 'cancel',
): Promise<Job> {
  const stop = engine.onEvent((name, payload) => {
    const job = payload as Job;
    if (name === 'jobs.changed' && job.id === jobId && job.endedAt === null) output.progress(job);
  });
  const interrupt = () => void engine.client.jobs[onInterrupt]({ jobId });
  process.once('SIGINT', interrupt);
  try {
    const job = await engine.jobFinished(jobId);
    output.progress(job);
    if (job.state === 'done') return job;
    if (job.error) throw new EngineError({ ...job.error, kind: job.error.kind as ErrorKind, id: '' });
    throw new WorkbenchError('cancelled', job.message, 'Run the same command again to go on from there.');
  } finally {
    stop();
    process.off('SIGINT', interrupt);
  }
}

/** Shows how far long calls are; Ctrl+C stops them, so that nothing half done stays. Returns how to stop showing. */
export function followWorks({ engine, output }: Pick<Session, 'engine' | 'output'>): () => void {
  const underWay = new Set<WorkName>();
  const interrupt = () => {
    for (const work of underWay) void engine.client.works.stop({ work });
  };
  const stop = engine.onEvent((name, payload) => {
    if (name !== 'work.progress') return;
    const work = payload as Work;
    if (work.ended) underWay.delete(work.name);
    else underWay.add(work.name);
    process.off('SIGINT', interrupt);
    if (underWay.size > 0) process.once('SIGINT', interrupt);
    output.work(work);
  });
  return () => {
    stop();
    process.off('SIGINT', interrupt);
  };
}

/** The dataset a command means: by name or id, or the only one there is. */
export async function findDataset({ engine }: Session, wanted: string | undefined): Promise<DatasetSummary> {
  const all = unwrap(await engine.client.datasets.list({}));
  const names = all.map((dataset) => `${dataset.id}: ${dataset.name}`).join(', ');
  if (wanted === undefined) {
    const [only, another] = all;
    if (only && !another) return only;
    if (only)
      throw new UsageError('The workspace has several datasets.', `Name one with --dataset: ${names}`);
    throw new WorkbenchError(
      'not-found',
      'The workspace has no dataset.',
      'Import one with `import <path>`.',
    );
  }
  const found = all.find((dataset) => dataset.name === wanted || String(dataset.id) === wanted);
  if (found) return found;
  throw new WorkbenchError(
    'not-found',
    `There is no dataset "${wanted}".`,
    names ? `There are: ${names}` : '',
  );
}
