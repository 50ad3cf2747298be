/** Whether two runs differ on the same expressions: paired cluster bootstrap, and the exact McNemar test. */
import type { PairedDifference } from '../../../common/contract';
import { bootstrapMeans } from './bootstrap';
import { clustersOf, isRight, weigh, type Unit } from './metrics';
import type { EvaluationRow } from './rows';

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

/** Rows of A and B must be of the same expressions, in any order. */
export function comparePair(
  rowsA: readonly EvaluationRow[],
  rowsB: readonly EvaluationRow[],
  unit: Unit,
): PairedDifference {
  const byExpression = new Map(rowsB.map((row) => [row.expressionId, row]));
  const difference = (row: EvaluationRow) => {
    const other = byExpression.get(row.expressionId);
    return isRight(row) - (other ? isRight(other) : 0);
  };
  const [estimate = { value: 0, low: 0, high: 0 }] = bootstrapMeans(
    clustersOf(weigh(rowsA, unit), [difference]),
  );
  // Of one unit, the run that gets more of its expressions right is the better one.
  const byUnit = new Map<number, number>();
  for (const row of rowsA) {
    const key = unit === 'expression' ? row.expressionId : row.referentId;
    byUnit.set(key, (byUnit.get(key) ?? 0) + difference(row));
  }
  const balances = [...byUnit.values()];
  const onlyA = balances.filter((balance) => balance > 0).length;
  const onlyB = balances.filter((balance) => balance < 0).length;
  return {
    runA: rowsA[0]?.runId ?? 0,
    runB: rowsB[0]?.runId ?? 0,
    difference: estimate,
    onlyA,
    onlyB,
    pValue: exactMcNemar(onlyA, onlyB),
  };
}
