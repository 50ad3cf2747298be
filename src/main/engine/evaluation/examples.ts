/** Which expressions are behind a mark of a chart. */
import type { ExampleCondition, ExampleMeasure } from '../../../common/contract';
import { WorkbenchError } from '../../../common/errors';
import { calibrationBinOf, scoresAt } from './confidence';
import { verdictsOf, type Verdicts } from './errors';
import type { Counted } from './evaluate';
import { valuesOf, type Facts } from './facts';
import { maskIouAt } from './measures';
import { noReferentThreshold } from './no-referent';
import { reaches, type RunColumns } from './table';

type RowTest = (row: number, position: number) => boolean;

/** What a row's answer measures; NaN where it does not apply. */
function measureAt(run: RunColumns, measure: ExampleMeasure, row: number): number {
  switch (measure) {
    case 'maskIou':
      return Number.isNaN(run.maskUnion[row] ?? Number.NaN) ? Number.NaN : maskIouAt(run, row);
    case 'similarityRank':
      return reciprocal(run.rankBySimilarity[row] ?? Number.NaN);
    case 'scoreRank':
      return reciprocal(run.rankByScore[row] ?? Number.NaN);
    default:
      return run[measure][row] ?? Number.NaN;
  }
}

/** Of a rank from 1; a rank of 0, which stands for none, gives 0. */
function reciprocal(rank: number): number {
  return rank === 0 ? 0 : 1 / rank;
}

/** Ids of the expressions that count and meet all conditions. Throws `not-found` for a run of no such evaluation. */
export function examplesOf(counted: Counted, facts: Facts, where: readonly ExampleCondition[]): number[] {
  const absent = where.find((condition) => condition.type === 'absent');
  if (absent) return absentExamples(counted, absent);
  const { table } = counted;
  return Array.from(rowsMeeting(counted, facts, where), (row) => table.expressionIds[row] ?? 0);
}

/** Of the rows that count, those that meet all conditions. */
export function rowsMeeting(counted: Counted, facts: Facts, where: readonly ExampleCondition[]): Int32Array {
  const tests = where.map((condition) => testOf(counted, facts, condition));
  return counted.rows.filter((row, position) => tests.every((test) => test(row, position)));
}

function testOf(counted: Counted, facts: Facts, condition: ExampleCondition): RowTest {
  const { table, rows, counting } = counted;
  const right = (run: RunColumns, row: number) => reaches(run.iou[row] ?? 0, 0.5, counting.comparator);
  switch (condition.type) {
    case 'slice': {
      const values = valuesOf(table, facts, rows, condition.field);
      return (row) => (values[row] ?? '') === condition.value;
    }
    case 'between': {
      const run = runOf(counted, condition.runId);
      const { measure, from, to } = condition;
      return (row) => {
        const value = measureAt(run, measure, row);
        return value >= from && (value < to || (value === to && to === 1));
      };
    }
    case 'reaches': {
      const run = runOf(counted, condition.runId);
      const { measure, threshold, reached } = condition;
      return (row) => {
        const value = measureAt(run, measure, row);
        return !Number.isNaN(value) && reaches(value, threshold, counting.comparator) === reached;
      };
    }
    case 'error': {
      const verdicts = verdictsOf(counted, facts, runOf(counted, condition.runId));
      return (_, position) => meetsError(verdicts, position, condition);
    }
    case 'score-bin': {
      const run = runOf(counted, condition.runId);
      return (row) =>
        run.answered[row] === 1 && calibrationBinOf(run.score[row] ?? Number.NaN) === condition.bin;
    }
    case 'surest': {
      const surest = surestRows(counted, runOf(counted, condition.runId), condition.share);
      return (row) => surest.has(row);
    }
    case 'right-together':
      return (row) => table.runs.every((run) => right(run, row) === condition.runIds.includes(run.runId));
    case 'pair': {
      const run = runOf(counted, condition.runId);
      const pairs = pairsOf(counted, facts, (row) => right(run, row));
      return (row) => pairs.get(row) === condition.right;
    }
    case 'absent':
      return () => false;
  }
}

function runOf({ table }: Counted, runId: number): RunColumns {
  const run = table.runs.find((one) => one.runId === runId);
  if (!run) throw new WorkbenchError('not-found', `Run ${runId} is not in this evaluation.`);
  return run;
}

function meetsError(
  { types, localisation, stages }: Verdicts,
  position: number,
  wanted: Extract<ExampleCondition, { type: 'error' }>,
): boolean {
  return (
    (wanted.error === null ? types[position] !== 'right' : types[position] === wanted.error) &&
    (wanted.localisation === null || localisation[position] === wanted.localisation) &&
    (wanted.stage === null || stages[position] === wanted.stage)
  );
}

/** The rows that a run is surest of; of equally sure ones those of lower ids. */
function surestRows({ rows }: Counted, run: RunColumns, share: number): Set<number> {
  const scores = scoresAt(run, rows);
  const order = Array.from(rows, (row, position) => ({ row, score: scores[position] ?? -Infinity }));
  order.sort((a, b) => (a.score === b.score ? a.row - b.row : b.score > a.score ? 1 : -1));
  return new Set(order.slice(0, Math.round(share * order.length)).map(({ row }) => row));
}

/** Of each row that belongs to a pair (the attribute `pair`), how many of the pair's expressions are right. */
function pairsOf(
  { rows }: Counted,
  facts: Facts,
  isRight: (row: number) => boolean,
): Map<number, 'all' | 'some' | 'none'> {
  const groups = new Map<string, number[]>();
  for (const row of rows) {
    const pair = facts.attributes[row]?.['pair'];
    if (pair === undefined || pair === '') continue;
    groups.set(String(pair), [...(groups.get(String(pair)) ?? []), row]);
  }
  const found = new Map<number, 'all' | 'some' | 'none'>();
  for (const group of groups.values()) {
    if (group.length < 2) continue;
    const right = group.filter(isRight).length;
    const state = right === group.length ? 'all' : right === 0 ? 'none' : 'some';
    for (const row of group) found.set(row, state);
  }
  return found;
}

function absentExamples(
  { table, rows, absent }: Counted,
  { runId, noticed }: Extract<ExampleCondition, { type: 'absent' }>,
): number[] {
  const index = table.runs.findIndex((one) => one.runId === runId);
  const [run, absentRun] = [table.runs[index], absent.table.runs[index]];
  if (!run || !absentRun || rows.length === 0) return [];
  const threshold = noReferentThreshold({ run, rows, imageIds: table.imageIds });
  const scores = scoresAt(absentRun, absent.rows);
  const chosen = absent.rows.filter((_, position) => (scores[position] ?? 0) < threshold === noticed);
  return Array.from(chosen, (row) => absent.table.expressionIds[row] ?? 0);
}
