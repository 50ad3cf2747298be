import { defineStore } from 'pinia';
import { computed, ref } from 'vue';
import { methodNames, type Change, type MethodId } from '../../common/contract';
import type { ImageBox, RunLengthMask } from '../../common/geometry/types';
import { api } from '../api/client';
import { openExpression } from '../router';
import { useCorrections } from './corrections';
import { useInspect } from './inspect';
import { useDropped } from './inspect-dropped';
import { useNotices } from './notices';
import { useQuestion } from './inspect-question';

type Addition = Extract<Change, { kind: 'add-expression' }>;

/** What a new expression can mean. */
export interface AdditionTarget {
  key: string;
  name: string;
  method: MethodId | null;
  box: ImageBox | null;
  mask: RunLengthMask | null;
  /** An object that is annotated already. */
  referentId: number | null;
}

const nothing: AdditionTarget = {
  key: 'nothing',
  name: 'Nothing in the picture',
  method: null,
  box: null,
  mask: null,
  referentId: null,
};

/** Makes a question an expression of a dataset, with what it means. The person says which; no answer does by itself. */
export const useAddition = defineStore('inspect-addition', () => {
  const inspect = useInspect();
  const corrections = useCorrections();
  const dropped = useDropped();
  const question = useQuestion();

  const isOpen = ref(false);
  const text = ref('');
  const targetKey = ref('');
  const isSaving = ref(false);
  const failure = ref<unknown>(null);

  const isPossible = computed(() => question.asked !== null && !question.isAsking);

  const targets = computed<AdditionTarget[]>(() => {
    const answered = (question.asked?.answers ?? []).flatMap((answer): AdditionTarget[] =>
      answer.ok && answer.prediction.box
        ? [
            {
              key: answer.method,
              name: `The answer of ${methodNames[answer.method]}`,
              method: answer.method,
              box: answer.prediction.box,
              mask: answer.prediction.mask,
              referentId: null,
            },
          ]
        : [],
    );
    return [...answered, ...annotated(), nothing];
  });
  const target = computed(() => targets.value.find(({ key }) => key === targetKey.value) ?? nothing);

  /** The objects of the dataset's image; a dropped one has none. */
  function annotated(): AdditionTarget[] {
    const detail = corrections.shown;
    if (dropped.held || !detail) return [];
    const own = detail.groundTruth;
    const objects = [...(own ? [own] : []), ...detail.otherObjects];
    return objects.map(({ referentId, category, box }) => ({
      key: `object-${referentId}`,
      name: `Annotated: ${category || 'an object'}${referentId === own?.referentId ? ' (of this expression)' : ''}`,
      method: null,
      box,
      mask: referentId === own?.referentId ? own.mask : null,
      referentId,
    }));
  }

  function open() {
    if (!question.asked) return;
    text.value = question.asked.text;
    targetKey.value = targets.value[0]?.key ?? 'nothing';
    failure.value = null;
    isOpen.value = true;
  }

  function referentOf({ box, mask, referentId }: AdditionTarget): Addition['referent'] {
    if (referentId !== null) return { referentId };
    return box ? { box, mask, source: 'accepted', runId: null } : null;
  }

  async function save() {
    const words = text.value.trim();
    const held = dropped.held;
    const referent = referentOf(target.value);
    if (words === '') return;
    if (!held) {
      const imageId = inspect.detail?.image.id;
      isOpen.value = false;
      if (imageId !== undefined)
        corrections.apply({ kind: 'add-expression', imageId, text: words, referent }, 'Add expression');
      return;
    }
    isSaving.value = true;
    try {
      const drawn = referent && 'box' in referent ? referent : null;
      const added = await api.dropped.add({
        heldId: held.heldId,
        text: words,
        referent: drawn && { box: drawn.box, mask: drawn.mask, source: 'accepted' },
      });
      isOpen.value = false;
      await openExpression(added.expressionId);
      useNotices().push({
        tone: 'success',
        message:
          'The image and its expression are in the dataset “Added images” now. Undo takes the expression out again.',
      });
    } catch (thrown) {
      failure.value = thrown;
    } finally {
      isSaving.value = false;
    }
  }

  return { isOpen, text, targetKey, targets, target, isPossible, isSaving, failure, open, save };
});
