/** The contract's `evaluation`: reads rows of the workspace at the wanted ground truth and evaluates them. */
import type {
  contract,
  DomainService,
  Evaluation,
  EvaluationOptions,
  RunSummary,
} from '../../../common/contract';
import { WorkbenchError } from '../../../common/errors';
import { intervalDescription } from './bootstrap';
import { evaluateRuns, imageCount, type Counted } from './evaluate';
import type { EvaluationSource, EvaluationWorkspace, RowSelection } from './rows';
import { rowsThatCount } from './table';

export interface EvaluationServiceParts {
  workspace: EvaluationWorkspace;
  /** Version of the workbench, named in every evaluation. */
  version: string;
}

/** An evaluation with what it was computed from; reports pick their examples and tables from the rows. */
export interface EvaluatedSelection {
  evaluation: Evaluation;
  selection: RowSelection;
  counted: Counted;
}

export function createEvaluationService(
  parts: EvaluationServiceParts,
): DomainService<typeof contract.evaluation> {
  return { compute: (options) => evaluateSelection(parts, options).evaluation };
}

/** The runs that options name, what of the workspace they are measured on, and how. */
export interface ChosenSelection {
  runs: RunSummary[];
  dataset: { id: number; name: string; contentHash: string };
  selection: RowSelection;
  counted: Counted;
}

/** Throws `not-found` where there is nothing to count, and `invalid` for runs and splits that do not belong together. */
export function chooseSelection(workspace: EvaluationWorkspace, options: EvaluationOptions): ChosenSelection {
  const { evaluationRows: source, runs } = workspace.repositories;
  const chosen = runsOf([...new Set(options.runIds)], (runId) => runs.get(runId));
  const datasetId = chosen[0]?.datasetId ?? 0;
  const dataset = source.dataset(datasetId);
  if (!dataset) throw new WorkbenchError('not-found', 'The dataset of these runs is gone.');
  checkSplit(options.split, source.splits(datasetId));
  const selection: RowSelection = {
    datasetId,
    split: options.split,
    runs: chosen.map(({ id, method }) => ({ id, method })),
    revision: revisionOf(options, source),
    original: options.groundTruth === 'original',
  };
  const { table, absent } = source.tables(selection);
  const rows = rowsThatCount(table, options.coverage);
  if (rows.length === 0) {
    throw new WorkbenchError(
      'not-found',
      'There is nothing to evaluate: no expression with a ground-truth box has been answered by every run.',
      'Run the methods on this split first, or count missing predictions as wrong (coverage "all").',
    );
  }
  const counted: Counted = {
    table,
    rows,
    absent: { table: absent, rows: rowsThatCount(absent, options.coverage) },
    counting: { unit: options.unit, comparator: options.comparator },
  };
  return { runs: chosen, dataset, selection, counted };
}

export function evaluateSelection(
  { workspace, version }: EvaluationServiceParts,
  options: EvaluationOptions,
): EvaluatedSelection {
  const { runs, dataset, selection, counted } = chooseSelection(workspace, options);
  const evaluation: Evaluation = {
    schema: 1,
    computedAt: new Date().toISOString(),
    dataset: { ...dataset, split: options.split },
    protocol: {
      boxMatch: `IoU ${options.comparator} threshold, no +1`,
      unit: options.unit,
      coverage: options.coverage,
      groundTruth: options.groundTruth,
      revision: selection.revision,
      corrections: workspace.repositories.evaluationRows.corrections(selection),
      interval: intervalDescription(imageCount(counted)),
    },
    workbench: {
      version,
      versions: { node: process.versions.node, platform: `${process.platform}-${process.arch}` },
    },
    ...evaluateRuns(runs, counted),
  };
  return { evaluation, selection, counted };
}

/** The runs, which must exist and be of one dataset. */
function runsOf(runIds: readonly number[], get: (runId: number) => RunSummary | null): RunSummary[] {
  const chosen = runIds.map((runId) => {
    const run = get(runId);
    if (!run) throw new WorkbenchError('not-found', `There is no run ${runId}.`, 'It may have been removed.');
    return run;
  });
  if (new Set(chosen.map((run) => run.datasetId)).size > 1) {
    throw new WorkbenchError(
      'invalid',
      'The runs are of different datasets; their numbers cannot be compared.',
    );
  }
  return chosen;
}

function checkSplit(split: string | null, known: readonly string[]): void {
  if (split === null || known.includes(split)) return;
  throw new WorkbenchError('invalid', `The dataset has no split "${split}".`, `Splits: ${known.join(', ')}`);
}

function revisionOf(options: EvaluationOptions, source: EvaluationSource): number {
  if (options.groundTruth === 'original') return 0;
  const newest = source.revision();
  if (options.revision === null) return newest;
  if (options.revision <= newest) return options.revision;
  throw new WorkbenchError(
    'invalid',
    `There is no ground-truth revision ${options.revision}.`,
    `The newest is ${newest}.`,
  );
}
