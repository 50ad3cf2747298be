/** Whether two runs differ on the same rows: paired cluster bootstrap, and the exact McNemar test. */
import type { Estimate, MetricName, PairedDifference } from '../../../common/contract';
import type { Pieces } from '../jobs/pieces';
import { estimateFrom, spreadOf } from './bootstrap';
import type { RunScores } from './scores';
import type { Counting } from './sums';
import { reaches, unitIds, type EvaluationTable, type Rows, type RunColumns } from './table';

/**
 * Two-sided p-value of the exact McNemar test: the binomial probability of a split of the discordant units at
 * least as uneven as this one if both runs were equally good. It ignores that units share images.
 */
export function exactMcNemar(onlyA: number, onlyB: number): number {
  const discordant = onlyA + onlyB;
  const fewer = Math.min(onlyA, onlyB);
  // In logarithms: 2^-n is below the smallest number from n = 1,075 on.
  let logTerm = -discordant * Math.LN2;
  let tail = Math.exp(logTerm);
  for (let k = 1; k <= fewer; k += 1) {
    logTerm += Math.log((discordant - k + 1) / k);
    tail += Math.exp(logTerm);
  }
  return Math.min(1, 2 * tail);
}

/** Holm's step-down correction: each p-value as it counts among all of them, in the given order. */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues.map((_, index) => index).sort((a, b) => (pValues[a] ?? 0) - (pValues[b] ?? 0));
  const corrected = new Array<number>(pValues.length).fill(1);
  let highest = 0;
  order.forEach((index, rank) => {
    highest = Math.max(highest, Math.min(1, (pValues[index] ?? 1) * (pValues.length - rank)));
    corrected[index] = highest;
  });
  return corrected;
}

/** Standard errors between a difference and 0 from which a test at 5% finds it with 80% power: z(0.975) + z(0.8). */
const standardErrorsToBeShown = 1.959963984540054 + 0.8416212335729143;

/** Units that only A, and only B, gets right: of one unit, the run that gets more of its rows right is the better one. */
export function discordantUnits(
  table: EvaluationTable,
  rows: Rows,
  a: RunColumns,
  b: RunColumns,
  { unit, comparator }: Counting,
): { onlyA: number; onlyB: number } {
  const ids = unitIds(table, unit);
  const balances = new Map<number, number>();
  for (const row of rows) {
    const rightA = reaches(a.iou[row] ?? 0, 0.5, comparator);
    const rightB = reaches(b.iou[row] ?? 0, 0.5, comparator);
    if (rightA === rightB) continue;
    const id = ids[row] ?? 0;
    balances.set(id, (balances.get(id) ?? 0) + (rightA ? 1 : -1));
  }
  let [onlyA, onlyB] = [0, 0];
  for (const balance of balances.values()) {
    if (balance > 0) onlyA += 1;
    if (balance < 0) onlyB += 1;
  }
  return { onlyA, onlyB };
}

/** A minus B of a metric, draw by draw; null where either run lacks it. */
export function differenceOf(a: RunScores, b: RunScores, metric: MetricName): Differing | null {
  const [scoreA, scoreB] = [a.scores[metric], b.scores[metric]];
  const [samplesA, samplesB] = [a.samples[metric], b.samples[metric]];
  if (!scoreA || !scoreB || !samplesA || !samplesB || samplesA.length !== samplesB.length) return null;
  const samples = samplesA.map((sample, draw) => sample - (samplesB[draw] ?? 0));
  return { estimate: estimateFrom(scoreA.value - scoreB.value, samples), error: spreadOf(samples) };
}

export interface Differing {
  estimate: Estimate;
  /** Standard error. */
  error: number;
}

/** Metrics whose differences are told beside Acc@0.5. */
const furtherMetrics = ['meanIou', 'maskMeanIou', 'maskOverallIou'] as const;

/** Every two runs, each once, in the order of the runs. */
export function* comparePairs(
  table: EvaluationTable,
  rows: Rows,
  scored: readonly RunScores[],
  counting: Counting,
): Pieces<PairedDifference[]> {
  const compared: PairedDifference[] = [];
  for (const [index, a] of table.runs.entries()) {
    for (const [offset, b] of table.runs.slice(index + 1).entries()) {
      yield;
      const [scoresA, scoresB] = [scored[index], scored[index + 1 + offset]];
      const main = scoresA && scoresB && differenceOf(scoresA, scoresB, 'accuracy50');
      if (!main) continue;
      const { onlyA, onlyB } = discordantUnits(table, rows, a, b, counting);
      compared.push({
        runA: a.runId,
        runB: b.runId,
        difference: main.estimate,
        onlyA,
        onlyB,
        pValue: exactMcNemar(onlyA, onlyB),
        correctedPValue: 1,
        detectable: standardErrorsToBeShown * main.error,
        further: furtherMetrics.flatMap((metric) => {
          const found = differenceOf(scoresA, scoresB, metric);
          return found ? [{ metric, difference: found.estimate }] : [];
        }),
      });
    }
  }
  const corrected = holm(compared.map((pair) => pair.pValue));
  return compared.map((pair, index) => ({ ...pair, correctedPValue: corrected[index] ?? 1 }));
}
