import { computed, type Ref } from 'vue';
import { useElementSize } from '../composables/useElementSize';

/** Width of an element in CSS pixels, followed while it is shown; `fallback` before the first measurement. */
export function useElementWidth(
  element: Readonly<Ref<HTMLElement | null>>,
  fallback = 600,
): Readonly<Ref<number>> {
  const size = useElementSize(element, { width: fallback, height: 0 });
  return computed(() => size.value.width);
}
