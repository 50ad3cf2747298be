/** Expressions whose ground truth may be wrong, the most suspect first. Nothing here decides: a person looks. */
import type { Suspect, SuspectReason } from '../../../common/contract';
import { boxIou } from '../../../common/geometry/iou';
import type { ImageBox } from '../../../common/geometry/types';
import { itemsTogether, type Pieces } from '../jobs/pieces';
import type { Counted } from './evaluate';
import type { Facts } from './facts';
import { boxAt } from './table';

const same = 0.5;

/** Mean IoU of every two boxes; null where one is missing or two do not overlap enough to be of the same object. */
function agreementOf(boxes: readonly (ImageBox | null)[]): number | null {
  let [sum, pairs] = [0, 0];
  for (const [index, a] of boxes.entries()) {
    for (const b of boxes.slice(index + 1)) {
      const iou = a && b ? boxIou(a, b) : 0;
      if (iou < same) return null;
      sum += iou;
      pairs += 1;
    }
  }
  return pairs > 0 ? sum / pairs : null;
}

/**
 * Suspicion is the sum of: how much more the methods (two at least) agree with each other than with the ground truth,
 * where none of them is right; 1 where another object of the image has an expression of the same text; how far the
 * ground-truth box is from the extent of its mask, where their IoU is below 0.5. `maskBoxes`: that extent by row.
 */
export function* suspectsOf(
  { table, rows }: Counted,
  facts: Facts,
  maskBoxes: readonly (ImageBox | null)[],
  limit: number,
): Pieces<Suspect[]> {
  yield { begin: 'Looking for labels in question', total: rows.length };
  const sameText = yield* referentsOfTexts(table, facts, rows);
  const suspects: Suspect[] = [];
  for (const [position, row] of rows.entries()) {
    if (position % itemsTogether === 0) yield { done: Math.min(itemsTogether, rows.length - position) };
    const truth = boxAt(table.truth, row);
    if (!truth) continue;
    const reasons: SuspectReason[] = [];
    let suspicion = 0;
    let otherReferentId: number | null = null;
    const others = (facts.objects.get(table.imageIds[row] ?? 0) ?? []).filter(
      ({ referentId }) => referentId !== table.referentIds[row],
    );
    const ious = table.runs.map(({ iou }) => iou[row] ?? 0);
    const boxes = table.runs.map((run) => boxAt(run.boxes, row));
    const agreement = ious.every((iou) => iou < same) ? agreementOf(boxes) : null;
    if (agreement !== null) {
      reasons.push('methods-agree');
      suspicion += agreement - ious.reduce((sum, iou) => sum + iou, 0) / ious.length;
      const chosen = others.find(({ box }) => boxes.every((own) => own !== null && boxIou(own, box) >= same));
      otherReferentId = chosen?.referentId ?? null;
    }
    const twins = sameText.get(textKey(table.imageIds[row] ?? 0, facts.texts[row] ?? ''));
    const twin = [...(twins ?? [])].find((referentId) => referentId !== table.referentIds[row]);
    if (twin !== undefined) {
      reasons.push('same-text');
      suspicion += 1;
      otherReferentId ??= twin;
    }
    const extent = maskBoxes[row];
    if (extent) {
      const fit = boxIou(truth, extent);
      if (fit < same) {
        reasons.push('box-off-mask');
        suspicion += 1 - fit;
      }
    }
    if (reasons.length > 0) {
      suspects.push({
        expressionId: table.expressionIds[row] ?? 0,
        text: facts.texts[row] ?? '',
        suspicion,
        reasons,
        otherReferentId,
      });
    }
  }
  return suspects
    .sort((a, b) => b.suspicion - a.suspicion || a.expressionId - b.expressionId)
    .slice(0, limit);
}

const textKey = (imageId: number, text: string) => `${imageId} ${text.trim().toLowerCase()}`;

/** The referents that each text of each image is said to mean. */
function* referentsOfTexts(
  table: Counted['table'],
  facts: Facts,
  rows: Counted['rows'],
): Pieces<Map<string, Set<number>>> {
  const referents = new Map<string, Set<number>>();
  for (const [position, row] of rows.entries()) {
    if (position % itemsTogether === 0) yield;
    const key = textKey(table.imageIds[row] ?? 0, facts.texts[row] ?? '');
    const known = referents.get(key) ?? new Set<number>();
    known.add(table.referentIds[row] ?? 0);
    referents.set(key, known);
  }
  return referents;
}
