import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import { ownMethodIds, type Answer, type OwnMethodId } from '../../common/contract';
import { api } from '../api/client';
import { recall, remember } from '../composables/memory';
import { useDrafts } from './drafts';
import { useInspect } from './inspect';
import { useDropped } from './inspect-dropped';
import { useStage, type StagePicture } from './inspect-stage';

/** One question with its answers, as long as the window is open. */
export interface AskedQuestion {
  readonly text: string;
  /** Of the picture that it was asked about. */
  readonly pictureKey: string;
  readonly answers: Answer[];
}

/** Answers hold maps and masks; older ones are asked again where they are wanted. */
const mostAnswered = 40;
const mostTexts = 50;

function rememberedTexts(): string[] {
  const texts = recall('asked-texts');
  return Array.isArray(texts) ? texts.filter((text): text is string => typeof text === 'string') : [];
}

/** A free question to the picture on the stage. Its answers stand in for the stored ones until one goes back. */
export const useQuestion = defineStore('inspect-question', () => {
  const inspect = useInspect();
  const dropped = useDropped();
  const stage = useStage();
  const drafts = useDrafts();
  const text = ref('');
  const asked = shallowRef<AskedQuestion | null>(null);
  const isAsking = ref(false);
  const failure = shallowRef<unknown>(null);
  /** Newest first. */
  const answered = shallowRef<readonly AskedQuestion[]>([]);
  /** What was asked before, also before the last start; newest first. */
  const texts = shallowRef<readonly string[]>(rememberedTexts());
  let sequence = 0;

  /** Whether the stage shows something else than the dataset's expression: to a question there is no ground truth. */
  const isShown = computed(() => asked.value !== null || dropped.held !== null);
  /** What was asked about this picture since the window opened. */
  const history = computed(() =>
    answered.value.filter(({ pictureKey }) => pictureKey === stage.picture?.key),
  );

  async function ask() {
    const picture = stage.picture;
    const question = text.value.trim();
    if (!picture || question === '') return;
    const known = history.value.find((each) => each.text === question);
    if (known) {
      show(known);
      return;
    }
    const own = (sequence += 1);
    isAsking.value = true;
    failure.value = null;
    noteText(question);
    try {
      let made: AskedQuestion = { text: question, pictureKey: picture.key, answers: [] };
      // One after the other, each shown as soon as it is there.
      for (const method of ownMethodIds) {
        const answers = [...made.answers, ...(await askMethod(picture.reference, question, method))];
        if (own !== sequence) return;
        made = { ...made, answers };
        asked.value = made;
      }
      const { answers } = made;
      // What failed is asked again the next time.
      if (answers.every((answer) => answer.ok)) {
        answered.value = [made, ...answered.value].slice(0, mostAnswered);
      }
    } catch (thrown) {
      if (own === sequence) failure.value = thrown;
    } finally {
      if (own === sequence) isAsking.value = false;
    }
  }

  function askMethod(
    reference: StagePicture['reference'],
    question: string,
    method: OwnMethodId,
  ): Promise<Answer[]> {
    const given = { text: question, methods: [method] };
    return 'heldId' in reference
      ? api.dropped.ask({ ...reference, ...given })
      : api.expressions.ask({ ...reference, ...given });
  }

  /** Answers that are there already, at once. */
  function show(question: AskedQuestion) {
    sequence += 1;
    isAsking.value = false;
    failure.value = null;
    text.value = question.text;
    asked.value = question;
    noteText(question.text);
  }

  function noteText(question: string) {
    texts.value = [question, ...texts.value.filter((each) => each !== question)].slice(0, mostTexts);
    remember('asked-texts', texts.value);
  }

  /** The text before or after the one in the field, as a command line has it. */
  function recallText(step: 1 | -1) {
    const index = texts.value.indexOf(text.value.trim()) + step;
    text.value = index < 0 ? '' : (texts.value[index] ?? text.value);
  }

  /** Back to the dataset's own expression. An answer that is still on its way is no longer wanted. */
  function leave() {
    sequence += 1;
    asked.value = null;
    isAsking.value = false;
    failure.value = null;
    dropped.letGo();
  }

  /** Where what is typed and not asked yet is kept; a picture that was dropped is gone after a restart. */
  const draftKey = computed(() =>
    dropped.held || inspect.expressionId === null ? null : `ask:${inspect.expressionId}`,
  );
  watch([text, asked], () => {
    if (draftKey.value !== null) drafts.put(draftKey.value, text.value, asked.value?.text);
  });

  watch(
    () => inspect.expressionId,
    () => {
      leave();
      text.value = (draftKey.value !== null && drafts.of(draftKey.value)) || '';
    },
    { flush: 'sync' },
  );
  watch(
    () => dropped.held,
    (held) => {
      if (!held) return;
      sequence += 1;
      isAsking.value = false;
      asked.value = null;
      failure.value = null;
      text.value = '';
    },
  );

  return {
    text,
    asked,
    isAsking,
    isShown,
    failure,
    history,
    texts,
    ask,
    show,
    recallText,
    leave,
  };
});
