/** The contract's `evaluation`: reads rows of the workspace at the wanted ground truth and evaluates them. */
import { createHash } from 'node:crypto';
import {
  boxConventions,
  unwatched,
  type contract,
  type CorrectionEffect,
  type DomainService,
  type Evaluation,
  type EvaluationOptions,
  type ExampleCondition,
  type OpenedEvaluation,
  type RunErrors,
  type SavedChange,
  type SavedEvaluation,
  type Suspect,
} from '../../../common/contract';
import { WorkbenchError } from '../../../common/errors';
import { inTurn, type Pieces } from '../jobs/pieces';
import { agreementOf } from './agreement';
import { intervalDescription } from './bootstrap';
import { changesSince } from './changes-since';
import {
  chooseSelection,
  everything,
  inputsFrom,
  rememberSelections,
  type Chosen,
  type ChooserParts,
  type Reading,
} from './choose';
import { correctionEffect } from './correction-effect';
import type { Known } from './correction-shares';
import { errorsOf } from './errors';
import { examplesOf, rowsMeeting } from './examples';
import { evaluateRuns, imageCount, type Counted } from './evaluate';
import { fieldsOf } from './facts';
import { columnsOf } from './kept-inputs';
import { ColumnPacker, type PackedColumns } from './packed-columns';
import { pointsOf } from './points';
import { deviations, sliceCells } from './slice-cells';
import { suspectsOf } from './suspects';

export interface EvaluationServiceParts extends ChooserParts {
  /** Version of the workbench, named in every evaluation. */
  version: string;
}

/** What an evaluation is computed from, as far as its numbers and its report need it. */
type Evaluated = 'facts' | 'corrections' | 'correctionsMade';

/** An evaluation with what it was computed from; reports pick their examples and tables from the rows. */
export interface EvaluatedSelection extends Chosen<Evaluated> {
  evaluation: Evaluation;
}

