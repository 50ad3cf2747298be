/**
 * Shows the part of a long list that is in sight, and a screen more on either side, so that scrolling finds it there.
 * While the list rushes past, only what is in sight is made, and nothing that it shows should be asked for.
 *
 * The rows lie on a stage that stays in sight while the content under it is scrolled, and are moved by us: a screen is
 * never drawn before the rows that belong on it. A content that moves by itself would be drawn empty until they follow.
 */
import { computed, nextTick, onBeforeUnmount, onMounted, ref, shallowRef, watch, type ShallowRef } from 'vue';
import { assignSlots, type RowSlot } from './row-slots';
import { highestContent, scrollRatio, type ListRow, type RowsLayout } from './rows-layout';

/** Milliseconds without scrolling after which a list that rushed stands still. */
const standsStillAfter = 90;
/** Screens after which rows are placed from another start: far from it, places would be too large to be exact. */
const screensOfOneStart = 16;

export function useListRows(options: {
  scroller: Readonly<ShallowRef<HTMLElement | null>>;
  layout: () => RowsLayout;
  /** Pixels that the list is scrolled down at first. */
  initialOffset: number;
  /** Kept free above and below an entry that is brought into sight. */
  margin: number;
  /** Told the width of the list in CSS pixels. */
  resized: (width: number) => void;
}) {
  const { scroller, initialOffset, margin, resized } = options;
  const layout = computed(options.layout);
  const viewport = ref(0);
  /** Of the list in its own pixels, not of the scroll bar. */
  const offset = ref(initialOffset);
  const ratio = computed(() => scrollRatio(layout.value.height, viewport.value));
  const height = computed(() => Math.min(layout.value.height, highestContent));
  /** From where the rows on the stage are placed, in pixels of the list. */
  const start = computed(() => {
    const span = Math.max(1, viewport.value * screensOfOneStart);
    return Math.floor(offset.value / span) * span;
  });

  const rows = shallowRef<readonly ListRow[]>([]);
  const slots = shallowRef<readonly RowSlot[]>([]);
  let readFrom: RowsLayout | null = null;

  function readRows() {
    const screen = viewport.value;
    const beyond = rushing.value ? 0 : screen;
    const next =
      screen === 0 ? [] : layout.value.between(offset.value - beyond, offset.value + screen + beyond);
    const isOther = layout.value !== readFrom;
    const same =
      next.length === rows.value.length &&
      next[0]?.top === rows.value[0]?.top &&
      next.at(-1)?.top === rows.value.at(-1)?.top;
    if (same && !isOther) return;
    readFrom = layout.value;
    rows.value = next;
    slots.value = assignSlots(slots.value, next, isOther);
  }

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

  /** Pixels from the middle of what is in sight. */
  function distanceOf({ top }: ListRow): number {
    return Math.abs(top - offset.value - viewport.value / 2);
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
      resized(entry.contentRect.width);
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

  return { viewport, height, rows, slots, start, rushing, offset, reveal, distanceOf };
}
