/** The list of expressions, whatever its rows look like: what it reads, marks and selects. */
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { h, nextTick } from 'vue';
import { useBrowse } from '../../../src/renderer/stores/browse';
import { useDatasets } from '../../../src/renderer/stores/datasets';
import { useRuns } from '../../../src/renderer/stores/runs';
import ExpressionList from '../../../src/renderer/views/browse/ExpressionList.vue';
import { plainRows, type ListRow } from '../../../src/renderer/views/browse/rows-layout';
import { exampleDataset, exampleFacets, exampleRow } from '../support/examples';
import { offerWorkbench, type FakeWorkbench } from '../support/workbench';

const count = 4_000;
/** CSS pixels: three rows of four in sight. */
const [rowHeight, viewport] = [100, 300];

// jsdom lays nothing out: the list is told its size here, and scrolls to wherever it is told to.
let measured: (height: number) => void;
class StubResizeObserver {
  constructor(callback: ResizeObserverCallback) {
    measured = (height) => {
      const entry = { contentRect: { width: 800, height } } as ResizeObserverEntry;
      callback([entry], this as unknown as ResizeObserver);
    };
  }
  observe() {}
  unobserve() {}
  disconnect() {}
}

let workbench: FakeWorkbench;
let wrapper: VueWrapper;

beforeEach(async () => {
  vi.stubGlobal('ResizeObserver', StubResizeObserver);
  localStorage.clear();
  setActivePinia(createPinia());
  workbench = offerWorkbench({
    datasets: { list: () => [exampleDataset()] },
    runs: { list: () => [] },
    browse: {
      ids: () => ({ ids: Int32Array.from({ length: count }, (_, index) => index + 1) }),
      facets: () => exampleFacets(),
      rows: ({ ids }) => ids.map((id) => exampleRow(id)),
    },
  });
  useBrowse();
  await useDatasets().load();
  await useRuns().load();
  await flushPromises();
  wrapper = mount(ExpressionList, {
    attachTo: document.body,
    props: {
      layout: plainRows({ count, columns: 4, rowHeight, padding: 0 }),
      rowHeight,
      optionPrefix: 'tile',
    },
    slots: {
      row: ({
        row,
        press,
      }: {
        row: ListRow;
        press: (event: MouseEvent, index: number, id: number) => void;
      }) =>
        h('button', {
          class: 'entry',
          'data-from': row.from,
          onClick: (event: MouseEvent) => press(event, row.from, row.from + 1),
        }),
    },
  });
  measured(viewport);
  await flushPromises();
});
afterEach(() => {
  wrapper.unmount();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const scroller = () => wrapper.get<HTMLElement>('[role="listbox"]');
async function scrollTo(top: number) {
  scroller().element.scrollTop = top;
  await scroller().trigger('scroll');
}
/** First entries of the rows that are shown, ascending. */
const shown = () =>
  wrapper
    .findAll('.rows > .row:not(.spare) .entry')
    .map((entry) => Number(entry.attributes('data-from')))
    .sort((a, b) => a - b);
const asked = () => workbench.inputsOf('browse.rows').map((input) => (input as { ids: number[] }).ids);

describe('the rows of the list', () => {
  it('are read for what is in sight and a screen more', () => {
    // Rows 0 to 6 of four: a screen of three, and as far again below.
    expect(shown()).toEqual([0, 4, 8, 12, 16, 20, 24]);
    expect(asked()).toEqual([Array.from({ length: 28 }, (_, index) => index + 1)]);
  });

  it('are read on as the list is scrolled, and never twice', async () => {
    await scrollTo(200);
    await flushPromises();
    expect(asked()[1]).toEqual([29, 30, 31, 32, 33, 34, 35, 36]);
    await scrollTo(0);
    await flushPromises();
    expect(asked()).toHaveLength(2);
  });

  it('that rush past are not read; where the list stands still, they are', async () => {
    // Not the clock: Vue drops events that seem older than their listener.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await scrollTo(50_000);
    await scrollTo(90_000);
    expect(shown()).toEqual([3_600, 3_604, 3_608, 3_612]);
    expect(asked()).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(200);
    expect(asked().slice(1).flat()).toEqual(Array.from({ length: 40 }, (_, index) => 3_589 + index));
  });

  it('are placed on the stage so that scrolling moves them by as much', async () => {
    const y = (element: Element | undefined) =>
      Number(/translateY\((-?[\d.]+)px\)/.exec(element?.getAttribute('style') ?? '')?.[1]);
    const placeOf = (from: number) => {
      const entry = wrapper.find(`.row:not(.spare) [data-from="${from}"]`).element;
      return y(entry.parentElement ?? undefined) + y(wrapper.get('.rows').element);
    };
    await scrollTo(120);
    expect(placeOf(8)).toBe(200 - 120);
    await scrollTo(7_250);
    expect(placeOf(292)).toBe(7_300 - 7_250);
  });
});

describe('the mark and the selection', () => {
  it('follow the mouse: alone, with Ctrl, with Shift', async () => {
    const browse = useBrowse();
    await wrapper.get('[data-from="8"]').trigger('click');
    expect(browse.currentId).toBe(9);
    expect(scroller().attributes('aria-activedescendant')).toBe('tile-9');
    expect(document.activeElement).toBe(scroller().element);
    await wrapper.get('[data-from="4"]').trigger('click', { ctrlKey: true });
    expect([...browse.selected]).toEqual([5]);
    await wrapper.get('[data-from="8"]').trigger('click', { shiftKey: true });
    expect([...browse.selected]).toEqual([5, 6, 7, 8, 9]);
  });

  it('stay in sight: the list is scrolled as little as that takes', async () => {
    const browse = useBrowse();
    expect(browse.rowsOnScreen).toBe(3);
    browse.moveByRows(3);
    await nextTick();
    expect(scroller().element.scrollTop).toBe(100);
    browse.moveTo(count - 1);
    await nextTick();
    expect(scroller().element.scrollTop).toBe(1_000 * rowHeight - viewport);
  });

  it('tell how far the list was scrolled when it is left', async () => {
    await scrollTo(420);
    const left = vi.fn();
    await wrapper.setProps({ onLeft: left });
    wrapper.unmount();
    expect(left).toHaveBeenCalledExactlyOnceWith(420);
  });
});