export function createEvaluationService(
  parts: EvaluationServiceParts,
): DomainService<typeof contract.evaluation> {
  const { evaluationRows: source, savedEvaluations, settings, runs } = parts.workspace.repositories;
  const choose = rememberSelections(parts);
  /** Those computed last, by what they were computed from: one that is seen is saved without computing it again. */
  const computed = new WeakMap<Counted, Evaluation>();

  function* evaluate<Wanted extends Reading>(
    options: EvaluationOptions,
    wanted: readonly Wanted[],
  ): Pieces<{ chosen: Chosen<Wanted | 'corrections'>; evaluation: Evaluation }> {
    const chosen = yield* choose(options, [...wanted, 'corrections'] as const);
    const evaluation = yield* evaluateChosen(parts, chosen, options);
    computed.set(chosen.counted, evaluation);
    return { chosen, evaluation };
  }

  /** What counts, with all that is known of it. */
  const known = (options: EvaluationOptions): Pieces<Known> => choose(options, ['facts']);

  function savedOf(id: number) {
    const found = savedEvaluations.get(id);
    if (!found) throw new WorkbenchError('not-found', `There is no saved evaluation ${id}.`);
    return found;
  }

  /** What of a saved evaluation's runs and expressions is otherwise now. */
  function* changesOf({ options }: SavedEvaluation): Pieces<SavedChange[]> {
    const then = yield* choose(options, ['facts']);
    const left = then.runs.filter(({ id }) => runs.get(id) !== null).map(({ id }) => id);
    const present = { ...options, saved: null, revision: null, runIds: left };
    const now = left.length === 0 ? null : yield* whereFound(choose(present, ['facts']));
    yield { begin: 'Comparing it with the present' };
    return yield* changesSince(then, now, source);
  }

  function* save(options: EvaluationOptions, name: string, note: string): Pieces<() => SavedEvaluation> {
    const chosen = yield* choose(options, everything);
    const evaluation = computed.get(chosen.counted) ?? (yield* evaluateChosen(parts, chosen, options));
    const { revision, datasetId } = chosen.selection;
    const pinned = {
      ...options,
      saved: null,
      revision: options.groundTruth === 'original' ? options.revision : revision,
    };
    const packer = new ColumnPacker();
    const packed: Record<EvaluationOptions['groundTruth'], PackedColumns | null> = {
      corrected: null,
      original: null,
    };
    for (const groundTruth of ['corrected', 'original'] as const) {
      const inputs =
        groundTruth === options.groundTruth
          ? chosen
          : yield* whereFound(choose({ ...options, groundTruth }, everything));
      if (inputs) packed[groundTruth] = yield* packer.pack(columnsOf(inputsFrom(inputs)));
    }
    yield { begin: 'Writing it into the workspace' };
    const resultHash = hashOf(evaluation);
    const { author } = settings.get();
    const saved = { datasetId, name, note, options: pinned, revision, resultHash, author };
    return () => savedEvaluations.save(saved, evaluation, packed);
  }

  function* open(id: number): Pieces<OpenedEvaluation> {
    const { saved, evaluation } = savedOf(id);
    const { options } = saved;
    const again = yield* whereFound(evaluate(options, []));
    return {
      saved,
      evaluation,
      reproduced: again !== null && saysTheSame(again.evaluation, evaluation),
      changes: options.saved === null ? null : yield* changesOf(saved),
    };
  }

  function* suspects(options: EvaluationOptions, limit: number): Pieces<Suspect[]> {
    const { counted, facts, maskBoxes } = yield* choose(options, ['facts', 'maskBoxes']);
    return yield* suspectsOf(counted, facts, maskBoxes, limit);
  }

  function* errors(options: EvaluationOptions): Pieces<RunErrors[]> {
    const { counted, facts } = yield* known(options);
    const found: RunErrors[] = [];
    yield { begin: 'Finding the types of errors', total: counted.table.runs.length };
    for (const run of counted.table.runs) {
      found.push(errorsOf(counted, facts, run));
      yield { done: 1 };
    }
    return found;
  }

  function* effect(options: EvaluationOptions, where: readonly ExampleCondition[]): Pieces<CorrectionEffect> {
    const { counted, facts } = yield* known({ ...options, groundTruth: 'corrected' });
    const rows = where.length > 0 ? rowsMeeting(counted, facts, where) : counted.rows;
    const original = yield* known({ ...options, groundTruth: 'original' });
    return yield* correctionEffect({ counted: { ...counted, rows }, facts }, original);
  }

  function* sinceSaved(id: number): Pieces<CorrectionEffect> {
    const { options } = savedOf(id).saved;
    const present = { ...options, groundTruth: 'corrected', revision: null, saved: null } as const;
    const now = yield* known(present);
    return yield* correctionEffect(now, yield* known(options));
  }

  /** What is asked of the known of some options. */
  function* of<Value>(options: EvaluationOptions, find: (known: Known) => Pieces<Value>): Pieces<Value> {
    return yield* find(yield* known(options));
  }

  return {
    compute: async (options, control = unwatched) =>
      (await inTurn(evaluate(options, []), control)).evaluation,
    fields: (options, control = unwatched) =>
      inTurn(
        of(options, ({ counted, facts }) => fieldsOf(counted.table, facts, counted.rows)),
        control,
      ),
    slices: ({ options, ...slicing }, control = unwatched) =>
      inTurn(
        of(options, ({ counted, facts }) => sliceCells(counted, facts, slicing)),
        control,
      ),
    deviations: ({ options, minimum }, control = unwatched) =>
      inTurn(
        of(options, ({ counted, facts }) => deviations(counted, facts, minimum)),
        control,
      ),
    errors: (options, control = unwatched) => inTurn(errors(options), control),
    async examples({ options, where }, control = unwatched) {
      const { counted, facts } = await inTurn(known(options), control);
      return { ids: examplesOf(counted, facts, where) };
    },
    async points({ options, runA, runB, measure }, control = unwatched) {
      const { counted } = await inTurn(choose(options, []), control);
      return pointsOf(counted, runA, runB, measure);
    },
    async agreement(options, control = unwatched) {
      const { counted, facts } = await inTurn(known(options), control);
      return agreementOf(counted, facts);
    },
    suspects: ({ options, limit }, control = unwatched) => inTurn(suspects(options, limit), control),
    correctionEffect: ({ where, ...options }, control = unwatched) => inTurn(effect(options, where), control),
    async save({ options, name, note }, control = unwatched) {
      const write = await inTurn(save(options, name, note), control);
      // One transaction: until here nothing is kept, and after it everything.
      return write();
    },
    saved: ({ datasetId }) => savedEvaluations.list(datasetId),
    open: ({ id }, control = unwatched) => inTurn(open(id), control),
    sinceSaved: ({ id }, control = unwatched) => inTurn(sinceSaved(id), control),
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
function* whereFound<Value>(pieces: Pieces<Value>): Pieces<Value | null> {
  try {
    return yield* pieces;
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

export function* evaluateSelection(
  parts: EvaluationServiceParts,
  options: EvaluationOptions,
): Pieces<EvaluatedSelection> {
  const chosen = yield* chooseSelection(parts, options, ['facts', 'corrections', 'correctionsMade']);
  return { ...chosen, evaluation: yield* evaluateChosen(parts, chosen, options) };
}

function* evaluateChosen(
  { version }: Pick<EvaluationServiceParts, 'version'>,
  { runs, dataset, selection, counted, corrections }: Chosen<'corrections'>,
  options: EvaluationOptions,
): Pieces<Evaluation> {
  return {
    schema: 1,
    computedAt: new Date().toISOString(),
    dataset: { ...dataset, split: selection.split },
    protocol: {
      boxMatch: `IoU ${options.comparator} threshold, ${boxConventions[selection.boxes]}`,
      unit: options.unit,
      coverage: options.coverage,
      groundTruth: options.groundTruth,
      revision: selection.revision,
      corrections,
      interval: intervalDescription(imageCount(counted)),
    },
    workbench: {
      version,
      versions: { node: process.versions.node, platform: `${process.platform}-${process.arch}` },
    },
    ...(yield* evaluateRuns(runs, counted)),
  };
}
