import { defineStore } from 'pinia';
import { computed, ref, watch } from 'vue';
import {
  methodIds,
  ownMethodIds,
  type AnswerVerdict,
  type Evidence,
  type MethodId,
  type Prediction,
  type Proposal,
} from '../../common/contract';
import { boxIou } from '../../common/geometry/iou';
import type { ImagePoint } from '../../common/geometry/types';
import { boxesUnder, pickNext } from '../canvas/kernels/hit-test';
import { useCorrections } from './corrections';
import { useEditor } from './corrections-editor';
import { useInspect } from './inspect';
import { useLayers } from './inspect-layers';
import { useQuestion } from './inspect-question';
import { useRuns } from './runs';

/** What one method says about the expression, or the question, on the screen. */
export interface ShownAnswer {
  method: MethodId;
  /** null: not predicted yet, or failed. */
  prediction: Prediction | null;
  /** The stored run it comes from; null for the answer to a question. */
  runId: number | null;
  /** Against the ground truth as shown, gesture included; null where there is nothing to measure. */
  iou: number | null;
  maskIou: number | null;
  /** What is wrong with it and where that arose; null where nothing can be said, or while the ground truth changes. */
  verdict: AnswerVerdict | null;
  problem: { message: string; hint: string } | null;
  /** The text it answers, where the expression has been edited since; else null. */
  outdatedText: string | null;
  milliseconds: number | null;
}

export type EvidenceOf<Method extends MethodId> = Extract<Evidence, { method: Method }>;

function totalMilliseconds(prediction: Prediction): number | null {
  if (prediction.timings.length === 0) return null;
  return prediction.timings.reduce((sum, timing) => sum + timing.milliseconds, 0);
}

/** The answers on the screen: those of the runs, or those to a question. */
export const useAnswers = defineStore('inspect-answers', () => {
  const inspect = useInspect();
  const question = useQuestion();
  const runs = useRuns();
  const corrections = useCorrections();
  const editor = useEditor();
  const layers = useLayers();

  /** The proposal that list and canvas mark together; index in order of similarity. */
  const hoveredProposal = ref<number | null>(null);
  const chosenProposal = ref<number | null>(null);
  /** The candidate mask shown alone; null: all of them. */
  const hoveredCandidate = ref<number | null>(null);

  /** Whether the ground truth on the screen is not the one that the stored IoUs were measured against. */
  const isTruthChanging = computed(
    () => editor.draft !== null || corrections.shown?.groundTruth !== inspect.detail?.groundTruth,
  );

  function storedAnswer(method: MethodId): ShownAnswer {
    const stored = inspect.detail?.predictions.find((each) => each.method === method);
    if (!stored) {
      const failed = inspect.detail?.failures.find((each) => each.method === method);
      return { ...empty(method), problem: failed ? { message: failed.message, hint: '' } : null };
    }
    const changing = isTruthChanging.value;
    const iou = editor.box ? (stored.box ? boxIou(stored.box, editor.box) : 0) : null;
    return {
      method,
      prediction: stored,
      runId: stored.runId,
      iou: changing ? iou : stored.iou,
      maskIou: changing ? null : stored.maskIou,
      verdict: changing ? null : stored.verdict,
      problem: null,
      outdatedText: stored.answeredText === corrections.shown?.text ? null : stored.answeredText,
      milliseconds: totalMilliseconds(stored),
    };
  }

  function questionAnswer(method: MethodId): ShownAnswer {
    const answer = question.asked?.answers.find((each) => each.method === method);
    if (!answer) return empty(method);
    if (!answer.ok) return { ...empty(method), problem: { message: answer.message, hint: answer.hint } };
    return { ...empty(method), prediction: answer.prediction, milliseconds: answer.milliseconds };
  }

  function empty(method: MethodId): ShownAnswer {
    return {
      method,
      prediction: null,
      runId: null,
      iou: null,
      maskIou: null,
      verdict: null,
      problem: null,
      outdatedText: null,
      milliseconds: null,
    };
  }

  /** A method that answered elsewhere has a place only where its run is here, and answers no questions. */
  const answers = computed(() =>
    question.isShown
      ? ownMethodIds.map(questionAnswer)
      : methodIds.filter((method) => method !== 'imported' || runs.byMethod.get(method)).map(storedAnswer),
  );
  const hasAny = computed(() => answers.value.some((answer) => answer.prediction !== null));

  function evidence<Method extends MethodId>(method: Method): EvidenceOf<Method> | null {
    const found = answers.value.find((answer) => answer.method === method)?.prediction?.evidence;
    return found?.method === method ? (found as EvidenceOf<Method>) : null;
  }

  const proposals = computed<Proposal[]>(() => evidence('yolo-clip')?.proposals ?? []);

  /** Those that are seen at this point of the picture, smallest first. */
  function proposalsAt(point: ImagePoint | null): number[] {
    if (!point || layers.opacityOf('proposals') === 0) return [];
    return boxesUnder(
      proposals.value.map(({ box }) => box),
      point,
    );
  }
  /** The picture points at the smallest proposal there. */
  function hoverProposalAt(point: ImagePoint | null) {
    hoveredProposal.value = proposalsAt(point)[0] ?? null;
  }
  /** Pressing again on the same place goes on to the next one there; false where there is none. */
  function chooseProposalAt(point: ImagePoint | null): boolean {
    const under = proposalsAt(point);
    if (under.length > 0) chosenProposal.value = pickNext(under, chosenProposal.value);
    return under.length > 0;
  }

  /** Walks the ranked proposals; round at the ends. */
  function stepProposal(step: 1 | -1) {
    const count = proposals.value.length;
    if (count === 0) return;
    const from = chosenProposal.value ?? (step > 0 ? -1 : 0);
    chosenProposal.value = (from + step + count) % count;
  }

  watch([() => inspect.expressionId, () => question.asked], () => {
    hoveredProposal.value = null;
    chosenProposal.value = null;
    hoveredCandidate.value = null;
  });

  return {
    answers,
    hasAny,
    proposals,
    hoveredProposal,
    chosenProposal,
    hoveredCandidate,
    evidence,
    hoverProposalAt,
    chooseProposalAt,
    stepProposal,
  };
});
