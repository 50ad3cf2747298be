/** The panel that measures a pack's parts alone: what it asks for, what it shows, and that it stays true. */
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PackSummary, Probe } from '../../../src/common/contract';
import { WorkbenchError } from '../../../src/common/errors';
import { useDatasets } from '../../../src/renderer/stores/datasets';
import { useJobs } from '../../../src/renderer/stores/jobs';
import { useNotices } from '../../../src/renderer/stores/notices';
import ProbesPanel from '../../../src/renderer/views/models/ProbesPanel.vue';
import { exampleDataset, exampleJob, examplePack } from '../support/examples';
import { offerWorkbench, type FakeWorkbench } from '../support/workbench';

const estimate = (value: number) => ({ value, low: value - 0.01, high: value + 0.01 });
const accuracy = (value: number) => ({
  accuracy50: estimate(value),
  kinds: [{ kind: 'colour', count: 4, accuracy50: estimate(value) }],
});

function exampleProbe(id: number, changes: Partial<Probe> = {}): Probe {
  return {
    id,
    datasetId: 1,
    split: 'test',
    packId: 'emojiref-small',
    packName: 'EmojiRef small',
    packVersion: '1.0.0',
    createdAt: '2026-11-25T01:00:00.000Z',
    images: 2,
    expressions: 5,
    objects: 4,
    detector: { averagePrecision50: estimate(0.91), recall50: estimate(0.97) },
    segmenter: [{ prompt: 'box', meanIou: estimate(0.88) }],
    blind: [{ choice: 'largest', ...accuracy(0.21) }],
    text: [
      { method: 'risclip', change: 'none', ...accuracy(0.9) },
      { method: 'risclip', change: 'shuffled', ...accuracy(0.42) },
    ],
    ...changes,
  };
}

let workbench: FakeWorkbench;
let wrapper: VueWrapper;
let kept: Probe[];
let refused: boolean;

beforeEach(() => {
  localStorage.clear();
  setActivePinia(createPinia());
  kept = [];
  refused = false;
  workbench = offerWorkbench({
    datasets: { list: () => [exampleDataset()] },
    probes: {
      list: () => [...kept],
      start: () => {
        if (refused)
          throw new WorkbenchError('model-missing', 'The pack has no detector.', 'Choose another.');
        return { jobId: 8 };
      },
      remove: ({ probeId }) => {
        kept = kept.filter(({ id }) => id !== probeId);
        return null;
      },
    },
  });
});
afterEach(() => wrapper.unmount());

async function show(packs: readonly PackSummary[] = [examplePack()], withDataset = true) {
  if (withDataset) await useDatasets().load();
  wrapper = mount(ProbesPanel, { props: { packs } });
  await flushPromises();
}

const field = (label: string) => {
  const id = wrapper
    .findAll('label')
    .find((each) => each.text() === label)
    ?.attributes('for');
  return wrapper.get<HTMLSelectElement>(`select[id="${id}"]`);
};

describe('parts alone', () => {
  it('without a dataset says what to do first', async () => {
    await show([examplePack()], false);
    expect(wrapper.find('form').exists()).toBe(false);
    expect(wrapper.get('.empty').text()).toContain('Import a dataset first');
  });

  it('are measured with the first pack that can be used, on the split that is chosen', async () => {
    const useless = examplePack({ id: 'broken', methods: [] });
    await show([useless, examplePack(), examplePack({ id: 'other', name: 'Other' })]);
    expect(wrapper.get('.empty').text()).toContain('Nothing measured yet.');
    expect(
      field('Pack')
        .findAll('option')
        .map((option) => option.text()),
    ).toEqual(['EmojiRef small', 'Other']);
    await field('Split of EmojiRef').setValue('test');
    await wrapper.get('form').trigger('submit');
    await field('Pack').setValue('other');
    await wrapper.get('form').trigger('submit');
    await flushPromises();
    expect(workbench.inputsOf('probes.start')).toEqual([
      { datasetId: 1, split: 'test', packId: 'emojiref-small', images: null },
      { datasetId: 1, split: 'test', packId: 'other', images: null },
    ]);
    expect(useNotices().notices[0]).toMatchObject({
      message: 'The probe on EmojiRef has started.',
      action: { label: 'Show Jobs' },
    });
  });

  it('cannot be measured twice at once', async () => {
    await show();
    const measure = wrapper.get<HTMLButtonElement>('button[type="submit"]');
    expect(measure.element.disabled).toBe(false);
    useJobs().receive(exampleJob(8, { kind: 'probe' }));
    await flushPromises();
    expect(measure.text()).toBe('Measuring…');
    expect(measure.element.disabled).toBe(true);
    useJobs().receive(exampleJob(8, { kind: 'probe', state: 'done' }));
    await flushPromises();
    expect(measure.element.disabled).toBe(false);
  });

  it('that cannot be measured say why', async () => {
    refused = true;
    await show();
    await wrapper.get('form').trigger('submit');
    await flushPromises();
    expect(useNotices().notices[0]).toMatchObject({ tone: 'error', message: 'The pack has no detector.' });
  });

  it('appear when they have been measured, the newest open, and are deleted one by one', async () => {
    await show();
    kept = [exampleProbe(2), exampleProbe(1, { datasetId: 9, split: null })];
    workbench.emit('data.changed', { what: 'probes', expressionIds: [] });
    await flushPromises();
    const found = wrapper.findAll('details');
    expect(found.map((each) => each.attributes('open') !== undefined)).toEqual([true, false]);
    expect(found[0]?.text()).toContain('EmojiRef small 1.0.0 on EmojiRef, test');
    expect(found[0]?.text()).toContain('RisCLIP, words shuffled');
    expect(found[1]?.text()).toContain('on a dataset, all splits');
    await found[0]?.get('button').trigger('click');
    await flushPromises();
    expect(workbench.inputsOf('probes.remove')).toEqual([{ probeId: 2 }]);
    workbench.emit('data.changed', { what: 'probes', expressionIds: [] });
    await flushPromises();
    expect(wrapper.findAll('details')).toHaveLength(1);
  });
});
