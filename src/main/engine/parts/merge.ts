/**
 * The merge job: takes over what other workspaces answered. Only predictions are written; ground truth, texts, labels
 * and review states of the workspace stay as they are, and answers are measured against its own ground truth. What is
 * there already is left alone, so that a merge can be repeated, and goes on where it was interrupted.
 */
import { countOf, formatCount } from '../../../common/amounts';
import { z } from 'zod';
import { filePath, type RunSummary } from '../../../common/contract';
import { WorkbenchError } from '../../../common/errors';
import type { Emit, Logger } from '../context';
import type { JobControl, JobOutcome } from '../jobs/queue';
import { createLogger } from '../logger';
import { openWorkspace, type Workspace } from '../workspace/open';
import { checkSources, missingParts, type Source } from './check';
import { readPartNote } from './part';

export const mergeRequest = z.strictObject({ paths: z.array(filePath).min(1).max(10_000) });
export type MergeRequest = z.output<typeof mergeRequest>;

export interface MergeParts {
  workspace: Workspace;
  emit: Emit;
  log: Logger;
}

interface OpenSource extends Source {
  workspace: Workspace;
  datasets: { id: number; name: string; contentHash: string; runs: RunSummary[] }[];
}

/** Counts of the whole job, as they are told at the end. */
interface Taken {
  answers: number;
  known: number;
  /** Expressions that the workspace no longer has. */
  unknown: number;
  failures: number;
}

const answersAtOnce = 200;

export async function merge(
  { paths }: MergeRequest,
  parts: MergeParts,
  control: JobControl,
): Promise<JobOutcome> {
  const sources: OpenSource[] = [];
  try {
    for (const path of new Set(paths)) {
      if (path === parts.workspace.path) {
        throw new WorkbenchError('invalid', 'A workspace is not merged into itself.', 'Name the other ones.');
      }
      sources.push(await openSource(path, parts.log));
    }
    checkSources(sources);
    checkDatasets(sources, parts.workspace);
    const taken: Taken = { answers: 0, known: 0, unknown: 0, failures: 0 };
    const runs = sources.flatMap((source) => source.datasets.flatMap((dataset) => dataset.runs));
    control.setTotal(runs.reduce((sum, { predictions }) => sum + predictions, 0));
    const runIds = new Set<number>();
    for (const source of sources) {
      control.say(`Taking over ${source.path}`);
      for (const dataset of source.datasets) {
        for (const run of dataset.runs)
          runIds.add(await takeRun(run, dataset, source, parts, control, taken));
      }
    }
    parts.emit('data.changed', { what: 'runs', expressionIds: [] });
    parts.emit('data.changed', { what: 'predictions', expressionIds: [] });
    const missing = missingParts(sources);
    return {
      message: inWords(taken, sources.length, missing),
      result: { ...taken, missingParts: missing, runIds: [...runIds] },
    };
  } finally {
    for (const { workspace } of sources) workspace.close();
  }
}

/** Throws what keeps these workspaces from being merged with each other. */
export async function checkTogether(paths: readonly string[]): Promise<void> {
  const sources: OpenSource[] = [];
  try {
    for (const path of new Set(paths)) sources.push(await openSource(path, createLogger(null)));
    checkSources(sources);
  } finally {
    for (const { workspace } of sources) workspace.close();
  }
}

async function openSource(path: string, log: Logger): Promise<OpenSource> {
  const note = await readPartNote(path);
  const workspace = await openWorkspace({ path, readOnly: true, log });
  const { runs, transfer } = workspace.repositories;
  // A part is made of a whole workspace: what it does not answer itself came from there.
  const isOwn = (run: RunSummary) =>
    note === null || note.runs.some((one) => one.method === run.method && one.packHash === run.packHash);
  const datasets = transfer.datasets().map((dataset) => ({
    ...dataset,
    runs: runs.list(dataset.id).filter((run) => isOwn(run)),
  }));
  return { path, note, workspace, datasets: datasets.filter(({ runs: some }) => some.length > 0) };
}

/** Throws `conflict` where the workspace does not hold the very data that was answered. */
function checkDatasets(sources: readonly OpenSource[], { repositories }: Workspace): void {
  const own = repositories.transfer.datasets();
  for (const { path, datasets } of sources) {
    for (const { name, contentHash } of datasets) {
      if (own.some((dataset) => dataset.contentHash === contentHash)) continue;
      const sameName = own.some((dataset) => dataset.name === name);
      throw new WorkbenchError(
        'conflict',
        sameName
          ? `The dataset ${name} of ${path} has other contents than the one here. Nothing was merged.`
          : `The dataset ${name} of ${path} is not in this workspace. Nothing was merged.`,
        sameName
          ? 'Merge into a workspace with the same data.'
          : 'Import it first, or merge into a new workspace.',
      );
    }
  }
}

/** Takes over one run; returns its number here. */
async function takeRun(
  run: RunSummary,
  dataset: OpenSource['datasets'][number],
  source: OpenSource,
  { workspace }: MergeParts,
  control: JobControl,
  taken: Taken,
): Promise<number> {
  const { runs, predictions, transfer } = workspace.repositories;
  const from = source.workspace.repositories;
  const datasetId =
    transfer.datasets().find(({ contentHash }) => contentHash === dataset.contentHash)?.id ?? 0;
  const expressionIds = transfer.expressionIds(datasetId);
  const own = runs.findOrCreate(from.transfer.run(run.id, datasetId));
  const answered = transfer.answered(own.id);
  for (let last = 0; ;) {
    if (control.signal.aborted) throw new WorkbenchError('cancelled', 'Cancelled.');
    const found = from.predictions.ofRunAfter(run.id, last, answersAtOnce);
    if (found.length === 0) break;
    last = found.at(-1)?.predictionId ?? last;
    const fresh = found.flatMap(({ key, text, prediction }) => {
      const expressionId = expressionIds.get(key);
      if (expressionId === undefined) taken.unknown += 1;
      else if (answered.has(expressionId)) taken.known += 1;
      else return [{ expressionId, text, prediction }];
      return [];
    });
    if (fresh.length > 0) predictions.save(own.id, fresh);
    taken.answers += fresh.length;
    control.advance(found.length);
    control.keep();
    // Others may want the engine in between.
    await new Promise((resolve) => setImmediate(resolve));
  }
  const known = transfer.answered(own.id);
  for (const { key, kind, message } of from.transfer.failures(run.id)) {
    const expressionId = expressionIds.get(key);
    if (expressionId === undefined || known.has(expressionId)) continue;
    predictions.saveFailure(own.id, expressionId, kind, message);
    taken.failures += 1;
  }
  return own.id;
}

function inWords(
  { answers, known, unknown, failures }: Taken,
  sources: number,
  missing: readonly number[],
): string {
  return [
    `${countOf(answers, 'answer')} taken over from ${countOf(sources, 'workspace')}`,
    known > 0 ? `, ${formatCount(known)} were there already` : '',
    unknown > 0 ? `, ${formatCount(unknown)} of expressions that are no longer here` : '',
    failures > 0 ? `, ${countOf(failures, 'failure')}` : '',
    '.',
    missing.length > 0 ? ` Still missing: part ${missing.join(', ')}.` : '',
  ].join('');
}
