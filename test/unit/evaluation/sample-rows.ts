/** Tables of an evaluation from rows as they are easy to write down. */
import type { MethodId } from '../../../src/common/contract';
import type { ImageBox } from '../../../src/common/geometry/types';
import type { Measurement } from '../../../src/main/engine/evaluation/rows';
import { emptyRun, type EvaluationTable, type MeasuredName } from '../../../src/main/engine/evaluation/table';

export interface SampleRow extends Partial<Measurement> {
  expressionId: number;
  referentId: number;
  imageId: number;
  kind?: string;
  category?: string;
  chance?: number | null;
  predicted?: boolean;
  answered?: boolean;
  score?: number | null;
  giou?: number | null;
  centreInside?: boolean;
  truth?: ImageBox;
  box?: ImageBox | null;
}

function sidesOf(box: ImageBox | null | undefined): number[] | null {
  return box ? [box.x, box.y, box.width, box.height] : null;
}

/** `runs`: each run's rows, all of the same expressions in the same order. */
export function tableOf(runs: readonly { method: MethodId; rows: readonly SampleRow[] }[]): EvaluationTable {
  const rows = runs[0]?.rows ?? [];
  const asNumber = (value: number | boolean | null | undefined) =>
    value === null || value === undefined ? Number.NaN : Number(value);
  return {
    count: rows.length,
    expressionIds: Int32Array.from(rows, (row) => row.expressionId),
    referentIds: Int32Array.from(rows, (row) => row.referentId),
    imageIds: Int32Array.from(rows, (row) => row.imageId),
    kinds: rows.map((row) => row.kind ?? ''),
    categories: rows.map((row) => row.category ?? ''),
    truth: Float64Array.from(rows.flatMap(({ truth }) => sidesOf(truth) ?? [0, 0, 0, 0])),
    chance: Float64Array.from(rows, (row) => asNumber(row.chance)),
    runs: runs.map(({ method, rows: own }, index) => {
      const run = emptyRun(index + 1, method, own.length);
      own.forEach((row, position) => {
        run.predicted[position] = Number(row.predicted ?? true);
        run.answered[position] = Number(row.answered ?? true);
        run.score[position] = asNumber(row.score);
        run.boxes.set(sidesOf(row.box) ?? [], 4 * position);
        const names: (MeasuredName & keyof SampleRow)[] = [
          'iou',
          'giou',
          'centreInside',
          'maskIntersection',
          'maskUnion',
          'boundaryF',
          'bestProposalIou',
          'rankBySimilarity',
          'rankByScore',
          'pointInside',
          'energyInBox',
          'energyInMask',
          'mapAuc',
          'attainableIou',
        ];
        for (const name of names) run[name][position] = asNumber(row[name]);
      });
      return run;
    }),
  };
}

export function allRows(table: EvaluationTable): Int32Array {
  return Int32Array.from({ length: table.count }, (_, row) => row);
}
