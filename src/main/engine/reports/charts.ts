/** Charts as plain SVG: no script, no style attributes; colours come from the report's style by class. */
import type { Estimate, MethodId } from '../../../common/contract';
import { empty, markup, type Markup } from './markup';
import { percent } from './words';

export interface Series {
  name: string;
  method: MethodId;
}

/** Two decimals are finer than any screen or printer, and keep the file small. */
function round(value: number): number {
  return Math.round(value * 100) / 100;
}

const tenths = [0, 0.2, 0.4, 0.6, 0.8, 1];

/** Grid lines with percent labels below, for a horizontal axis from 0 to 1. */
function shareAxis(x: (share: number) => number, top: number, bottom: number): Markup[] {
  return tenths.map(
    (share) =>
      markup`<line class="grid" x1="${round(x(share))}" x2="${round(x(share))}" y1="${top}" y2="${bottom}"/><text class="tick" x="${round(x(share))}" y="${bottom + 16}" text-anchor="middle">${share * 100}%</text>`,
  );
}

export interface IntervalRow {
  label: string;
  /** null where nothing is known, e.g. no chance level. */
  chance: number | null;
  marks: (Series & { estimate: Estimate })[];
}

const labelWidth = 132;
const valueWidth = 56;
const markHeight = 18;

/** One row a label, in it one dot with its interval for each series, and a tick at the chance level. */
export function intervalChart(rows: readonly IntervalRow[], title: string, width = 880): Markup {
  const x = (share: number) => labelWidth + share * (width - labelWidth - valueWidth);
  let top = 6;
  const drawn = rows.map((row) => {
    const height = Math.max(1, row.marks.length) * markHeight + 10;
    const start = top;
    top += height;
    const marks = row.marks.map(({ name, method, estimate }, index) => {
      const y = start + 5 + markHeight * (index + 0.5);
      const label = `${name}, ${row.label}: ${percent(estimate.value)}% (${percent(estimate.low)} to ${percent(estimate.high)})`;
      return markup`<g class="series ${method}"><title>${label}</title><line class="whisker" x1="${round(x(estimate.low))}" x2="${round(x(estimate.high))}" y1="${y}" y2="${y}"/><circle class="dot" cx="${round(x(estimate.value))}" cy="${y}" r="4.5"/><text class="value" x="${width}" y="${y + 4}" text-anchor="end">${percent(estimate.value)}</text></g>`;
    });
    const chance =
      row.chance === null
        ? empty
        : markup`<line class="chance" x1="${round(x(row.chance))}" x2="${round(x(row.chance))}" y1="${start + 3}" y2="${top - 3}"><title>Chance: ${percent(row.chance)}%</title></line>`;
    const middle = (start + top) / 2;
    return markup`<text class="label" x="0" y="${middle + 4}">${row.label}</text>${chance}${marks}`;
  });
  const axis = shareAxis(x, 4, top);
  return markup`<svg class="chart" viewBox="0 0 ${width} ${top + 24}" role="img" aria-label="${title}">${axis}${drawn}</svg>`;
}

/** IoU in 20 bins; the bins that count as right are drawn full. `highest`: top of the axis, shared by all runs. */
export function histogramChart(series: Series, bins: readonly number[], highest: number): Markup {
  const [width, height, bottom] = [280, 132, 108];
  const slot = width / bins.length;
  const bars = bins.map((value, index) => {
    const tall = highest > 0 ? (value / highest) * (bottom - 8) : 0;
    const from = index / bins.length;
    const range = `${from.toFixed(2)} to ${(from + 1 / bins.length).toFixed(2)}`;
    return markup`<rect class="bar ${from >= 0.5 ? 'right' : 'wrong'}" x="${round(index * slot + 1)}" y="${round(bottom - tall)}" width="${round(slot - 2)}" height="${round(tall)}"><title>IoU ${range}: ${round(value)}</title></rect>`;
  });
  const ticks = [0, 0.5, 1].map(
    (iou) =>
      markup`<text class="tick" x="${iou * width}" y="${bottom + 16}" text-anchor="${iou === 0 ? 'start' : iou === 1 ? 'end' : 'middle'}">${iou}</text>`,
  );
  return markup`<svg class="chart histogram ${series.method}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${`Histogram of box IoU, ${series.name}`}"><line class="axis" x1="0" x2="${width}" y1="${bottom}" y2="${bottom}"/>${bars}${ticks}</svg>`;
}

export interface CurveSeries extends Series {
  /** Both from 0 to 1. */
  points: readonly { x: number; y: number }[];
}

export interface CurveWords {
  /** What the chart is, for those who do not see it. */
  label: string;
  axis: string;
  /** A place of the axis that is marked; null: none. */
  mark: number | null;
}

/** Shares over shares, one line a run. */
export function curveChart(
  runs: readonly CurveSeries[],
  { label, axis, mark }: CurveWords,
  width = 880,
): Markup {
  const [height, left, right, top, bottom] = [300, 44, 12, 10, 260];
  const across = (share: number) => left + share * (width - left - right);
  const up = (share: number) => bottom - share * (bottom - top);
  const grid = tenths.map(
    (share) =>
      markup`<line class="grid" x1="${left}" x2="${width - right}" y1="${round(up(share))}" y2="${round(up(share))}"/><text class="tick" x="${left - 8}" y="${round(up(share)) + 4}" text-anchor="end">${share * 100}%</text><text class="tick" x="${round(across(share))}" y="${bottom + 16}" text-anchor="middle">${share}</text>`,
  );
  const lines = runs.map(({ name, method, points }) => {
    const path = points.map(
      ({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${round(across(x))} ${round(up(y))}`,
    );
    return markup`<path class="curve ${method}" d="${path.join('')}"><title>${name}</title></path>`;
  });
  const marked =
    mark === null
      ? empty
      : markup`<line class="mark" x1="${round(across(mark))}" x2="${round(across(mark))}" y1="${top}" y2="${bottom}"/>`;
  return markup`<svg class="chart" viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">${grid}${marked}${lines}<text class="tick" x="${(left + width - right) / 2}" y="${height - 6}" text-anchor="middle">${axis}</text></svg>`;
}
