/** The dialog that writes a dataset to a new folder: what can be chosen, what is asked, and what is told afterwards. */
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DatasetExport } from '../../../src/common/contract';
import { WorkbenchError } from '../../../src/common/errors';
import { useNotices } from '../../../src/renderer/stores/notices';
import ExportDialog from '../../../src/renderer/views/datasets/ExportDialog.vue';
import { exampleDataset } from '../support/examples';
import { offerWorkbench, type FakeWorkbench } from '../support/workbench';

let workbench: FakeWorkbench;
let wrapper: VueWrapper;
let answer: () => DatasetExport;

beforeEach(async () => {
  setActivePinia(createPinia());
  answer = () => ({ path: '/data/out', expressions: 5, warnings: [] });
  workbench = offerWorkbench({
    app: { chooseFolder: () => ({ path: '/data' }), showItem: () => null },
    datasets: { export: () => answer() },
  });
  wrapper = mount(ExportDialog, {
    attachTo: document.body,
    props: {
      open: true,
      dataset: exampleDataset(),
      'onUpdate:open': (open: boolean) => void wrapper.setProps({ open }),
    },
  });
  await flushPromises();
});
afterEach(() => wrapper.unmount());

function inDialog<Found extends HTMLElement>(selector: string, text = ''): Found {
  const found = [...document.querySelectorAll<Found>(`[role="dialog"] ${selector}`)];
  const match = found.find((element) => element.textContent?.includes(text));
  if (!match) throw new Error(`No ${selector} with “${text}” in the dialog.`);
  return match;
}

/** The field under a label. */
function field<Found extends HTMLElement>(label: string): Found {
  const id = inDialog<HTMLLabelElement>('label', label).htmlFor;
  return inDialog<Found>(`#${CSS.escape(id)}`);
}

async function choose(label: string, value: string) {
  const select = field<HTMLSelectElement>(label);
  select.value = value;
  select.dispatchEvent(new Event('change'));
  await flushPromises();
}

async function type(path: string) {
  const input = field<HTMLInputElement>('New folder');
  input.value = path;
  input.dispatchEvent(new Event('input'));
  await flushPromises();
}

async function press(text: string) {
  inDialog('button', text).click();
  await flushPromises();
}

const isOpen = () => document.querySelector('[role="dialog"]') !== null;
const asked = () => workbench.inputsOf('datasets.export');
const radio = (name: string) => inDialog<HTMLButtonElement>('[role="radio"]', name);

describe('exporting a dataset', () => {
  it('needs a folder: a chosen one is given a new folder named as the dataset', async () => {
    expect(inDialog<HTMLButtonElement>('footer button', 'Export').disabled).toBe(true);
    await press('Folder…');
    expect(field<HTMLInputElement>('New folder').value).toBe('/data/emojiref');
    expect(inDialog<HTMLButtonElement>('footer button', 'Export').disabled).toBe(false);
  });

  it('asks for what was chosen, closes, and leads to the folder', async () => {
    await type(' /data/out ');
    await choose('Format', 'folder-csv');
    expect(document.querySelector('[role="dialog"]')?.textContent).toContain('they stay in /data/emojiref');
    radio('As imported').click();
    await press('Export');
    expect(asked()).toEqual([
      {
        datasetId: 1,
        path: '/data/out',
        format: 'folder-csv',
        groundTruth: 'original',
        images: false,
        masks: 'packed',
      },
    ]);
    expect(isOpen()).toBe(false);
    const [notice] = useNotices().notices;
    expect(notice).toMatchObject({
      tone: 'success',
      message: '5 expressions of EmojiRef exported.',
      hint: '/data/out',
    });
    notice?.action?.run();
    await flushPromises();
    expect(workbench.inputsOf('app.showItem')).toEqual([{ path: '/data/out' }]);
  });

  it('copies the images where the format cannot be read without them, and gives up what another format cannot hold', async () => {
    await choose('Format', 'coco');
    await choose('Masks', 'polygons');
    await choose('Format', 'yolo');
    expect(radio('Copied along').getAttribute('aria-checked')).toBe('true');
    expect(radio('Only named').disabled).toBe(true);
    await type('/data/out');
    await press('Export');
    expect(asked()).toMatchObject([{ format: 'yolo', images: true, masks: 'packed' }]);
  });

  it('tells what other programs will not read', async () => {
    answer = () => ({ path: '/data/out', expressions: 1, warnings: ['2 masks are left out.'] });
    await type('/data/out');
    await press('Export');
    expect(useNotices().notices[0]).toMatchObject({
      tone: 'warning',
      message: '1 expression of EmojiRef exported.',
      hint: '/data/out · 2 masks are left out.',
    });
  });

  it('that fails stays open with all that was chosen, and can be tried again', async () => {
    answer = () => {
      throw new WorkbenchError('invalid', '/data/out is there already.', 'Choose a new folder.');
    };
    await type('/data/out');
    await press('Export');
    expect(document.querySelector('[role="dialog"]')?.textContent).toContain('/data/out is there already.');
    expect(isOpen()).toBe(true);
    answer = () => ({ path: '/data/out', expressions: 5, warnings: [] });
    await press('Try again');
    expect(asked()).toHaveLength(2);
    expect(isOpen()).toBe(false);
  });
});
