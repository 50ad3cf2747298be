/** Where runs are right together and apart, and whether they answer both of two opposite expressions. */
import type { Agreement } from '../../../common/contract';
import { wilsonInterval } from './bootstrap';
import type { Counted } from './evaluate';
import type { Facts } from './facts';
import { reaches } from './table';

const share = (part: number, whole: number) => {
  const value = whole > 0 ? part / whole : 0;
  return { value, ...wilsonInterval(value, whole) };
};

export function agreementOf({ table, rows, counting }: Counted, facts: Facts): Agreement {
  const { runs } = table;
  // One bit a run.
  const right = Array.from(rows, (row) =>
    runs.reduce(
      (bits, { iou }, index) => bits | (reaches(iou[row] ?? 0, 0.5, counting.comparator) ? 1 << index : 0),
      0,
    ),
  );
  const countWhere = (holds: (bits: number) => boolean) => right.filter(holds).length;
  const sets = Array.from({ length: 1 << runs.length }, (_, bits) => ({
    runIds: runs.flatMap(({ runId }, index) => (bits & (1 << index) ? [runId] : [])),
    count: countWhere((own) => own === bits),
  }));
  const count = rows.length;
  const pairs = runs.flatMap((a, first) =>
    runs.slice(first + 1).map((b, offset) => {
      const [bitA, bitB] = [1 << first, 1 << (first + 1 + offset)];
      const both = countWhere((bits) => (bits & bitA) !== 0 && (bits & bitB) !== 0);
      const onlyA = countWhere((bits) => (bits & bitA) !== 0 && (bits & bitB) === 0);
      const onlyB = countWhere((bits) => (bits & bitA) === 0 && (bits & bitB) !== 0);
      const neither = count - both - onlyA - onlyB;
      const [rateA, rateB] = [(both + onlyA) / count, (both + onlyB) / count];
      const expected = rateA * rateB + (1 - rateA) * (1 - rateB);
      return {
        runA: a.runId,
        runB: b.runId,
        both,
        onlyA,
        onlyB,
        neither,
        complementary: (both + onlyA + onlyB) / count - Math.max(rateA, rateB),
        kappa: expected < 1 ? ((both + neither) / count - expected) / (1 - expected) : 0,
      };
    }),
  );
  return {
    count,
    sets: sets.filter((set) => set.count > 0 || set.runIds.length === 0),
    oracle: share(
      countWhere((bits) => bits !== 0),
      count,
    ),
    pairs,
    consistency: consistencyOf({ table, rows }, facts, right),
  };
}

/** `right`: one bit a run, in the order of the rows. */
function consistencyOf(
  { table, rows }: Pick<Counted, 'table' | 'rows'>,
  facts: Facts,
  right: readonly number[],
): Agreement['consistency'] {
  const groups = new Map<string, number[]>();
  rows.forEach((row, position) => {
    const pair = facts.attributes[row]?.['pair'];
    if (pair === undefined || pair === '') return;
    const group = groups.get(String(pair));
    if (group) group.push(right[position] ?? 0);
    else groups.set(String(pair), [right[position] ?? 0]);
  });
  const pairs = [...groups.values()].filter((group) => group.length > 1);
  if (pairs.length === 0) return null;
  return table.runs.map(({ runId }, index) => {
    const bit = 1 << index;
    const all = pairs.filter((group) => group.every((bits) => bits & bit)).length;
    const none = pairs.filter((group) => group.every((bits) => !(bits & bit))).length;
    return {
      runId,
      pairs: pairs.length,
      allRight: share(all, pairs.length),
      someRight: pairs.length - all - none,
      noneRight: none,
    };
  });
}
