import { defineStore } from 'pinia';
import { computed, ref, watch } from 'vue';
import { recall, remember } from '../composables/memory';
import { subjects, type Subject } from '../composables/useMethodColours';
import { clampDivider } from '../canvas/kernels/swipe';
import { useAnswers } from './inspect-answers';
import { useQuestion } from './inspect-question';

function isSubject(value: unknown): value is Subject {
  return subjects.some((subject) => subject === value);
}

/** What is compared: which subjects have a pane of their own, and which two lie on either side of the swipe's line. */
export const useCompare = defineStore('inspect-compare', () => {
  const question = useQuestion();
  const answers = useAnswers();

  const remembered = recall('inspect-panes');
  const chosen = ref<readonly Subject[]>(
    Array.isArray(remembered) && remembered.some(isSubject) ? remembered.filter(isSubject) : [...subjects],
  );
  watch(chosen, (panes) => remember('inspect-panes', panes));

  /** To a question there is no ground truth: the box of the dataset's expression would mislead. */
  const possible = computed(() =>
    subjects.filter((subject) =>
      subject === 'ground-truth'
        ? !question.isShown
        : answers.answers.some((answer) => answer.method === subject),
    ),
  );
  /** One to four, in the order of all subjects. */
  const panes = computed(() => {
    const shown = possible.value.filter((subject) => chosen.value.includes(subject));
    return shown.length > 0 ? shown : possible.value.slice(-1);
  });

  /** The last pane stays: an empty stage says nothing. */
  function togglePane(subject: Subject) {
    const without = chosen.value.filter((each) => each !== subject);
    chosen.value = chosen.value.includes(subject)
      ? possible.value.some((each) => without.includes(each))
        ? without
        : chosen.value
      : [...chosen.value, subject];
  }

  const left = ref<Subject>('ground-truth');
  const right = ref<Subject>('risclip');
  /** Share of the stage's width. */
  const divider = ref(0.5);

  const swiped = computed<[Subject, Subject]>(() => {
    const [first, second] = [left.value, right.value].map((side) =>
      possible.value.includes(side) ? side : null,
    );
    const spare = possible.value.find((subject) => subject !== second) ?? 'yolo-clip';
    return [first ?? spare, second ?? 'risclip'];
  });

  function moveDivider(share: number) {
    divider.value = clampDivider(share);
  }

  return { possible, panes, togglePane, left, right, divider, swiped, moveDivider };
});
