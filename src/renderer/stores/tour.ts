import { defineStore } from 'pinia';
import { computed, ref } from 'vue';
import { api } from '../api/client';
import { goTo } from '../router';
import { usePanels } from './inspect-panels';

export interface TourStep {
  title: string;
  text: string;
  /** Actions whose keys the text is about. */
  actions: readonly { id: string; does: string }[];
  /** Leads to the screen that the text is about. */
  lead(): Promise<unknown>;
}

async function leadToPanel(panel: 'evidence' | 'correct') {
  await goTo('inspect');
  await usePanels().show(panel);
}

const steps: readonly TourStep[] = [
  {
    title: 'Browse',
    text: 'Every expression with what each method made of it. Filter on the left, or type a query such as kind:relation risclip:wrong.',
    actions: [
      { id: 'browse.focus-search', does: 'to search' },
      { id: 'browse.open-current', does: 'to open one' },
    ],
    lead: () => goTo('browse'),
  },
  {
    title: 'Inspect',
    text: 'One picture, its ground truth and the three answers, with the evidence behind each: proposals, heat map, masks, Locator map. Ask about any other words.',
    actions: [
      { id: 'inspect.next', does: 'for the next' },
      { id: 'inspect.ask', does: 'to ask' },
    ],
    lead: () => leadToPanel('evidence'),
  },
  {
    title: 'Label and correct',
    text: 'Name failures with one key; accept an answer, drag the box or let SAM cut out the object. Every change is kept, and can be taken back even after a restart.',
    actions: [
      { id: 'correct.edit-box', does: 'to edit the box' },
      { id: 'correct.undo', does: 'to take back' },
    ],
    lead: () => leadToPanel('correct'),
  },
  {
    title: 'Evaluate and report',
    text: 'Numbers with intervals, paired tests, slices and error types. Every number opens the expressions behind it; a report takes all of it along.',
    actions: [
      { id: 'navigate.report', does: 'for a report' },
      { id: 'shell.cheat-sheet', does: 'for all keys' },
    ],
    lead: () => goTo('evaluate'),
  },
];

/** Four steps over the screens, beside the work and never over it. Left at any time, taken again at any time. */
export const useTour = defineStore('tour', () => {
  const place = ref<number | null>(null);
  const step = computed(() => (place.value === null ? null : (steps[place.value] ?? null)));
  const isLast = computed(() => place.value === steps.length - 1);

  async function show(index: number) {
    place.value = index;
    await steps[index]?.lead();
  }

  /** Where a person begins; `lead`: also goes to the first step's screen, which a first start shows anyway. */
  function begin({ lead }: { lead: boolean }) {
    if (lead) return show(0);
    place.value = 0;
    return Promise.resolve();
  }

  const back = () => show(Math.max(0, (place.value ?? 0) - 1));
  const next = () => (isLast.value ? end() : show((place.value ?? -1) + 1));

  /** It was taken, or skipped: it does not come again by itself. */
  async function end() {
    place.value = null;
    await api.app.endTour({});
  }

  return { place, count: steps.length, step, isLast, begin, back, next, end };
});
