/** What is looked at on the Evaluate screen: kept while one goes to the examples and comes back. */
import { defineStore } from 'pinia';
import { ref, watch } from 'vue';
import type { MetricGroup } from '../../common/contract';
import { recall, remember } from '../composables/memory';

export const evaluateSections = [
  { value: 'overview', label: 'Overview' },
  { value: 'compare', label: 'Compare' },
  { value: 'slices', label: 'Slices' },
  { value: 'errors', label: 'Errors' },
  { value: 'agreement', label: 'Agreement' },
  { value: 'suspects', label: 'Suspects' },
  { value: 'saved', label: 'Saved' },
] as const;
export type EvaluateSection = (typeof evaluateSections)[number]['value'];

export const isEvaluateSection = (value: unknown): value is EvaluateSection =>
  evaluateSections.some((section) => section.value === value);

export const useEvaluateView = defineStore('evaluate-view', () => {
  const remembered = recall('evaluate-section');
  const section = ref<EvaluateSection>(isEvaluateSection(remembered) ? remembered : 'overview');
  watch(section, (value) => remember('evaluate-section', value));

  /** Which metrics the run table shows. */
  const metricGroup = ref<MetricGroup | 'main'>('main');
  const slices = ref({
    by: 'kind',
    /** Empty: no second field. */
    and: '',
    minimum: 20,
    order: 'value' as 'value' | 'deviation' | 'count',
    metric: 'accuracy50' as 'accuracy50' | 'meanIou',
    /** The run that order and heat table are about; 0: the first. */
    runId: 0,
  });
  const scatter = ref({ runA: 0, runB: 0, measure: 'iou' as 'iou' | 'maskIou' });
  const scrollTop = ref(0);

  return { section, metricGroup, slices, scatter, scrollTop };
});
