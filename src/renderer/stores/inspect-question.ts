import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import { ownMethodIds, type Answer } from '../../common/contract';
import { api } from '../api/client';
import { useInspect } from './inspect';

/** A free question to the image on the screen. Its answers stand in for the stored ones until one goes back. */
export const useQuestion = defineStore('inspect-question', () => {
  const inspect = useInspect();
  const text = ref('');
  const asked = shallowRef<{ text: string; answers: Answer[] } | null>(null);
  const isAsking = ref(false);
  const failure = shallowRef<unknown>(null);
  let sequence = 0;

  const isShown = computed(() => asked.value !== null);

  async function ask() {
    const image = inspect.detail?.image;
    const question = text.value.trim();
    if (!image || question === '') return;
    const own = (sequence += 1);
    isAsking.value = true;
    failure.value = null;
    try {
      const answers = await api.expressions.ask({
        imageId: image.id,
        text: question,
        methods: [...ownMethodIds],
      });
      if (own === sequence) asked.value = { text: question, answers };
    } catch (thrown) {
      if (own === sequence) failure.value = thrown;
    } finally {
      if (own === sequence) isAsking.value = false;
    }
  }

  /** Back to the dataset's own expression. An answer that is still on its way is no longer wanted. */
  function leave() {
    sequence += 1;
    asked.value = null;
    isAsking.value = false;
    failure.value = null;
  }

  watch(
    () => inspect.expressionId,
    () => {
      leave();
      text.value = '';
    },
  );

  return { text, asked, isAsking, isShown, failure, ask, leave };
});
