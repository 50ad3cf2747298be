/** A report as sections of blocks: what Markdown and LaTeX print, and of the page all that is not a chart. */
import type { Evaluation, ReportSection } from '../../../common/contract';
import {
  shareCell,
  shareCells,
  textCell,
  type Block,
  type NamedRun,
  type Part,
  type ReportBlock,
  type Row,
} from './blocks';
import { correctionsPart } from './corrections';
import { agreementPart, deviationBlocks, errorsPart } from './findings';
import type { ReportContents } from './contents';
import { exampleGroups } from './examples';
import { looks } from './looks';
import { metricGroups } from './metric-rows';
import { dataPart, environmentPart, modelsPart, protocolPart } from './provenance';
import {
  count,
  dateWords,
  groundTruthWords,
  pairWords,
  protocolWords,
  runName,
  slicesOfRuns,
  splitWords,
  summary,
  unitHead,
  unitWords,
} from './words';

export function headingOf({ title, evaluation }: ReportContents): string {
  return title || `Visual grounding on ${evaluation.dataset.name}`;
}

/** The line above the title: on what, against what, when. */
export function kickerOf({ evaluation }: ReportContents): string {
  return `${evaluation.dataset.name}, ${splitWords(evaluation)} · ground truth: ${groundTruthWords(evaluation)} · ${dateWords(evaluation.computedAt)}`;
}

export function closingOf({ evaluation }: ReportContents): string {
  return `Made by Grounding Workbench ${evaluation.workbench.version} on ${dateWords(evaluation.computedAt)}. Percentages throughout; intervals are 95% by resampling images.`;
}

/** Sections whose numbers hold under the one protocol; each says which. */
const measured: readonly ReportSection[] = ['results', 'slices', 'errors', 'agreement', 'examples'];

/** The chosen sections in the order of reportSections; those that have nothing to say are left out. */
export function outlineOf(contents: ReportContents): Part<ReportBlock>[] {
  const { evaluation } = contents;
  const parts: Part<ReportBlock>[] = [
    summaryPart(evaluation),
    resultsPart(evaluation),
    slicesPart(contents),
    errorsPart(contents),
    agreementPart(contents),
    examplesPart(contents),
    correctionsPart(contents),
    protocolPart(evaluation),
    dataPart(contents),
    modelsPart(contents),
    environmentPart(evaluation),
  ];
  return parts
    .filter(({ section, blocks }) => blocks.length > 0 && contents.sections.includes(section))
    .map((part) =>
      measured.includes(part.section) ? { ...part, protocol: protocolWords(evaluation) } : part,
    );
}

function summaryPart(evaluation: Evaluation): Part {
  const blocks = summary(evaluation).map((text): Block => ({ kind: 'paragraph', text }));
  return { section: 'summary', title: 'Summary', note: '', blocks };
}

function namesOf(evaluation: Evaluation): string[] {
  return evaluation.runs.map(({ runId }) => runName(evaluation, runId));
}

function resultsPart(evaluation: Evaluation): Part {
  const rows = metricGroups.flatMap(({ title, rows: metrics }): Row[] => {
    const known = metrics.flatMap(({ title: heading, of, lowerIsBetter }): Row[] => {
      const results = evaluation.runs.map(of);
      if (results.every((result) => result === null)) return [];
      return [{ heading, cells: shareCells(results, lowerIsBetter) }];
    });
    return known.length > 0 ? [{ group: title }, ...known] : [];
  });
  const chance = evaluation.runs.map(({ overall }) => overall.chance);
  if (chance.some((value) => value !== null)) {
    rows.push({ group: 'Reference' }, { heading: 'Chance, category known', cells: shareCells(chance) });
  }
  rows.push(
    { group: 'Counts' },
    {
      heading: 'Expressions with a box',
      cells: evaluation.runs.map(({ overall }) => textCell(count(overall.answered))),
    },
  );
  const blocks: Block[] = [{ kind: 'table', head: ['Metric', ...namesOf(evaluation)], rows }];
  if (evaluation.pairs.length > 0) blocks.push({ kind: 'heading', text: 'Comparisons' });
  for (const pair of evaluation.pairs) {
    const { verdict, detail, power } = pairWords(evaluation, pair);
    blocks.push({ kind: 'paragraph', text: `${verdict} ${detail} ${power}` });
  }
  return { section: 'results', title: 'Results', note: `${unitWords(evaluation)}, in percent`, blocks };
}

function slicesPart(contents: ReportContents): Part {
  const { evaluation } = contents;
  const groups = [
    {
      title: 'Kind',
      none: 'no kind',
      slices: [
        { value: 'All', metrics: evaluation.runs.map((run) => run.overall) },
        ...slicesOfRuns(evaluation, (run) => run.byKind),
      ],
    },
    { title: 'Category', none: 'no category', slices: slicesOfRuns(evaluation, (run) => run.byCategory) },
  ];
  const blocks = groups.flatMap(({ title, none, slices }): Block[] => {
    if (slices.length === 0) return [];
    const rows = slices.map(({ value, metrics }): Row => {
      const first = metrics.find((one) => one);
      return {
        heading: value || none,
        cells: [
          textCell(count(first?.count ?? 0)),
          shareCell(first?.chance),
          ...shareCells(metrics.map((one) => one?.accuracy50)),
        ],
      };
    });
    return [{ kind: 'table', head: [title, unitHead(evaluation), 'Chance', ...namesOf(evaluation)], rows }];
  });
  blocks.push(...deviationBlocks(contents));
  return { section: 'slices', title: 'Slices', note: 'Acc@0.5 with 95% intervals, in percent', blocks };
}

export function namedRuns(evaluation: Evaluation): NamedRun[] {
  return evaluation.runs.map(({ runId, method }) => ({ runId, name: runName(evaluation, runId), method }));
}

function examplesPart({ evaluation, examples }: ReportContents): Part<ReportBlock> {
  const runs = namedRuns(evaluation);
  const blocks = exampleGroups
    .filter((group) => examples[group].length > 0)
    .map((group): ReportBlock => ({ kind: 'examples', group, examples: examples[group], runs }));
  if (blocks.length > 0) blocks.unshift({ kind: 'paragraph', text: pictureWords(runs) });
  return { section: 'examples', title: 'Examples', note: 'box IoU in percent', blocks };
}

/** What is to be seen in the pictures, for those who cannot see colours too. */
function pictureWords(runs: readonly NamedRun[]): string {
  const lines = [
    `${looks['ground-truth'].name} ${looks['ground-truth'].words}`,
    ...runs.map(({ name, method }) => `${name} ${looks[method].words}`),
  ];
  return `Lines: ${lines.join('; ')}. The first picture of an example has all boxes and the mask of the ground truth; the others show how each answer came about: proposals as fine white lines, maps from dark (low) to bright (high), points that prompted the mask as dots (white: inside, black: outside), the mask tinted.`;
}
