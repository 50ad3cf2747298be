/** The report's style: one sheet, for light and dark pages and for paper. */
import { colourMapGradient } from '../../../common/maps/colour-maps';
import { looks, type Subject } from './looks';

const subjects = Object.keys(looks) as Subject[];

const colours = (theme: 'light' | 'dark') =>
  subjects.map((subject) => `--${subject}: ${looks[subject][theme]};`).join(' ');

const subjectRules = subjects
  .map(
    (subject) => `
.${subject} { --own: var(--${subject}); --line: ${looks[subject].overlay}; --dash: ${looks[subject].dash || 'none'}; }`,
  )
  .join('');

const light = `--page: #fff; --text: #171b24; --muted: #505868; --faint: #6b7383; --rule: #e0e3e9; --rule-strong: #c3c8d2;
  --panel: #f6f7f9; --right: #0a7a4d; --wrong: #bf2c3a; ${colours('light')}`;
const dark = `--page: #0f1115; --text: #e9ebf0; --muted: #adb4c2; --faint: #8c94a4; --rule: #282d37; --rule-strong: #414857;
  --panel: #16191f; --right: #4bd39a; --wrong: #ff8b93; ${colours('dark')}`;

export const reportStyle = `
:root { color-scheme: light dark; ${light} }
@media (prefers-color-scheme: dark) { :root { ${dark} } }
@media print { :root { color-scheme: light; ${light} } }
${subjectRules}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--page); color: var(--text);
  font: 15px/1.55 'Inter Variable', Inter, system-ui, -apple-system, 'Segoe UI', 'Noto Sans', Roboto, Ubuntu, sans-serif;
  font-variant-numeric: tabular-nums; -webkit-text-size-adjust: 100%;
}
main { max-width: 944px; margin: 0 auto; padding: 56px 32px 72px; }
h1 { font-size: 32px; line-height: 1.2; font-weight: 650; letter-spacing: -0.015em; margin: 0 0 10px; overflow-wrap: anywhere; }
h2 { font-size: 19px; line-height: 1.3; font-weight: 620; letter-spacing: -0.008em; margin: 56px 0 14px; }
h3 { font-size: 15px; font-weight: 620; margin: 32px 0 12px; }
h3 small, h2 small { font-size: 13px; font-weight: 400; color: var(--muted); margin-left: 6px; letter-spacing: 0; }
p { margin: 0 0 12px; max-width: 70ch; }
.protocol { max-width: none; }
.kicker { color: var(--muted); font-size: 13px; margin-bottom: 14px; max-width: none; }
.facts, .note, .protocol { color: var(--muted); font-size: 13px; }
.lead { margin-top: 32px; font-size: 16px; }
.lead p { max-width: none; }
.lead .first { font-size: 20px; line-height: 1.45; letter-spacing: -0.008em; }
code { font: 12.5px/1.5 ui-monospace, 'Cascadia Mono', 'SF Mono', Menlo, 'Noto Sans Mono', 'DejaVu Sans Mono', monospace; overflow-wrap: anywhere; }

table { border-collapse: collapse; width: 100%; }
.scroll { overflow-x: auto; }
th, td { padding: 7px 0 7px 24px; text-align: right; vertical-align: baseline; border-bottom: 1px solid var(--rule); white-space: nowrap; }
th:first-child, td:first-child { text-align: left; padding-left: 0; }
thead th { font-size: 13px; font-weight: 500; color: var(--muted); border-bottom-color: var(--rule-strong); vertical-align: bottom; }
tbody th { font-weight: 450; white-space: normal; }
thead th:not(:first-child) { min-width: 104px; }
tr.group th { padding-top: 22px; font-size: 12px; color: var(--faint); }
td b { font-weight: 650; }
th.words, td.words { text-align: left; white-space: normal; overflow-wrap: break-word; }
thead th.words { min-width: 84px; }
td .interval { display: block; font-size: 12px; line-height: 1.3; color: var(--faint); }
.key { display: inline-block; width: 10px; height: 10px; border-radius: 3px; background: var(--own); margin-right: 8px; }

.chart { display: block; width: 100%; height: auto; overflow: visible; margin: 8px 0 4px; }
.chart text { font-size: 12px; fill: var(--muted); }
.chart .tick { fill: var(--faint); font-size: 11px; }
.chart .label { fill: var(--text); font-size: 13px; }
.chart .value { fill: var(--own); font-weight: 600; }
.grid, .axis { stroke: var(--rule); stroke-width: 1; }
.axis { stroke: var(--rule-strong); }
.chance, .mark { stroke: var(--faint); stroke-width: 1.5; stroke-dasharray: 2 3; }
.scroll + .scroll { margin-top: 24px; }
.scroll + p, .scroll + dl { margin-top: 16px; }
.scroll > .chart { min-width: 560px; }
.whisker { stroke: var(--own); stroke-width: 3; stroke-linecap: round; opacity: 0.38; }
.dot { fill: var(--own); stroke: var(--page); stroke-width: 1.5; }
.bar { fill: var(--own); }
.bar.wrong { opacity: 0.34; }
.curve { fill: none; stroke: var(--own); stroke-width: 2.25; stroke-linejoin: round; stroke-dasharray: var(--dash); }
.multiples { display: grid; grid-template-columns: repeat(auto-fit, minmax(240px, 1fr)); gap: 20px 32px; }
.multiples h4 { font-size: 13px; font-weight: 550; margin: 0 0 4px; }

.legend { display: flex; flex-wrap: wrap; gap: 6px 24px; margin: 0 0 14px; padding: 0; list-style: none; font-size: 13px; color: var(--muted); }
.legend li { display: flex; align-items: center; gap: 8px; }
.sample { width: 36px; height: 8px; }
.legend .tick-sample { stroke: var(--faint); stroke-width: 1.5; stroke-dasharray: 2 3; }

.verdicts { margin: 0; padding: 0; list-style: none; }
.verdicts li { padding: 12px 0; border-bottom: 1px solid var(--rule); }
.verdicts p { margin: 0; max-width: none; }
.verdicts + .note { margin-top: 14px; max-width: none; }
.verdicts .verdict { font-weight: 600; }

.examples { display: grid; gap: 36px; }
.example { margin: 0; min-width: 0; break-inside: avoid; }
.views { display: grid; grid-template-columns: repeat(auto-fill, minmax(196px, 1fr)); gap: 16px 14px; margin: 0; padding: 0; list-style: none; font-size: 13px; }
.views p { margin: 0; line-height: 1.35; overflow-wrap: anywhere; }
.picture { display: block; width: 100%; height: auto; margin-bottom: 7px; border-radius: 5px; overflow: hidden; }
.views .missing { display: grid; place-items: center; min-height: 148px; margin-bottom: 7px; padding: 16px; border-radius: 5px; background: var(--panel); color: var(--muted); text-align: center; }
.mask { fill: var(--line); fill-opacity: 0.3; fill-rule: evenodd; stroke: var(--line); stroke-width: 1.25; vector-effect: non-scaling-stroke; }
.proposal { fill: none; stroke: #fff; stroke-width: 1; vector-effect: non-scaling-stroke; }
.proposal.below { stroke: #080a0e; stroke-opacity: 0.5; stroke-width: 2.5; }
.point { fill: none; stroke: #fff; stroke-width: 7; stroke-linecap: round; vector-effect: non-scaling-stroke; }
.point.negative { stroke: #101318; }
.ramp { display: inline-block; width: 44px; height: 9px; border-radius: 2px; background: ${colourMapGradient('inferno')}; }
.halo { fill: none; stroke: rgb(8 10 14 / 62%); stroke-width: 4; stroke-dasharray: var(--dash); vector-effect: non-scaling-stroke; }
.box { fill: none; stroke: var(--line); stroke-width: 2; stroke-dasharray: var(--dash); vector-effect: non-scaling-stroke; }
.expression { margin: 0 0 2px; font-weight: 550; line-height: 1.4; overflow-wrap: anywhere; unicode-bidi: isolate; }
.example .facts { margin: 0 0 9px; font-size: 12px; overflow-wrap: anywhere; }
.views .shows, .views .reason { color: var(--muted); font-size: 12px; }
.iou { font-weight: 600; margin-left: 4px; }
.iou.right { color: var(--right); }
.iou.wrong { color: var(--wrong); }

dl { display: grid; grid-template-columns: minmax(150px, max-content) 1fr; margin: 0; }
dt, dd { margin: 0; padding: 7px 32px 7px 0; border-bottom: 1px solid var(--rule); min-width: 0; }
dt { color: var(--muted); }
@media screen {
  .scroll thead th { white-space: normal; }
  .scroll thead th:not(:first-child) { min-width: 120px; }
  .scroll th:first-child { position: sticky; left: 0; background: var(--page); }
  .long { max-height: 420px; overflow-y: auto; padding-right: 14px; border-bottom: 1px solid var(--rule-strong); }
  .long thead th { position: sticky; top: 0; background: var(--page); }
}
footer { margin-top: 64px; padding-top: 16px; border-top: 1px solid var(--rule); color: var(--faint); font-size: 12px; }

@media screen and (max-width: 640px) { main { padding: 32px 18px; } dl { grid-template-columns: 1fr; } dt { border: 0; padding-bottom: 0; } }
@media print {
  @page { margin: 16mm 15mm; }
  body { font-size: 9.5pt; line-height: 1.45; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  main { max-width: none; padding: 0; }
  h1 { font-size: 21pt; }
  h2 { font-size: 14pt; margin: 22pt 0 8pt; }
  h3 { font-size: 11pt; margin: 14pt 0 6pt; }
  h2, h3, h4, .legend, .note:has(+ table), p:has(+ .scroll) { break-after: avoid; }
  .lead { margin-top: 16pt; font-size: 10.5pt; }
  .lead .first { font-size: 13pt; }
  p, .note { max-width: none; }
  .scroll { overflow: visible; }
  .scroll > .chart { min-width: 0; }
  th, td { padding: 2.5pt 0 2.5pt 9pt; font-size: 9pt; }
  thead th { white-space: normal; font-size: 8.5pt; }
  thead th:not(:first-child) { min-width: 0; }
  thead th.words:not(:first-child) { min-width: 100px; }
  tr.group th { padding-top: 9pt; break-after: avoid; }
  td .interval { display: inline; margin-left: 4pt; font-size: 8pt; }
  dt, dd { padding: 3pt 18pt 3pt 0; }
  p, tr, .short, .chart, .multiples > div, .verdicts li, .example { break-inside: avoid; }
  .multiples { grid-template-columns: repeat(auto-fill, minmax(200px, 1fr)); }
  .examples { display: block; }
  .example { margin-bottom: 16pt; }
  .views { grid-template-columns: repeat(auto-fill, minmax(150px, 1fr)); gap: 8pt; font-size: 8.5pt; }
  .views .shows, .views .reason { font-size: 8pt; }
  footer { margin-top: 28pt; }
}
`;
