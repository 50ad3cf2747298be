/**
 * The report as one HTML file that stands alone: no script, nothing from the network, a content security policy of
 * its own, and every text through the one escaping function.
 */
import { createHash } from 'node:crypto';
import type { Evaluation, ReportSection } from '../../../common/contract';
import { curveChart, histogramChart, intervalChart } from './charts';
import { deviationBlocks } from './findings';
import type { Part, ReportBlock } from './blocks';
import { blockHtml, partHtml, protocolHtml, tableClass } from './html-blocks';
import { looks, type Subject } from './looks';
import { empty, markup, Markup } from './markup';
import { leaderOf, metricGroups, valueOf, type MetricRow, type Result } from './metric-rows';
import { closingOf, headingOf, kickerOf, outlineOf } from './outline';
import type { ReportContents } from './contents';
import { reportStyle } from './style';
import {
  count,
  interval,
  pairWords,
  percent,
  runName,
  slicesOfRuns,
  summary,
  unitHead,
  unitWords,
} from './words';

const styleHash = createHash('sha256').update(reportStyle).digest('base64');
export const reportPolicy = `default-src 'none'; img-src data:; style-src 'sha256-${styleHash}'`;

export function reportHtml(contents: ReportContents): string {
  const { evaluation } = contents;
  const heading = headingOf(contents);
  // These sections have charts and pictures here; all others are drawn from their blocks.
  const drawn: Partial<Record<ReportSection, (part: Part<ReportBlock>) => Markup>> = {
    summary: () => leadSection(evaluation),
    results: ({ protocol }) =>
      markup`${resultsSection(evaluation, protocol)}\n${pairsSection(evaluation)}\n${distributionSection(evaluation)}`,
    slices: ({ protocol }) => kindsSection(contents, protocol),
    examples: (part) => examplesSection(evaluation, part),
  };
  const sections = outlineOf(contents).map(
    (part) => markup`${drawn[part.section]?.(part) ?? partHtml(part)}\n`,
  );
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${reportPolicy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="${`Grounding Workbench ${evaluation.workbench.version}`}">
<title>${heading}</title>
<style>${new Markup(reportStyle)}</style>
</head>
<body>
<main>
<header>
<p class="kicker">${kickerOf(contents)}</p>
<h1>${heading}</h1>
</header>
${sections}<footer>${closingOf(contents)}</footer>
</main>
</body>
</html>
`;
  return page.text;
}

function leadSection(evaluation: Evaluation): Markup {
  const [first = '', ...others] = summary(evaluation);
  return markup`<section class="lead">
<p class="first">${first}</p>
<p>${others.join(' ')}</p>
</section>`;
}

/** A value with its interval below; the best of a row of runs is bold. */
function cell(result: Result, isBest = false): Markup {
  if (result === null || result === undefined) return markup`<td>–</td>`;
  const value = percent(valueOf(result));
  const below =
    typeof result === 'number' ? empty : markup`<span class="interval">${interval(result)}</span>`;
  return markup`<td>${isBest ? markup`<b>${value}</b>` : value}${below}</td>`;
}

/** One cell a run; bold where a run leads. */
function cells(results: readonly Result[], lowerIsBetter = false): Markup[] {
  const leader = leaderOf(results, lowerIsBetter);
  return results.map((result, index) => cell(result, index === leader));
}

function runHeads(evaluation: Evaluation): Markup[] {
  return evaluation.runs.map(
    (run) =>
      markup`<th scope="col"><span class="key ${run.method}"></span>${runName(evaluation, run.runId)}</th>`,
  );
}

/** A row of one metric over the runs; nothing where no run has it. */
function metricRow(evaluation: Evaluation, { title, of }: MetricRow, lowerIsBetter = false): Markup {
  const results = evaluation.runs.map(of);
  if (results.every((result) => result === null)) return empty;
  return markup`<tr><th scope="row">${title}</th>${cells(results, lowerIsBetter)}</tr>\n`;
}

function resultsSection(evaluation: Evaluation, protocol: string | undefined): Markup {
  const columns = evaluation.runs.length + 1;
  const heading = (title: string) =>
    markup`<tr class="group"><th colspan="${columns}" scope="colgroup">${title}</th></tr>\n`;
  const groups = metricGroups.map(({ title, rows }) => {
    const drawn = rows
      .map((row) => metricRow(evaluation, row, row.lowerIsBetter))
      .filter((row) => row.text !== '');
    return drawn.length === 0 ? empty : markup`${heading(title)}${drawn}`;
  });
  const chance = metricRow(evaluation, {
    title: 'Chance, category known',
    of: ({ overall }) => overall.chance,
  });
  const answered = evaluation.runs.map(({ overall }) => markup`<td>${count(overall.answered)}</td>`);
  const masks = evaluation.runs.map(({ overall }) => markup`<td>${count(overall.maskCount)}</td>`);
  return markup`<section>
<h2>Results <small>${`${unitWords(evaluation)}, in percent`}</small></h2>${protocolHtml(protocol)}
<div class="scroll"><table>
<thead><tr><th scope="col">Metric</th>${runHeads(evaluation)}</tr></thead>
<tbody>
${groups}${chance.text === '' ? empty : heading('Reference')}${chance}${heading('Counts')}<tr><th scope="row">Expressions with a box</th>${answered}</tr>
<tr><th scope="row">${`Masks measured (${evaluation.protocol.unit}s)`}</th>${masks}</tr>
</tbody>
</table></div>
</section>`;
}

function seriesOf(evaluation: Evaluation) {
  return evaluation.runs.map((run) => ({ name: runName(evaluation, run.runId), method: run.method, run }));
}

/** Squares of the methods' colours and, where there is one, the tick of the chance level. */
function runLegend(evaluation: Evaluation, withChance: boolean): Markup {
  const entries = seriesOf(evaluation).map(
    ({ name, method }) => markup`<li><span class="key ${method}"></span>${name}</li>`,
  );
  const chance = withChance
    ? markup`<li><svg class="sample" viewBox="0 0 36 8" aria-hidden="true"><path class="tick-sample" d="M1 4H35"/></svg>Chance, category known</li>`
    : empty;
  return markup`<ul class="legend">${entries}${chance}</ul>`;
}

/** Line samples, dashed as the lines are. */
function lineLegend(lines: readonly { name: string; method: Subject }[]): Markup {
  const entries = lines.map(
    ({ name, method }) =>
      markup`<li><svg class="sample" viewBox="0 0 36 8" aria-hidden="true"><path class="curve ${method}" d="M1 4H35"/></svg>${name}</li>`,
  );
  return markup`<ul class="legend">${entries}</ul>`;
}

/** Overall where there are no kinds; else a row a kind, in the table with the chance level beside each. */
function kindsSection(contents: ReportContents, protocol: string | undefined): Markup {
  const { evaluation } = contents;
  const kinds = slicesOfRuns(evaluation, (run) => run.byKind);
  const rows = [{ value: 'All', metrics: evaluation.runs.map((run) => run.overall) }, ...kinds].map(
    ({ value, metrics }) => ({
      label: value || 'no kind',
      units: metrics.find((one) => one)?.count ?? 0,
      chance: metrics.find((one) => one)?.chance ?? null,
      estimates: metrics.map((one) => one?.accuracy50),
    }),
  );
  const hasChance = rows.some((row) => row.chance !== null);
  const chart = intervalChart(
    rows.map(({ label, chance, estimates }) => ({
      label,
      chance,
      marks: seriesOf(evaluation).flatMap(({ name, method }, index) => {
        const estimate = estimates[index];
        return estimate ? [{ name, method, estimate }] : [];
      }),
    })),
    'Acc@0.5 with 95% intervals, by kind of expression',
  );
  const table = rows.map(
    ({ label, units, chance, estimates }) =>
      markup`<tr><th scope="row">${label}</th><td>${count(units)}</td>${hasChance ? cell(chance) : empty}${cells(estimates)}</tr>\n`,
  );
  const heading = kinds.length > 0 ? 'Kinds of expression' : 'Accuracy';
  return markup`<section>
<h2>${heading} <small>Acc@0.5 with 95% intervals, in percent</small></h2>${protocolHtml(protocol)}
${runLegend(evaluation, hasChance)}
<div class="scroll">${chart}</div>
<div class="scroll"><table${tableClass(rows.length)}>
<thead><tr><th scope="col">Kind</th><th scope="col">${unitHead(evaluation)}</th>${hasChance ? markup`<th scope="col">Chance</th>` : empty}${runHeads(evaluation)}</tr></thead>
<tbody>
${table}</tbody>
</table></div>
${categoriesTable(evaluation)}
${deviationBlocks(contents).map(blockHtml)}
</section>`;
}

function categoriesTable(evaluation: Evaluation): Markup {
  const categories = slicesOfRuns(evaluation, (run) => run.byCategory);
  if (categories.length === 0) return empty;
  const rows = categories.map(({ value, metrics }) => {
    const first = metrics.find((one) => one);
    return markup`<tr><th scope="row">${value || 'no category'}</th><td>${count(first?.count ?? 0)}</td>${cells(metrics.map((one) => one?.accuracy50))}</tr>\n`;
  });
  const title = `Acc@0.5 by category of the referent (${categories.length})`;
  return markup`<h3>${title}</h3>
<div class="scroll long" tabindex="0" role="region" aria-label="${title}"><table>
<thead><tr><th scope="col">Category</th><th scope="col">${unitHead(evaluation)}</th>${runHeads(evaluation)}</tr></thead>
<tbody>
${rows}</tbody>
</table></div>`;
}

function pairsSection(evaluation: Evaluation): Markup {
  if (evaluation.pairs.length === 0) return empty;
  const verdicts = evaluation.pairs.map((pair) => {
    const { verdict, detail, power } = pairWords(evaluation, pair);
    return markup`<li><p class="verdict">${verdict}</p><p class="note">${`${detail} ${power}`}</p></li>\n`;
  });
  return markup`<section>
<h2>Comparisons <small>on the same ${evaluation.protocol.unit}s</small></h2>
<ul class="verdicts">
${verdicts}</ul>
<p class="note">A difference is shown where its interval, by resampling images, does not hold zero. McNemar’s test ignores that expressions share images; where there are several comparisons, Holm’s correction stands beside it.</p>
</section>`;
}

function distributionSection(evaluation: Evaluation): Markup {
  const highest = Math.max(...evaluation.runs.flatMap((run) => run.iouHistogram));
  const histograms = seriesOf(evaluation).map(
    (series) =>
      markup`<div><h4>${series.name}</h4>${histogramChart(series, series.run.iouHistogram, highest)}</div>`,
  );
  const curves = seriesOf(evaluation).map((series) => ({
    ...series,
    points: series.run.accuracyCurve.map(({ threshold, accuracy }) => ({ x: threshold, y: accuracy })),
  }));
  return markup`<section>
<h2>How good the boxes are</h2>
<h3>Box IoU <small>${`${evaluation.protocol.unit}s in 20 bins; pale bins count as wrong at 0.5`}</small></h3>
<div class="multiples">${histograms}</div>
<h3>Accuracy over the IoU threshold</h3>
${lineLegend(curves)}
<div class="scroll">${curveChart(curves, { label: 'Accuracy over the IoU threshold', axis: 'IoU threshold', mark: 0.5 })}</div>
${riskBlock(evaluation)}</section>`;
}

/** How far a method's own confidence tells its errors; nothing where no run gives scores. */
function riskBlock(evaluation: Evaluation): Markup {
  const curves = seriesOf(evaluation).flatMap(({ run, ...series }) => {
    const { riskCoverage } = run.confidence ?? {};
    return riskCoverage
      ? [{ ...series, points: riskCoverage.map(({ coverage, risk }) => ({ x: coverage, y: risk })) }]
      : [];
  });
  if (curves.length === 0) return empty;
  const words = {
    label: 'Share of errors over the share of answers, the surest first',
    axis: 'Share of the answers, the surest first',
    mark: null,
  };
  return markup`<h3>Errors among the surest answers <small>per expression; the area below is AURC</small></h3>
${lineLegend(curves)}
<div class="scroll">${curveChart(curves, words)}</div>
`;
}

function examplesSection(
  evaluation: Evaluation,
  { title, note, protocol, blocks }: Part<ReportBlock>,
): Markup {
  const groups = blocks.filter(({ kind }) => kind === 'examples');
  return markup`<section>
<h2>${title} <small>${note}</small></h2>${protocolHtml(protocol)}
${lineLegend([{ name: looks['ground-truth'].name, method: 'ground-truth' as const }, ...seriesOf(evaluation)])}
<p class="note">The first picture has all boxes and the mask of the ground truth. The others show how each answer came about: proposals as fine lines, maps <span class="ramp"></span> from low to high (a Locator map from 0 to 1, a heat map from 0 to its own highest value), points that prompted the mask as dots, the mask tinted.</p>
${groups.map(blockHtml)}
</section>`;
}
