/** What the filter panel and the menus of the list change, as a person works them. */
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defineComponent, h, type Component } from 'vue';
import { useBrowse } from '../../../src/renderer/stores/browse';
import { useBrowseLayout } from '../../../src/renderer/stores/browse-layout';
import { useBrowseViews } from '../../../src/renderer/stores/browse-views';
import { useDatasets } from '../../../src/renderer/stores/datasets';
import { useNotices } from '../../../src/renderer/stores/notices';
import { useRuns } from '../../../src/renderer/stores/runs';
import FacetList from '../../../src/renderer/views/browse/FacetList.vue';
import IouHistogramFilter from '../../../src/renderer/views/browse/IouHistogramFilter.vue';
import LengthFacet from '../../../src/renderer/views/browse/LengthFacet.vue';
import MethodFacet from '../../../src/renderer/views/browse/MethodFacet.vue';
import SortMenu from '../../../src/renderer/views/browse/SortMenu.vue';
import ViewsDialog from '../../../src/renderer/views/browse/ViewsDialog.vue';
import { exampleDataset, exampleFacets, exampleRow, exampleRun } from '../support/examples';
import { KeptViews } from '../support/views';
import { offerWorkbench } from '../support/workbench';

let wrapper: VueWrapper | undefined;
let views: KeptViews;

beforeEach(async () => {
  localStorage.clear();
  setActivePinia(createPinia());
  views = new KeptViews();
  offerWorkbench({
    datasets: { list: () => [exampleDataset()] },
    runs: { list: () => [exampleRun(3, 'yolo-clip'), exampleRun(4, 'risclip')] },
    browse: {
      ids: () => ({ ids: Int32Array.from([1, 2, 3]) }),
      facets: () => exampleFacets(),
      rows: ({ ids }) => ids.map((id) => exampleRow(id)),
      attributes: () => [],
      ...views.calls,
    },
  });
  useBrowse();
  await useDatasets().load();
  await useRuns().load();
  await flushPromises();
});
afterEach(() => {
  wrapper?.unmount();
  document.body.replaceChildren();
});

/** On the page, so that what opens beside it is there too. */
function shown(component: Component, props: Record<string, unknown> = {}) {
  wrapper = mount(defineComponent({ render: () => h(component, props) }), { attachTo: document.body });
  return wrapper;
}
const named = (name: string) =>
  [...document.querySelectorAll<HTMLElement>('button, input')].find(
    (element) => (element.getAttribute('aria-label') ?? element.textContent.trim()) === name,
  )!;

describe('a list of values', () => {
  const counts = Array.from({ length: 12 }, (_, index) => ({ value: `v${index}`, count: 12 - index }));

  it('shows the first, all on demand, and what is chosen always', async () => {
    const list = mount(FacetList, { props: { counts, chosen: ['v11', 'gone'], nameOf: (value) => value } });
    const names = () => list.findAll('.name').map((name) => name.text());
    expect(names()).toEqual([...counts.slice(0, 10).map(({ value }) => value), 'v11', 'gone']);
    await list.get('.more').trigger('click');
    expect(names()).toHaveLength(13);
    await list.get('input').trigger('change');
    expect(list.emitted('toggle')).toEqual([['v0']]);
  });

  it('of many values finds one by typing, and says when none is called that', async () => {
    const many = Array.from({ length: 443 }, (_, index) => ({ value: `category ${index}`, count: 1 }));
    const list = mount(FacetList, {
      props: { counts: many, chosen: [], nameOf: (value) => value, title: 'Category' },
    });
    const names = () => list.findAll('.name').map((name) => name.text());
    const field = list.get<HTMLInputElement>('input[type="search"]');
    expect(field.element.placeholder).toBe('Find one of 443');
    await field.setValue('GORY 44');
    expect(names()).toEqual(['category 44', 'category 440', 'category 441', 'category 442']);
    await field.setValue('unicorn');
    expect(list.get('[role="status"]').text()).toBe('None is called that.');
    expect(names()).toEqual([]);
    await field.setValue('');
    expect(names()).toHaveLength(10);
  });
});

describe('the lengths', () => {
  it('are chosen by a press, extended with Shift, and given up by another press', async () => {
    const lengths = [1, 2, 3, 4, 30].map((words) => ({ words, count: 10 }));
    const bars = shown(LengthFacet, { lengths }).findAll('.bar');
    expect(bars).toHaveLength(24);
    expect(bars.at(-1)?.attributes('aria-label')).toBe('24 words or more: 10 expressions');
    const { filter } = useBrowse();
    expect([filter.lengthFrom, filter.lengthTo]).toEqual([null, null]);
    const range = () => [useBrowse().filter.lengthFrom, useBrowse().filter.lengthTo];
    await bars[1]?.trigger('click');
    expect(range()).toEqual([2, 2]);
    await bars[3]?.trigger('click', { shiftKey: true });
    expect(range()).toEqual([2, 4]);
    await bars.at(-1)?.trigger('click');
    expect(range()).toEqual([24, null]);
    await bars.at(-1)?.trigger('click');
    expect(range()).toEqual([null, null]);
  });
});

