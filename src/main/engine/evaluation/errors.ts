/** Why answers are wrong: exclusive types, and the stage of the method that is to blame (METHODS H). */
import {
  errorStages,
  errorTypes,
  localisationErrors,
  type AnswerVerdict,
  type ErrorShare,
  type ErrorStage,
  type ErrorType,
  type LocalisationError,
  type MethodId,
  type RunErrors,
} from '../../../common/contract';
import { boxArea } from '../../../common/geometry/boxes';
import { boxIou, intersectionArea } from '../../../common/geometry/iou';
import type { ImageBox } from '../../../common/geometry/types';
import type { Counted } from './evaluate';
import type { AnnotatedObject, Facts } from './facts';
import { boxAt, reaches, type RunColumns } from './table';

/** Overlap below which a box has nothing to do with an object (TIDE's background threshold). */
const touching = 0.1;
const hitting = 0.5;
/** A box covers an object, or lies inside it, from this share of the area on. */
const covering = 0.8;

/** An answer with what it could have been mistaken for. */
export interface Mistake {
  box: ImageBox | null;
  iou: number;
  right: boolean;
  truth: ImageBox;
  category: string;
  text: string;
  /** The other annotated objects of the image. */
  others: readonly AnnotatedObject[];
}

export function errorType({ box, iou, right, category, text, others }: Mistake): ErrorType {
  if (right) return 'right';
  if (box === null) return 'no-prediction';
  const overlaps = others.map((object) => ({ object, iou: boxIou(box, object.box) }));
  const best = overlaps.reduce((most, one) => (one.iou > most.iou ? one : most), { object: null, iou: 0 } as {
    object: AnnotatedObject | null;
    iou: number;
  });
  if (iou >= touching && iou >= best.iou) return 'poor-localisation';
  if (best.object && best.iou >= hitting) {
    if (best.object.category === category) return 'wrong-instance';
    return names(text, best.object.category) ? 'landmark' : 'wrong-category';
  }
  return Math.max(iou, best.iou) < touching ? 'background' : 'other';
}

/** Whether an expression has the word for a category in it. */
function names(text: string, category: string): boolean {
  const word = category.trim().toLowerCase();
  return word !== '' && ` ${text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ')} `.includes(` ${word} `);
}

/** How a box that touches the right object misses it. */
export function localisationError({ box, truth, others }: Mistake): LocalisationError {
  if (box === null) return 'shifted';
  const share = (of: ImageBox) => intersectionArea(box, of) / boxArea(of);
  if (share(truth) >= covering) {
    return others.some((one) => share(one.box) >= covering) ? 'covers-several' : 'too-big';
  }
  return intersectionArea(box, truth) / boxArea(box) >= covering ? 'too-small' : 'shifted';
}

/** What the method could have answered. */
export interface WithinReach {
  method: MethodId;
  /** The best IoU that any choice among what the method had in hand reaches. */
  attainableIou: number;
  /** Whether the highest point of the method's map lies in the true box. */
  pointInside: boolean;
}

/** Everything said of one answer. */
export function verdictOf(mistake: Mistake, reach: WithinReach): AnswerVerdict {
  const type = errorType(mistake);
  return {
    type,
    localisation: type === 'poor-localisation' ? localisationError(mistake) : null,
    stage: type === 'right' ? null : errorStage(reach),
  };
}

/**
 * The stage whose oracle would have made a wrong answer right: the last stage where something right was within its
 * reach, else the stage before where the first one did its part, else the first. null: its stages are not known.
 */
export function errorStage({ method, attainableIou, pointInside }: WithinReach): ErrorStage | null {
  const reachable = attainableIou >= hitting;
  const pointed = pointInside;
  switch (method) {
    case 'yolo-clip':
      return reachable ? 'ranking' : 'proposals';
    case 'blip-sam':
      return reachable ? 'mask-choice' : pointed ? 'sam' : 'heat-map';
    case 'risclip':
      return reachable ? 'threshold' : pointed ? 'refiner' : 'locator';
    case 'imported':
      return null;
  }
}

/** Type of each row that counts, sub-kind of those that are badly localised, and stage of those that are wrong. */
export interface Verdicts {
  types: ErrorType[];
  localisation: (LocalisationError | null)[];
  stages: (ErrorStage | null)[];
}

/** In the order of the rows that count. */
export function verdictsOf({ table, rows, counting }: Counted, facts: Facts, run: RunColumns): Verdicts {
  const verdicts: Verdicts = { types: [], localisation: [], stages: [] };
  for (const row of rows) {
    const truth = boxAt(table.truth, row);
    if (!truth) continue;
    const iou = run.iou[row] ?? 0;
    const objects = facts.objects.get(table.imageIds[row] ?? 0) ?? [];
    const mistake: Mistake = {
      box: boxAt(run.boxes, row),
      iou,
      right: reaches(iou, hitting, counting.comparator),
      truth,
      category: table.categories[row] ?? '',
      text: facts.texts[row] ?? '',
      others: objects.filter(({ referentId }) => referentId !== table.referentIds[row]),
    };
    const { type, localisation, stage } = verdictOf(mistake, {
      method: run.method,
      attainableIou: run.attainableIou[row] ?? 0,
      pointInside: run.pointInside[row] === 1,
    });
    verdicts.types.push(type);
    verdicts.localisation.push(localisation);
    verdicts.stages.push(stage);
  }
  return verdicts;
}

/** Per expression, whatever the unit is: errors are counted, not averaged. */
export function errorsOf(counted: Counted, facts: Facts, run: RunColumns): RunErrors {
  const { types, localisation, stages } = verdictsOf(counted, facts, run);
  const count = types.length;
  const right = types.filter((type) => type === 'right').length;
  function shares<Name extends string>(
    names: readonly Name[],
    found: readonly (Name | null)[],
  ): ErrorShare<Name>[] {
    return names.map((name) => {
      const own = found.filter((one) => one === name).length;
      const fixed = name === 'right' ? right : right + own;
      return { name, count: own, share: own / count, accuracyIfFixed: fixed / count };
    });
  }
  const kinds = types.map((_, position) => counted.table.kinds[counted.rows[position] ?? 0] ?? '');
  const isOf = (stage: { count: number }) => stage.count > 0;
  return {
    runId: run.runId,
    count,
    accuracy50: right / count,
    types: shares(errorTypes, types),
    localisation: shares(localisationErrors, localisation),
    stages: shares(errorStages, stages).filter(isOf),
    flows: flowsBetween(kinds, types).map(({ from, to, count: own }) => ({
      kind: from,
      type: to,
      count: own,
    })),
    stageFlows: flowsBetween(types, stages).flatMap(({ from, to, count: own }) =>
      to === null ? [] : [{ type: from, stage: to, count: own }],
    ),
  };
}

/** How often each value of the first goes with each of the second. */
function flowsBetween<From extends string, To extends string | null>(
  first: readonly From[],
  second: readonly To[],
): { from: From; to: To; count: number }[] {
  const flows = new Map<string, { from: From; to: To; count: number }>();
  first.forEach((from, position) => {
    const to = second[position] as To;
    const key = JSON.stringify([from, to]);
    const flow = flows.get(key) ?? { from, to, count: 0 };
    flow.count += 1;
    flows.set(key, flow);
  });
  return [...flows.values()];
}
