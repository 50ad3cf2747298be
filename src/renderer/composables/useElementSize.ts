import { onBeforeUnmount, onMounted, shallowRef, type Ref } from 'vue';
import type { Size } from '../../common/geometry/types';

/** Size of an element in CSS pixels, followed while it is shown; `fallback` before the first measurement. */
export function useElementSize(
  element: Readonly<Ref<HTMLElement | null>>,
  fallback: Size,
): Readonly<Ref<Size>> {
  const size = shallowRef<Size>(fallback);
  let observer: ResizeObserver | null = null;
  onMounted(() => {
    if (!element.value || typeof ResizeObserver === 'undefined') return;
    observer = new ResizeObserver(([entry]) => {
      if (!entry || entry.contentRect.width <= 0) return;
      const { width, height } = entry.contentRect;
      size.value = { width, height };
    });
    observer.observe(element.value);
  });
  onBeforeUnmount(() => observer?.disconnect());
  return size;
}
