/** The contract's `evaluation`: reads rows of the workspace at the wanted ground truth and evaluates them. */
import { createHash } from 'node:crypto';
import {
  boxConventions,
  type contract,
  type DomainService,
  type Evaluation,
  type EvaluationOptions,
  type RunSummary,
  type SavedEvaluation,
} from '../../../common/contract';
import { WorkbenchError } from '../../../common/errors';
import { agreementOf } from './agreement';
import { intervalDescription } from './bootstrap';
import { correctionEffect } from './correction-effect';
import { errorsOf } from './errors';
import { examplesOf, rowsMeeting } from './examples';
import { evaluateRuns, imageCount, type Counted } from './evaluate';
import { fieldsOf, type Facts, type SavedViewRows } from './facts';
import { pointsOf } from './points';
import { deviations, sliceCells } from './slice-cells';
import { suspectsOf } from './suspects';
import type { EvaluationSource, EvaluationWorkspace, RowSelection } from './rows';
import { rowsThatCount } from './table';

export interface EvaluationServiceParts {
  workspace: EvaluationWorkspace;
  /** Version of the workbench, named in every evaluation. */
  version: string;
  /** The saved views of Browse, the runs standing for their methods; slices can be made by them. */
  views?: (datasetId: number, runs: RowSelection['runs']) => SavedViewRows[];
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
  const { workspace } = parts;
  const { evaluationRows: source, savedEvaluations, settings } = workspace.repositories;

  const select = rememberSelections(workspace);
  const facts = new WeakMap<ChosenSelection, Facts>();

  /** What counts, with all that is known of it. */
  function choose(options: EvaluationOptions) {
    const chosen = select(options);
    const { selection, counted } = chosen;
    const known = facts.get(chosen) ?? {
      ...source.facts(selection, counted.table),
      views: parts.views?.(selection.datasetId, selection.runs) ?? [],
    };
    facts.set(chosen, known);
    return { selection, counted, facts: known };
  }

  function savedOf(id: number) {
    const found = savedEvaluations.get(id);
    if (!found) throw new WorkbenchError('not-found', `There is no saved evaluation ${id}.`);
    return found;
  }

  return {
    compute: (options) => evaluateSelection(parts, options).evaluation,
    fields(options) {
      const { counted, facts } = choose(options);
      return fieldsOf(counted.table, facts, counted.rows);
    },
    slices({ options, ...slicing }) {
      const { counted, facts } = choose(options);
      return sliceCells(counted, facts, slicing);
    },
    deviations({ options, minimum }) {
      const { counted, facts } = choose(options);
      return deviations(counted, facts, minimum);
    },
    errors(options) {
      const { counted, facts } = choose(options);
      return counted.table.runs.map((run) => errorsOf(counted, facts, run));
    },
    examples({ options, where }) {
      const { counted, facts } = choose(options);
      return { ids: examplesOf(counted, facts, where) };
    },
    points: ({ options, runA, runB, measure }) => pointsOf(select(options).counted, runA, runB, measure),
    agreement(options) {
      const { counted, facts } = choose(options);
      return agreementOf(counted, facts);
    },
    suspects({ options, limit }) {
      const { selection, counted, facts } = choose(options);
      return suspectsOf(counted, facts, source.maskBoxes(selection, counted.table), limit);
    },
    correctionEffect({ where, ...options }) {
      const { counted, facts } = choose({ ...options, groundTruth: 'corrected' });
      const rows = where.length > 0 ? rowsMeeting(counted, facts, where) : counted.rows;
      return correctionEffect(
        { counted: { ...counted, rows }, facts },
        choose({ ...options, groundTruth: 'original' }),
      );
    },
    save({ options, name, note }) {
      const { evaluation, selection } = evaluateSelection(parts, options);
      const { revision, datasetId } = selection;
      const pinned = options.groundTruth === 'original' ? options : { ...options, revision };
      const resultHash = hashOf(evaluation);
      const { author } = settings.get();
      const saved = { datasetId, name, note, options: pinned, revision, resultHash, author };
      return savedEvaluations.save(saved, evaluation);
    },
    saved: ({ datasetId }) => savedEvaluations.list(datasetId),
    open({ id }) {
      const found = savedOf(id);
      return { ...found, reproduced: reproduces(parts, found) };
    },
    sinceSaved({ id }) {
      const { options } = savedOf(id).saved;
      const now = { ...options, groundTruth: 'corrected', revision: null } as const;
      return correctionEffect(choose(now), choose(options));
    },
    remove: ({ id }) => ({ removed: savedEvaluations.remove(id) }),
  };
}

/** SHA-256 of an evaluation's numbers and what they stand for, without the time and the program's version. */
function hashOf({ dataset, protocol, runs, pairs }: Evaluation): string {
  return createHash('sha256').update(JSON.stringify({ dataset, protocol, runs, pairs })).digest('hex');
}

/** Whether the saved numbers come out again today. What a newer workbench says beyond them does not count. */
function reproduces(
  parts: EvaluationServiceParts,
  { saved, evaluation }: { saved: SavedEvaluation; evaluation: Evaluation },
): boolean {
  try {
    const { dataset, protocol, runs, pairs } = evaluation;
    return holds(evaluateSelection(parts, saved.options).evaluation, { dataset, protocol, runs, pairs });
  } catch (error) {
    // A run or all that counted is gone: nothing to compute them from.
    if (error instanceof WorkbenchError) return false;
    throw error;
  }
}

/** Whether a value is exactly the wanted one, but for further fields of its objects. */
function holds(value: unknown, wanted: unknown): boolean {
  if (wanted === null || typeof wanted !== 'object') return Object.is(value, wanted);
  if (value === null || typeof value !== 'object') return false;
  if (Array.isArray(wanted) && (!Array.isArray(value) || value.length !== wanted.length)) return false;
  const given = value as Record<string, unknown>;
  return Object.entries(wanted).every(([name, entry]) => holds(given[name], entry));
}

/** Selections kept at most: the corrected ground truth, the original, and one more. */
const selectionsKept = 3;

/**
 * Chooses selections, and has the last few at hand for as long as the workspace stays as it is: one screen asks several
 * questions about the same rows.
 */
function rememberSelections(workspace: EvaluationWorkspace): (options: EvaluationOptions) => ChosenSelection {
  const { evaluationRows: source } = workspace.repositories;
  const known = new Map<string, { state: number; chosen: ChosenSelection }>();
  return (options) => {
    const key = JSON.stringify(options);
    const found = known.get(key);
    known.delete(key);
    if (found?.state === source.changes()) {
      known.set(key, found);
      return found.chosen;
    }
    const chosen = chooseSelection(workspace, options);
    // Read after choosing, which may itself measure anew.
    known.set(key, { state: source.changes(), chosen });
    for (const oldest of [...known.keys()].slice(0, -selectionsKept)) known.delete(oldest);
    return chosen;
  };
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
    boxes: options.boxes,
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
      boxMatch: `IoU ${options.comparator} threshold, ${boxConventions[options.boxes]}`,
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
