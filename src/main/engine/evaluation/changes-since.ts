/** What of a saved evaluation's rows is otherwise today: none of it enters its numbers, and all of it is told. */
import type { SavedChange, SavedChangeKind } from '../../../common/contract';
import type { Pieces } from '../jobs/pieces';
import type { Chosen } from './choose';
import type { AnnotatedObject } from './facts';
import type { EvaluationSource } from './rows';
import type { EvaluationTable, RunColumns } from './table';

/** A row then and the same expression's row now. */
interface Pair {
  then: number;
  now: number;
}

/** `now`: the runs that are left, on the workspace as it is; null: none is, or nothing counts any more. */
export function* changesSince(
  then: Chosen<'facts'>,
  now: Chosen<'facts'> | null,
  source: Pick<EvaluationSource, 'truthsChangedSince'>,
): Pieces<SavedChange[]> {
  const present = new Set(now?.runs.map(({ id }) => id));
  const gone = then.runs
    .filter(({ id }) => !present.has(id))
    .map(({ id, packName }): SavedChange => ({
      kind: 'run-removed',
      count: 1,
      about: `run ${id}, ${packName}`,
    }));
  if (now === null) return gone;
  const pairs = pairsOf(then.counted.table, now.counted.table);
  const changes: SavedChange[] = [];
  const tell = (kind: SavedChangeKind, count: number, about = '') => {
    if (count > 0) changes.push({ kind, count, about });
  };
  const differing = (of: (chosen: Chosen<'facts'>) => readonly unknown[]) => {
    const [was, is] = [of(then), of(now)];
    return pairs.filter((pair) => was[pair.then] !== is[pair.now]).length;
  };
  tell('added', now.counted.table.count - pairs.length);
  tell('removed', then.counted.table.count - pairs.length);
  yield;
  if (!then.selection.original)
    tell('ground-truth', source.truthsChangedSince(now.selection, then.selection.revision));
  yield;
  tell('objects', otherObjects(then, now));
  yield;
  tell(
    'texts',
    differing((chosen) => chosen.facts.texts),
  );
  yield;
  tell(
    'kinds',
    differing(({ counted }) => counted.table.kinds),
  );
  yield;
  tell(
    'categories',
    differing(({ counted }) => counted.table.categories),
  );
  yield;
  tell(
    'splits',
    differing((chosen) => chosen.facts.splits),
  );
  yield;
  tell(
    'attributes',
    differing((chosen) => chosen.facts.attributes.map((attributes) => JSON.stringify(attributes))),
  );
  yield;
  tell(
    'review-states',
    differing((chosen) => chosen.facts.reviewStates),
  );
  yield;
  tell(
    'failure-labels',
    differing((chosen) => chosen.facts.failureLabels),
  );
  changes.push(...viewChanges(then, now));
  for (const [index, run] of now.counted.table.runs.entries()) {
    yield;
    const earlier = then.counted.table.runs.find(({ runId }) => runId === run.runId);
    if (!earlier) continue;
    const others = pairs.filter((pair) => isOtherAnswer(earlier, run, pair)).length;
    tell('answers', others, `run ${run.runId}, ${now.runs[index]?.packName}`);
  }
  return [...changes, ...gone];
}

/** Both tables are in order of the expressions' ids. */
function pairsOf(then: EvaluationTable, now: EvaluationTable): Pair[] {
  const rows = new Map(Array.from(now.expressionIds, (id, row) => [id, row]));
  return Array.from(then.expressionIds).flatMap((id, row): Pair[] => {
    const found = rows.get(id);
    return found === undefined ? [] : [{ then: row, now: found }];
  });
}

function isOtherAnswer(was: RunColumns, is: RunColumns, { then, now }: Pair): boolean {
  if (was.predicted[then] !== is.predicted[now]) return true;
  if (!Object.is(was.score[then], is.score[now])) return true;
  return [0, 1, 2, 3].some((side) => !Object.is(was.boxes[4 * then + side], is.boxes[4 * now + side]));
}

/** Images whose annotated objects are not the same ones, with the same boxes and categories. */
function otherObjects(then: Chosen<'facts'>, now: Chosen<'facts'>): number {
  const [was, is] = [then.facts.objects, now.facts.objects];
  const images = new Set([...then.counted.table.imageIds, ...now.counted.table.imageIds]);
  const words = (objects: readonly AnnotatedObject[] = []) => JSON.stringify(objects);
  let others = 0;
  for (const image of images) if (words(was.get(image)) !== words(is.get(image))) others += 1;
  return others;
}

function viewChanges(then: Chosen<'facts'>, now: Chosen<'facts'>): SavedChange[] {
  const views = now.facts.views;
  return then.facts.views.flatMap(({ id, name, expressionIds }): SavedChange[] => {
    const view = views.find((one) => one.id === id);
    if (!view) return [{ kind: 'view-removed', count: 1, about: name }];
    const count = Array.from(then.counted.table.expressionIds).filter(
      (one) => expressionIds.has(one) !== view.expressionIds.has(one),
    ).length;
    return count > 0 ? [{ kind: 'view', count, about: name }] : [];
  });
}