describe('the result of a method', () => {
  const facet = {
    runId: 3,
    right: 5,
    wrong: 3,
    missing: 0,
    iouHistogram: new Array<number>(20).fill(1),
    errors: [{ value: 'landmark' as const, count: 2 }],
  };

  it('is filtered by outcome, by what is wrong and by a range of IoU, whose end is left out below 1', async () => {
    const panel = shown(MethodFacet, { method: 'yolo-clip', facet });
    const condition = () => useBrowse().filter.methods['yolo-clip'];
    await panel.get('.outcome.wrong').trigger('click');
    expect(condition().outcome).toBe('wrong');
    await panel.get('input[type="checkbox"]').trigger('change');
    expect(condition().errors).toEqual(['landmark']);
    const [from, to] = panel.findAll('[role="slider"]');
    await from?.trigger('keydown', { key: 'PageUp' });
    expect(condition()).toMatchObject({ iouFrom: 0.2 });
    await to?.trigger('keydown', { key: 'ArrowLeft' });
    expect(condition()).toMatchObject({ iouFrom: 0.2, iouTo: 0.95, openTo: true });
    await to?.trigger('keydown', { key: 'End' });
    expect(condition()).toMatchObject({ iouFrom: 0.2, openTo: false });
  });

  it('takes a range that is dragged over the bars when the pointer is let go, and all by a double-click', async () => {
    const given = { from: 0, to: 1 };
    const histogram = mount(IouHistogramFilter, {
      props: { modelValue: given, histogram: facet.iouHistogram, label: 'YOLO+CLIP', colour: 'blue' },
    });
    const area = histogram.get<HTMLElement>('.area');
    area.element.getBoundingClientRect = () => ({ left: 100, width: 200 }) as DOMRect;
    area.element.setPointerCapture = () => undefined;
    const at = (type: string, clientX: number) =>
      area.element.dispatchEvent(new MouseEvent(type, { clientX, button: 0 }));
    at('pointerdown', 142);
    at('pointermove', 198);
    expect(histogram.emitted('update:modelValue')).toBeUndefined();
    at('pointerup', 198);
    expect(histogram.emitted('update:modelValue')).toEqual([[{ from: 0.2, to: 0.5 }]]);
    await area.trigger('dblclick');
    expect(histogram.emitted('update:modelValue')?.at(-1)).toEqual([given]);
  });
});

describe('the menu of orders', () => {
  it('has a name of its own; orders are added, turned round, made to decide earlier and taken out', async () => {
    const browse = useBrowse();
    browse.sort = { by: 'length', method: null, descending: false };
    shown(SortMenu);
    named('Sort: Length of text').click();
    await flushPromises();
    const dialog = document.querySelector('[role="dialog"]');
    const title = document.getElementById(dialog?.getAttribute('aria-labelledby') ?? '');
    expect(title?.textContent).toBe('Order of the list');

    named('Sort further by…').click();
    await flushPromises();
    expect(browse.sorts.map(({ by, method }) => [by, method])).toEqual([
      ['length', null],
      ['iou', 'yolo-clip'],
    ]);
    named('Let IoU of YOLO+CLIP decide earlier').click();
    await flushPromises();
    expect(browse.sorts.map(({ by }) => by)).toEqual(['iou', 'length']);
    named('Ascending: turn it round').click();
    await flushPromises();
    expect(browse.sorts.map(({ descending }) => descending)).toEqual([true, false]);
    named('Do not sort by Length of text').click();
    await flushPromises();
    expect(browse.sorts.map(({ by }) => by)).toEqual(['iou']);
  });
});

describe('the dialog of views', () => {
  it('saves what is shown, renames, chooses the first view, and a deleted view comes back by Undo', async () => {
    const layout = useBrowseLayout();
    layout.layout = 'table';
    useBrowse().changeFilter({ kinds: ['colour'] });
    shown(ViewsDialog, { open: true, 'onUpdate:open': () => undefined });
    await flushPromises();
    const type = async (name: string, text: string) => {
      const field = document.querySelector<HTMLInputElement>(`input[aria-label="${name}"]`) ?? fieldOf(name);
      field.value = text;
      field.dispatchEvent(new Event('input'));
      await flushPromises();
    };
    await type('Save what is shown as', 'Colours');
    named('Save').click();
    await flushPromises();
    expect(views.list.map(({ name, state }) => [name, state.query, state.layout])).toEqual([
      ['Colours', 'kind:colour', 'table'],
    ]);
    await type('Name of the view Colours', 'Colour');
    named('Rename').click();
    await flushPromises();
    expect(views.list[0]?.name).toBe('Colour');
    named('At the start: Colour').click();
    await flushPromises();
    expect(views.list[0]?.isDefault).toBe(true);

    named('Delete the view Colour').click();
    await flushPromises();
    expect(views.list).toEqual([]);
    expect(useBrowseViews().list).toEqual([]);
    useNotices().notices.at(-1)?.action?.run();
    await flushPromises();
    expect(views.list.map(({ name }) => name)).toEqual(['Colour']);
  });

  function fieldOf(label: string): HTMLInputElement {
    const found = [...document.querySelectorAll('label')].find((each) => each.textContent.includes(label));
    return (found?.querySelector('input') ??
      document.getElementById(found?.htmlFor ?? '')) as HTMLInputElement;
  }
});
