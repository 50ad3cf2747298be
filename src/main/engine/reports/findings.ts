/** The sections on what goes wrong and how the methods go together. */
import { countOf } from '../../../common/amounts';
import type { Agreement, ErrorShare, Evaluation } from '../../../common/contract';
import {
  errorStageLabels,
  errorStageSentences,
  errorTypeLabels,
  localisationLabels,
} from '../../../common/error-words';
import { shareCell, textCell, type Block, type Part, type Row } from './blocks';
import type { ReportContents } from './contents';
import { count, listed, percent, pValue, runName } from './words';

/** Exclusive types, the sub-kinds of poor localisation and the stages that the errors arose at, one table a run. */
export function errorsPart({ evaluation, errors }: Pick<ReportContents, 'evaluation' | 'errors'>): Part {
  const blocks = errors.flatMap(({ runId, types, localisation, stages }): Block[] => {
    const groups = [
      { title: 'Type', rows: rowsOf(types, errorTypeLabels) },
      { title: 'Kind of poor box', rows: rowsOf(localisation, localisationLabels) },
      { title: 'Stage', rows: rowsOf(stages, errorStageLabels) },
    ];
    return [
      { kind: 'heading', text: runName(evaluation, runId) },
      {
        kind: 'table',
        head: ['What', 'Expressions', 'Share', 'Acc@0.5 were it fixed'],
        rows: groups.flatMap(({ title, rows }) => (rows.length > 0 ? [{ group: title }, ...rows] : [])),
      },
    ];
  });
  const met = errors.flatMap(({ stages }) => stages.filter((stage) => stage.count > 0));
  const stageTerms = [...new Set(met.map(({ name }) => name))].map((name) => ({
    name: errorStageLabels[name],
    value: errorStageSentences[name],
  }));
  if (stageTerms.length > 0) blocks.push({ kind: 'terms', terms: stageTerms });
  return {
    section: 'errors',
    title: 'Errors',
    note: 'exclusive types; stages by substituting an oracle; in percent',
    blocks,
  };
}

function rowsOf<Name extends string>(
  shares: readonly ErrorShare<Name>[],
  labels: Record<Name, string>,
): Row[] {
  return shares
    .filter((share) => share.count > 0)
    .map((share) => ({
      heading: labels[share.name],
      cells: [textCell(count(share.count)), shareCell(share.share), shareCell(share.accuracyIfFixed)],
    }));
}

/** So many slices that stand out are named for each run. */
const mostDeviations = 10;

/** Slices whose Acc@0.5 differs from that of all other expressions at a corrected p below 0.05. */
export function deviationBlocks({
  evaluation,
  deviations,
}: Pick<ReportContents, 'evaluation' | 'deviations'>): Block[] {
  const rows = evaluation.runs.flatMap(({ runId }): Row[] => {
    const own = deviations.filter((one) => one.runId === runId).slice(0, mostDeviations);
    if (own.length === 0) return [];
    return [
      { group: runName(evaluation, runId) },
      ...own.map((one): Row => ({
        heading: one.name,
        cells: [
          textCell(count(one.count)),
          shareCell(one.accuracy50),
          textCell(signedPoints(one.difference)),
          textCell(pValue(one.correctedPValue)),
        ],
      })),
    ];
  });
  if (rows.length === 0) return [];
  return [
    { kind: 'heading', text: 'Slices that stand out' },
    {
      kind: 'paragraph',
      text: 'Found by looking at every field: Acc@0.5 differs from that of all other expressions, by a test whose spread is between images, corrected by Holm over all slices of a run.',
    },
    { kind: 'table', head: ['Slice', 'Expressions', 'Acc@0.5', 'Against the rest', 'Corrected p'], rows },
  ];
}

/** 0.123 → "+12.3" */
function signedPoints(difference: number): string {
  return `${difference > 0 ? '+' : ''}${percent(difference)}`;
}

export function agreementPart({
  evaluation,
  agreement,
}: Pick<ReportContents, 'evaluation' | 'agreement'>): Part {
  const part: Part = { section: 'agreement', title: 'Agreement between methods', note: '', blocks: [] };
  if (!agreement || evaluation.runs.length < 2) return part;
  const { sets, oracle, pairs } = agreement;
  const name = (runId: number) => runName(evaluation, runId);
  part.blocks = [
    {
      kind: 'paragraph',
      text: `At least one method is right on ${percent(oracle.value)}% (Wilson’s 95% interval ${percent(oracle.low)}–${percent(oracle.high)}) of ${countOf(agreement.count, 'expression')}: the ceiling of choosing among them.`,
    },
    {
      kind: 'table',
      head: ['Right are exactly', 'Expressions', 'Share'],
      rows: sets.map(({ runIds, count: size }) => ({
        heading: runIds.length > 0 ? listed(runIds.map(name)) : 'none of them',
        cells: [textCell(count(size)), shareCell(agreement.count > 0 ? size / agreement.count : null)],
      })),
    },
    {
      kind: 'table',
      head: ['Pair', 'Both right', 'Only the first', 'Only the second', 'Neither', 'Could add', 'Kappa'],
      rows: pairs.map((pair) => ({
        heading: `${name(pair.runA)} and ${name(pair.runB)}`,
        cells: [
          ...[pair.both, pair.onlyA, pair.onlyB, pair.neither].map((size) => textCell(count(size))),
          shareCell(pair.complementary),
          textCell(pair.kappa.toFixed(2)),
        ],
      })),
    },
    ...consistencyBlocks(evaluation, agreement),
  ];
  return part;
}

/** How often a run answers all expressions of a pair, which differ in a word and mean another object. */
function consistencyBlocks(evaluation: Evaluation, { consistency }: Agreement): Block[] {
  if (!consistency) return [];
  const rows = consistency.map(({ runId, allRight, someRight, noneRight }): Row => ({
    heading: runName(evaluation, runId),
    cells: [shareCell(allRight), textCell(count(someRight)), textCell(count(noneRight))],
  }));
  const pairs = countOf(consistency[0]?.pairs ?? 0, 'pair');
  return [
    {
      kind: 'paragraph',
      text: `Over ${pairs} of expressions that differ in one word and mean another object; Wilson’s intervals.`,
    },
    { kind: 'table', head: ['Run', 'All right, in percent', 'Some right', 'None right'], rows },
  ];
}
