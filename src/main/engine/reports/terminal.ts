/** An evaluation as text for a terminal: aligned columns, no colours, no wider than it must be. */
import type { Estimate, Evaluation, Metrics } from '../../../common/contract';
import {
  groundTruthWords,
  interval,
  pairWords,
  percent,
  runName,
  slicesOfRuns,
  splitWords,
  unitWords,
} from './words';

/** Columns padded to their widest cell: the first to the left, the others to the right. A row may end early. */
export function alignColumns(rows: readonly (readonly string[])[]): string {
  const widths = rows.reduce<number[]>((widest, row) => {
    row.forEach((text, column) => (widest[column] = Math.max(widest[column] ?? 0, [...text].length)));
    return widest;
  }, []);
  return rows
    .map((row) =>
      row
        .map((text, column) => {
          const padding = ' '.repeat(Math.max(0, (widths[column] ?? 0) - [...text].length));
          return column === 0 ? text + padding : padding + text;
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

const withInterval = (estimate: Estimate | null | undefined) =>
  estimate ? `${percent(estimate.value)} (${interval(estimate)})` : '–';

const resultColumns: { title: string; of(metrics: Metrics): string }[] = [
  { title: 'Acc@0.5', of: (metrics) => withInterval(metrics.accuracy50) },
  { title: 'Acc@0.75', of: (metrics) => percent(metrics.accuracy75.value) },
  { title: 'mIoU', of: (metrics) => percent(metrics.meanIou.value) },
  { title: 'mask mIoU', of: (metrics) => percent(metrics.maskMeanIou?.value ?? null) },
  { title: 'oIoU', of: (metrics) => percent(metrics.maskOverallIou) },
  { title: 'recall', of: (metrics) => percent(metrics.proposalRecall) },
  { title: 'pointing', of: (metrics) => percent(metrics.pointingAccuracy) },
  { title: 'chance', of: (metrics) => percent(metrics.chance) },
];

export function formatEvaluation(evaluation: Evaluation): string {
  const results = alignColumns([
    ['Method', ...resultColumns.map(({ title }) => title)],
    ...evaluation.runs.map((run) => [
      runName(evaluation, run.runId),
      ...resultColumns.map(({ of }) => of(run.overall)),
    ]),
  ]);
  const head = `${evaluation.dataset.name}, ${splitWords(evaluation)}: ${unitWords(evaluation)}; ground truth ${groundTruthWords(evaluation)}`;
  const pairs = evaluation.pairs.map((pair) => {
    const { verdict, detail } = pairWords(evaluation, pair);
    return `${verdict}\n  ${detail}`;
  });
  return [
    head,
    results,
    kindsTable(evaluation),
    pairs.join('\n'),
    `Percentages. ${evaluation.protocol.interval}. ${evaluation.protocol.boxMatch}.`,
  ]
    .filter(Boolean)
    .join('\n\n');
}

function kindsTable(evaluation: Evaluation): string {
  const kinds = slicesOfRuns(evaluation, (run) => run.byKind);
  if (kinds.length === 0) return '';
  const rows = kinds.map(({ value, metrics }) => {
    const first = metrics.find((one) => one);
    return [
      value || 'no kind',
      String(first?.count ?? 0),
      percent(first?.chance ?? null),
      ...metrics.map((one) => withInterval(one?.accuracy50)),
    ];
  });
  const names = evaluation.runs.map((run) => runName(evaluation, run.runId));
  return alignColumns([['Acc@0.5 by kind', 'n', 'chance', ...names], ...rows]);
}
