/** One question about the evaluation that is shown, asked anew whenever that changes. */
import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue';
import type { EvaluationOptions } from '../../../common/contract';
import { useEvaluation } from '../../stores/evaluation';

export interface Analysis<Value> {
  /** The last answer; it stays while the next one is awaited, so that nothing jumps. */
  value: ShallowRef<Value | null>;
  failure: ShallowRef<unknown>;
  loading: Ref<boolean>;
  reload(): Promise<void>;
}

/** `also`: what else the question depends on; it is asked again when that changes. */
export function useAnalysis<Value>(
  ask: (options: EvaluationOptions) => Promise<Value>,
  also: () => unknown = () => null,
): Analysis<Value> {
  const store = useEvaluation();
  const value: ShallowRef<Value | null> = shallowRef(null);
  const failure = shallowRef<unknown>(null);
  const loading = ref(false);
  let newest = 0;

  async function reload() {
    if (!store.evaluation) return;
    const asked = (newest += 1);
    loading.value = true;
    try {
      const found = await ask(store.options);
      if (asked !== newest) return;
      value.value = found;
      failure.value = null;
    } catch (thrown) {
      if (asked === newest) failure.value = thrown;
    } finally {
      if (asked === newest) loading.value = false;
    }
  }
  watch([() => store.evaluation, () => JSON.stringify(also())], reload, { immediate: true });
  onScopeDispose(() => (newest += 1));
  return { value, failure, loading, reload };
}
