import { onBeforeUnmount, onMounted, ref, type Ref } from 'vue';

/** Width of an element in CSS pixels, followed while it is shown; `fallback` before the first measurement. */
export function useElementWidth(element: Readonly<Ref<HTMLElement | null>>, fallback = 600): Ref<number> {
  const width = ref(fallback);
  let observer: ResizeObserver | null = null;
  onMounted(() => {
    if (!element.value || typeof ResizeObserver === 'undefined') return;
    observer = new ResizeObserver(([entry]) => {
      if (entry && entry.contentRect.width > 0) width.value = entry.contentRect.width;
    });
    observer.observe(element.value);
  });
  onBeforeUnmount(() => observer?.disconnect());
  return width;
}
