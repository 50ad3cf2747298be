/** What corrections did to the shares of errors and to who is right together: differences with intervals. */
import {
  errorStages,
  errorTypes,
  type CorrectionEffect,
  type ErrorStage,
  type ErrorType,
  type Estimate,
  type ShareEffect,
} from '../../../common/contract';
import type { Pieces } from '../jobs/pieces';
import { bootstrapDraws, estimateFrom, ratioSamples } from './bootstrap';
import { verdictsOf } from './errors';
import type { Counted } from './evaluate';
import type { Facts } from './facts';
import { resampleSums } from './resample';
import { imagesOf } from './sums';
import { reaches } from './table';

/** Answers with all that is known of them, against one ground truth. */
export interface Known {
  counted: Counted;
  facts: Facts;
}

/** What a share is of: one run's type of error, or stage to blame. */
type ErrorMark =
  { runId: number; of: 'type'; name: ErrorType } | { runId: number; of: 'stage'; name: ErrorStage };

/** Whether each expression belongs to a share, against either ground truth. */
interface Belonging {
  now: Uint8Array;
  before: Uint8Array;
}

/** `now` and `before` count the same expressions in the same order. Per expression, whatever the unit is. */
export function* correctionShares(
  now: Known,
  before: Known,
): Pieces<Pick<CorrectionEffect, 'errors' | 'agreement'>> {
  const errors: { mark: ErrorMark; belonging: Belonging }[] = [];
  for (const [index, run] of now.counted.table.runs.entries()) {
    const earlier = before.counted.table.runs[index];
    if (!earlier) continue;
    yield;
    const verdicts = verdictsOf(now.counted, now.facts, run);
    const were = verdictsOf(before.counted, before.facts, earlier);
    yield;
    const { runId } = run;
    errors.push(
      ...errorTypes.map((name) => ({
        mark: { runId, of: 'type' as const, name },
        belonging: belongingTo(name, verdicts.types, were.types),
      })),
      ...errorStages.map((name) => ({
        mark: { runId, of: 'stage' as const, name },
        belonging: belongingTo(name, verdicts.stages, were.stages),
      })),
    );
  }
  yield;
  const [right, wasRight] = [rightSets(now.counted), rightSets(before.counted)];
  const sets = [...new Set([0, ...right, ...wasRight])].sort((a, b) => a - b);
  const { runs } = now.counted.table;
  const shares = [
    { now: right.map(Boolean), before: wasRight.map(Boolean) },
    ...sets.map((set) => ({
      now: right.map((own) => own === set),
      before: wasRight.map((own) => own === set),
    })),
  ].map(({ now: own, before: was }): Belonging => ({
    now: Uint8Array.from(own, Number),
    before: Uint8Array.from(was, Number),
  }));

  const some = errors.filter(({ belonging }) => belonging.now.includes(1) || belonging.before.includes(1));
  yield;
  const effects = yield* effectsOf(now.counted, [...some.map(({ belonging }) => belonging), ...shares]);
  const nothing: ShareEffect = { original: 0, now: 0, difference: { value: 0, low: 0, high: 0 } };
  const at = (place: number) => effects[place] ?? nothing;
  return {
    errors: some.map(({ mark }, place) => ({ ...mark, ...at(place) })),
    agreement: {
      oracle: at(some.length),
      sets: sets.map((set, place) => ({
        runIds: runs.flatMap(({ runId }, index) => (set & (1 << index) ? [runId] : [])),
        ...at(some.length + 1 + place),
      })),
    },
  };
}

function belongingTo(
  name: string,
  now: readonly (string | null)[],
  before: readonly (string | null)[],
): Belonging {
  return {
    now: Uint8Array.from(now, (one) => Number(one === name)),
    before: Uint8Array.from(before, (one) => Number(one === name)),
  };
}

/** For each row the runs that are right, one bit a run. */
function rightSets({ table, rows, counting }: Counted): number[] {
  return Array.from(rows, (row) =>
    table.runs.reduce(
      (bits, { iou }, index) => bits | (reaches(iou[row] ?? 0, 0.5, counting.comparator) ? 1 << index : 0),
      0,
    ),
  );
}

/** The shares, and their differences by resampling images; all from the same draws. */
function* effectsOf({ table, rows }: Counted, belongings: readonly Belonging[]): Pieces<ShareEffect[]> {
  const { index, count: images } = imagesOf(table.imageIds, rows);
  const perImage = (of: (position: number) => number) => {
    const sums = new Float64Array(images);
    index.forEach((image, position) => (sums[image] = (sums[image] ?? 0) + of(position)));
    return sums;
  };
  const changes: Float64Array[] = [];
  for (const { now, before } of belongings) {
    changes.push(perImage((position) => (now[position] ?? 0) - (before[position] ?? 0)));
    yield;
  }
  // What did not change has no spread.
  const changed = changes.filter((column) => column.some((change) => change !== 0));
  const sums = yield* resampleSums([...changed, perImage(() => 1)], images, {
    draws: changed.length > 0 ? bootstrapDraws : 0,
  });
  const drawn = new Map(changed.map((column, place) => [column, sums[place] ?? new Float64Array(0)]));
  const counts = sums.at(-1) ?? new Float64Array(0);
  const share = (flags: Uint8Array) => flags.reduce((sum, one) => sum + one, 0) / rows.length;
  return belongings.map(({ now, before }, place): ShareEffect => {
    const [current, original] = [share(now), share(before)];
    const column = drawn.get(changes[place] ?? new Float64Array(0));
    const difference: Estimate = column
      ? estimateFrom(current - original, ratioSamples(column, counts))
      : { value: 0, low: 0, high: 0 };
    return { original, now: current, difference };
  });
}
