/**
 * Shows the part of a long list that is in sight, and a screen more on either side, so that scrolling finds it there.
 * While the list rushes past, only what is in sight is made, and nothing that it shows should be asked for.
 */
import {
  computed,
  nextTick,
  onBeforeUnmount,
  onMounted,
  ref,
  shallowRef,
  watch,
  type Ref,
  type ShallowRef,
} from 'vue';
import { highestContent, scrollRatio, type ListRow, type RowsLayout } from './rows-layout';

/** Milliseconds without scrolling after which a list that rushed stands still. */
const standsStillAfter = 90;

export function useListRows(options: {
  scroller: Readonly<ShallowRef<HTMLElement | null>>;
  /** Of the list, in CSS pixels: told here, as the layout depends on it. */
  width?: Ref<number>;
  layout: Readonly<Ref<RowsLayout>>;
  /** Pixels that the list is scrolled down at first. */
  initialOffset: number;
  /** Kept free above and below an entry that is brought into sight. */
  margin: number;
}) {
  const { scroller, width, layout, initialOffset, margin } = options;
  const viewport = ref(0);
  /** Of the list in its own pixels, not of the scroll bar. */
  const offset = ref(initialOffset);
  const ratio = computed(() => scrollRatio(layout.value.height, viewport.value));
  const height = computed(() => Math.min(layout.value.height, highestContent));

  const rows = shallowRef<readonly ListRow[]>([]);
  /** Where the first of `rows` is placed in the content; the others follow from it. */
  const shift = ref(0);

  function readRows() {
    const screen = viewport.value;
    const beyond = rushing.value ? 0 : screen;
    const next =
      screen === 0 ? [] : layout.value.between(offset.value - beyond, offset.value + screen + beyond);
    const same =
      next.length === rows.value.length &&
      next[0]?.top === rows.value[0]?.top &&
      next.at(-1)?.top === rows.value.at(-1)?.top;
    if (!same || layout.value !== readFrom) rows.value = next;
    readFrom = layout.value;
    // Where the scroll bar is shorter than the list, rows move against it.
    const scrolled = scroller.value?.scrollTop ?? 0;
    shift.value = ratio.value === 1 ? 0 : scrolled - offset.value;
  }
  let readFrom: RowsLayout | null = null;

  /** Whether one step of scrolling goes beyond what was made ahead. */
  const rushing = ref(false);
  let stillness: ReturnType<typeof setTimeout> | undefined;

  function readScroll() {
    const before = offset.value;
    offset.value = (scroller.value?.scrollTop ?? 0) * ratio.value;
    if (Math.abs(offset.value - before) > 2 * viewport.value) rushing.value = true;
    if (rushing.value) {
      clearTimeout(stillness);
      stillness = setTimeout(standStill, standsStillAfter);
    }
    readRows();
  }

  function standStill() {
    rushing.value = false;
    readRows();
  }

  function scrollTo(top: number) {
    const most = Math.max(0, layout.value.height - viewport.value);
    offset.value = Math.min(most, Math.max(0, top));
    if (scroller.value) scroller.value.scrollTop = offset.value / ratio.value;
    readRows();
  }

  /** Scrolls as little as brings the entry into sight. */
  function reveal(index: number) {
    if (index < 0 || viewport.value === 0) return;
    const { top, bottom } = layout.value.placeOf(index);
    if (top - margin < offset.value) scrollTo(top - margin);
    else if (bottom + margin > offset.value + viewport.value) scrollTo(bottom + margin - viewport.value);
  }

  watch(layout, () => {
    readRows();
    // The content's height follows with the next drawing; only then can the list be scrolled to where it was.
    void nextTick(readScroll);
  });

  let observer: ResizeObserver | undefined;
  onMounted(() => {
    observer = new ResizeObserver(([entry]) => {
      if (!entry) return;
      const isFirst = viewport.value === 0;
      if (width) width.value = entry.contentRect.width;
      viewport.value = entry.contentRect.height;
      void nextTick(() => (isFirst ? scrollTo(offset.value) : readScroll()));
    });
    if (scroller.value) observer.observe(scroller.value);
    scroller.value?.addEventListener('scroll', readScroll, { passive: true });
  });
  onBeforeUnmount(() => {
    observer?.disconnect();
    clearTimeout(stillness);
  });

  return { viewport, height, rows, rushing, shift, offset, reveal };
}
