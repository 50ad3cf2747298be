/** The contract's `evaluation`: reads rows of the workspace at the wanted ground truth and evaluates them. */
import { createHash } from 'node:crypto';
import {
  boxConventions,
  type contract,
  type DomainService,
  type Evaluation,
  type EvaluationOptions,
  type SavedChange,
  type SavedEvaluation,
} from '../../../common/contract';
import { WorkbenchError } from '../../../common/errors';
import { agreementOf } from './agreement';
import { intervalDescription } from './bootstrap';
import { changesSince } from './changes-since';
import {
  chooseSelection,
  inputsFrom,
  rememberSelections,
  type ChooserParts,
  type ChosenSelection,
} from './choose';
import { correctionEffect } from './correction-effect';
import type { Known } from './correction-shares';
import { errorsOf } from './errors';
import { examplesOf, rowsMeeting } from './examples';
import { evaluateRuns, imageCount } from './evaluate';
import { fieldsOf } from './facts';
import { columnsOf } from './kept-inputs';
import { pointsOf } from './points';
import { deviations, sliceCells } from './slice-cells';
import { suspectsOf } from './suspects';

export interface EvaluationServiceParts extends ChooserParts {
  /** Version of the workbench, named in every evaluation. */
  version: string;
}

/** An evaluation with what it was computed from; reports pick their examples and tables from the rows. */
export interface EvaluatedSelection extends ChosenSelection {
  evaluation: Evaluation;
}

export function createEvaluationService(
  parts: EvaluationServiceParts,
): DomainService<typeof contract.evaluation> {
  const { evaluationRows: source, savedEvaluations, settings, runs } = parts.workspace.repositories;
  const choose = rememberSelections(parts);

  /** What counts, with all that is known of it. */
  function known(options: EvaluationOptions): Known {
    const { counted, facts } = choose(options);
    return { counted, facts: facts() };
  }

  function savedOf(id: number) {
    const found = savedEvaluations.get(id);
    if (!found) throw new WorkbenchError('not-found', `There is no saved evaluation ${id}.`);
    return found;
  }

  /** null: there is nothing to count against that ground truth. */
  function inputsAgainst(groundTruth: EvaluationOptions['groundTruth'], options: EvaluationOptions) {
    return whereFound(() => columnsOf(inputsFrom(choose({ ...options, groundTruth }))));
  }

  /** What of a saved evaluation's runs and expressions is otherwise now. */
  function changesOf({ options }: SavedEvaluation): SavedChange[] {
    const then = choose(options);
    const left = then.runs.filter(({ id }) => runs.get(id) !== null).map(({ id }) => id);
    const now =
      left.length === 0
        ? null
        : whereFound(() => choose({ ...options, saved: null, revision: null, runIds: left }));
    return changesSince(then, now, source);
  }

  return {
    compute: (options) => evaluateSelection(parts, options).evaluation,
    fields(options) {
      const { counted, facts } = known(options);
      return fieldsOf(counted.table, facts, counted.rows);
    },
    slices({ options, ...slicing }) {
      const { counted, facts } = known(options);
      return sliceCells(counted, facts, slicing);
    },
    deviations({ options, minimum }) {
      const { counted, facts } = known(options);
      return deviations(counted, facts, minimum);
    },
    errors(options) {
      const { counted, facts } = known(options);
      return counted.table.runs.map((run) => errorsOf(counted, facts, run));
    },
    examples({ options, where }) {
      const { counted, facts } = known(options);
      return { ids: examplesOf(counted, facts, where) };
    },
    points: ({ options, runA, runB, measure }) => pointsOf(choose(options).counted, runA, runB, measure),
    agreement(options) {
      const { counted, facts } = known(options);
      return agreementOf(counted, facts);
    },
    suspects({ options, limit }) {
      const { counted, facts, maskBoxes } = choose(options);
      return suspectsOf(counted, facts(), maskBoxes(), limit);
    },
    correctionEffect({ where, ...options }) {
      const { counted, facts } = known({ ...options, groundTruth: 'corrected' });
      const rows = where.length > 0 ? rowsMeeting(counted, facts, where) : counted.rows;
      return correctionEffect(
        { counted: { ...counted, rows }, facts },
        known({ ...options, groundTruth: 'original' }),
      );
    },
    save({ options, name, note }) {
      const { evaluation, selection } = evaluateChosen(parts, choose(options), options);
      const { revision, datasetId } = selection;
      const pinned = {
        ...options,
        saved: null,
        revision: options.groundTruth === 'original' ? options.revision : revision,
      };
      const resultHash = hashOf(evaluation);
      const { author } = settings.get();
      const saved = { datasetId, name, note, options: pinned, revision, resultHash, author };
      return savedEvaluations.save(saved, evaluation, {
        corrected: inputsAgainst('corrected', options),
        original: inputsAgainst('original', options),
      });
    },
    saved: ({ datasetId }) => savedEvaluations.list(datasetId),
    open({ id }) {
      const { saved, evaluation } = savedOf(id);
      const { options } = saved;
      const again = whereFound(() => evaluateChosen(parts, choose(options), options).evaluation);
      return {
        saved,
        evaluation,
        reproduced: again !== null && saysTheSame(again, evaluation),
        changes: options.saved === null ? null : changesOf(saved),
      };
    },
    sinceSaved({ id }) {
      const { options } = savedOf(id).saved;
      const now = { ...options, groundTruth: 'corrected', revision: null, saved: null } as const;
      return correctionEffect(known(now), known(options));
    },
    remove: ({ id }) => ({ removed: savedEvaluations.remove(id) }),
  };
}

/** SHA-256 of an evaluation's numbers and what they stand for, without the time and the program's version. */
function hashOf({ dataset, protocol, runs, pairs }: Evaluation): string {
  return createHash('sha256').update(JSON.stringify({ dataset, protocol, runs, pairs })).digest('hex');
}

/** Whether the numbers are the saved ones. What a newer workbench says beyond them does not count. */
function saysTheSame(again: Evaluation, { dataset, protocol, runs, pairs }: Evaluation): boolean {
  return holds(again, { dataset, protocol, runs, pairs });
}

/** What is found; null where a run, or all that counted, is gone. */
function whereFound<Value>(find: () => Value): Value | null {
  try {
    return find();
  } catch (error) {
    if (error instanceof WorkbenchError && error.kind === 'not-found') return null;
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

export function evaluateSelection(
  parts: EvaluationServiceParts,
  options: EvaluationOptions,
): EvaluatedSelection {
  return evaluateChosen(parts, chooseSelection(parts, options), options);
}

function evaluateChosen(
  { version }: Pick<EvaluationServiceParts, 'version'>,
  chosen: ChosenSelection,
  options: EvaluationOptions,
): EvaluatedSelection {
  const { runs, dataset, selection, counted } = chosen;
  const evaluation: Evaluation = {
    schema: 1,
    computedAt: new Date().toISOString(),
    dataset: { ...dataset, split: selection.split },
    protocol: {
      boxMatch: `IoU ${options.comparator} threshold, ${boxConventions[selection.boxes]}`,
      unit: options.unit,
      coverage: options.coverage,
      groundTruth: options.groundTruth,
      revision: selection.revision,
      corrections: chosen.corrections(),
      interval: intervalDescription(imageCount(counted)),
    },
    workbench: {
      version,
      versions: { node: process.versions.node, platform: `${process.platform}-${process.arch}` },
    },
    ...evaluateRuns(runs, counted),
  };
  return { ...chosen, evaluation };
}
