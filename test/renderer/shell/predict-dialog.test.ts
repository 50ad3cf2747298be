import { flushPromises, mount, type VueWrapper } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WorkbenchError } from '../../../src/common/errors';
import PredictDialog from '../../../src/renderer/shell/PredictDialog.vue';
import { useBrowse } from '../../../src/renderer/stores/browse';
import { useDatasets } from '../../../src/renderer/stores/datasets';
import { useNotices } from '../../../src/renderer/stores/notices';
import { useShell } from '../../../src/renderer/stores/shell';
import { exampleDataset, exampleFacets, examplePack, exampleRun } from '../support/examples';
import { offerWorkbench, type FakeWorkbench } from '../support/workbench';

let workbench: FakeWorkbench;
let wrapper: VueWrapper;
let startFails = false;

beforeEach(async () => {
  localStorage.clear();
  startFails = false;
  setActivePinia(createPinia());
  workbench = offerWorkbench({
    datasets: { list: () => [exampleDataset()] },
    runs: {
      list: () => [exampleRun(3, 'yolo-clip')],
      start: () => {
        if (startFails)
          throw new WorkbenchError('model-damaged', 'detector.onnx is damaged.', 'Install it again.');
        return { jobId: 8, runIds: [3, 4] };
      },
    },
    browse: {
      ids: () => ({ ids: Int32Array.of(10, 20, 30) }),
      facets: () => exampleFacets(),
      rows: () => [],
    },
    models: { packs: () => [examplePack()] },
  });
  useBrowse();
  await useDatasets().load();
  await flushPromises();
  wrapper = mount(PredictDialog, { attachTo: document.body });
});
afterEach(() => wrapper.unmount());

async function open() {
  useShell().toggle('predict');
  await flushPromises();
}

function inDialog(selector: string, text = ''): HTMLElement {
  const found = [...document.querySelectorAll<HTMLElement>(`[role="dialog"] ${selector}`)];
  const match = found.find((element) => element.textContent?.includes(text));
  if (!match) throw new Error(`No ${selector} with “${text}” in the dialog.`);
  return match;
}

async function start() {
  inDialog('button', 'Predict ').click();
  await flushPromises();
}

describe('the dialog that starts predictions', () => {
  it('offers the methods that the pack is enough for, and predicts the whole dataset with them', async () => {
    await open();
    expect(inDialog('label', 'RisCLIP').textContent).toContain('not in this pack');
    expect(inDialog('button', 'Predict ').textContent).toContain('5 expressions');
    await start();
    expect(workbench.inputsOf('runs.start')).toMatchObject([
      {
        methods: ['yolo-clip', 'blip-sam'],
        packId: 'emojiref-small',
        scope: { filter: { datasetId: 1, results: [] }, expressionIds: null, limit: null },
      },
    ]);
    expect(useShell().overlay).toBeNull();
    expect(useNotices().notices[0]?.message).toBe('Predicting 5 expressions with 2 methods.');
  });

  it('takes what the filter shows', async () => {
    useBrowse().changeFilter({ kinds: ['colour'] });
    await flushPromises();
    await open();
    await start();
    expect(workbench.inputsOf('runs.start')).toMatchObject([
      { scope: { filter: { kinds: ['colour'] }, expressionIds: null } },
    ]);
  });

  it('takes the selection first, whatever the filter shows', async () => {
    useBrowse().toggleSelected(20);
    await open();
    inDialog('label', 'BLIP+SAM').querySelector('input')?.click();
    await flushPromises();
    await start();
    expect(workbench.inputsOf('runs.start')).toMatchObject([
      { methods: ['yolo-clip'], scope: { expressionIds: [20] } },
    ]);
  });

  it('does not start without a method, and says what is missing', async () => {
    await open();
    for (const name of ['YOLO+CLIP', 'BLIP+SAM']) inDialog('label', name).querySelector('input')?.click();
    await flushPromises();
    expect(inDialog('footer').textContent).toContain('Choose at least one method');
    expect(inDialog('button', 'Predict ').hasAttribute('disabled')).toBe(true);
  });

  it('shows in place why it could not start, and stays open', async () => {
    startFails = true;
    await open();
    await start();
    expect(inDialog('[role="alert"]').textContent).toContain('Install it again.');
    expect(useShell().overlay).toBe('predict');
  });
});
