import { defineStore } from 'pinia';
import { computed, ref, watch } from 'vue';
import type { ImageBox, ImagePoint } from '../../common/geometry/types';
import { boxesUnder, pickNext } from '../canvas/kernels/hit-test';
import { openExpression } from '../router';
import { useCorrections } from './corrections';
import { useInspect } from './inspect';
import { useQuestion } from './inspect-question';

/** An annotated object of the image, with the expressions that mean it. */
export interface ImageObject {
  referentId: number;
  category: string;
  box: ImageBox | null;
  expressions: { id: number; text: string }[];
  /** Whether the expression on the screen means it. */
  isOwn: boolean;
}

/** The objects of the image: one is picked, among overlapping ones by pressing again, and something is done with it. */
export const useObjects = defineStore('inspect-objects', () => {
  const inspect = useInspect();
  const corrections = useCorrections();
  const question = useQuestion();
  /** The referent that is picked; null: none. */
  const pickedId = ref<number | null>(null);
  /** Where the pointer is on the image; picking by key chooses among what lies there. */
  const pointer = ref<ImagePoint | null>(null);

  const objects = computed<ImageObject[]>(() => {
    const detail = corrections.shown;
    if (!detail || question.isShown) return [];
    const own = detail.groundTruth;
    const all = [...(own ? [own] : []), ...detail.otherObjects];
    return all.map(({ referentId, category, box }) => ({
      referentId,
      category,
      box,
      expressions: detail.siblings.filter((sibling) => sibling.referentId === referentId),
      isOwn: referentId === own?.referentId,
    }));
  });
  const picked = computed(
    () => objects.value.find(({ referentId }) => referentId === pickedId.value) ?? null,
  );
  const own = computed(() => objects.value.find(({ isOwn }) => isOwn) ?? null);
  const canChange = computed(() => inspect.isReady && !question.isShown);
  const canSplit = computed(() => canChange.value && (own.value?.expressions.length ?? 0) > 1);
  /** The picked one is another than the expression's. */
  const canRelate = computed(() => canChange.value && picked.value !== null && !picked.value.isOwn);

  function under(): number[] {
    const at = pointer.value;
    const boxes = objects.value.map(({ box }) => box);
    return at ? boxesUnder(boxes, at) : [];
  }

  function pickOf(order: readonly number[]) {
    const all = objects.value;
    const current = all.findIndex(({ referentId }) => referentId === pickedId.value);
    const next = pickNext(order, current < 0 ? null : current);
    pickedId.value = next === null ? null : (all[next]?.referentId ?? null);
  }

  /** The next object under the pointer, or of the whole image where the pointer is on none; round at the end. */
  function pick(step: 1 | -1) {
    const found = under();
    const order = found.length > 0 ? found : objects.value.map((_, index) => index);
    pickOf(step === 1 ? order : [...order].reverse());
  }

  /** As a click does it: only among what lies under it, and nothing is picked where nothing lies. */
  function pickUnder() {
    pickOf(under());
  }

  /** To the first expression that means the picked object, where there is one. */
  async function openPicked() {
    const first = picked.value?.expressions.find(({ id }) => id !== inspect.expressionId);
    if (first) await openExpression(first.id);
  }

  /** The expression means the picked object from now on. */
  function linkToPicked() {
    const detail = corrections.shown;
    if (!detail || !picked.value || !canRelate.value) return;
    const { referentId } = picked.value;
    corrections.apply(
      { kind: 'link-referent', expressionId: detail.id, referentId },
      'Choose another object',
    );
  }

  /** The picked object and the expression's are one and the same: the picked one's annotation goes. */
  function mergePicked() {
    if (!own.value || !picked.value || !canRelate.value) return;
    const [referentId, intoReferentId] = [picked.value.referentId, own.value.referentId];
    corrections.apply({ kind: 'merge-referents', referentId, intoReferentId }, 'Merge objects');
  }

  /** The expression gets an object of its own; those that shared it keep theirs. */
  function split() {
    const detail = corrections.shown;
    if (!detail || !canSplit.value) return;
    corrections.apply({ kind: 'split-referent', expressionId: detail.id }, 'Split referent');
  }

  watch(
    () => inspect.expressionId,
    () => (pickedId.value = null),
  );

  return {
    objects,
    picked,
    pickedId,
    pointer,
    own,
    canSplit,
    canRelate,
    pick,
    pickUnder,
    openPicked,
    linkToPicked,
    mergePicked,
    split,
  };
});
