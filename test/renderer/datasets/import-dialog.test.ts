/** From a path to a dataset as a person sees it: what is found, what is wrong, how far it is, how it ended. */
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ImportPreview } from '../../../src/common/contract';
import { WorkbenchError } from '../../../src/common/errors';
import { useDatasets } from '../../../src/renderer/stores/datasets';
import { useDrafts } from '../../../src/renderer/stores/drafts';
import { useJobs } from '../../../src/renderer/stores/jobs';
import ImportDialog from '../../../src/renderer/views/datasets/ImportDialog.vue';
import { buttonNames, find } from '../support/dom';
import { exampleDataset, exampleJob } from '../support/examples';
import { offerWorkbench, type FakeWorkbench } from '../support/workbench';

const preview: ImportPreview = {
  format: 'refer',
  name: 'refcocog',
  images: 25_799,
  referents: 49_822,
  expressions: 95_457,
  splits: [
    { split: 'train', images: 21_899, expressions: 80_512 },
    { split: 'test', images: 2_600, expressions: 9_602 },
  ],
  repaired: [{ kind: 'box-clipped', where: 'instances.json, 7', message: 'It reached over the edge.' }],
  rejected: [{ kind: 'image-missing', where: 'refs(umd).p, 3', message: 'The image is not there.' }],
  repairedCount: 1,
  rejectedCount: 12,
  sample: [{ text: 'the small dog', image: 'COCO_7.jpg', kind: '' }],
};

let workbench: FakeWorkbench;
let wrapper: VueWrapper;
let found: ImportPreview;
let finish: () => void;

beforeEach(async () => {
  localStorage.clear();
  setActivePinia(createPinia());
  found = preview;
  finish = () => undefined;
  workbench = offerWorkbench({
    app: { chooseFolder: () => ({ path: '/data/chosen' }), chooseFile: () => ({ path: null }) },
    datasets: {
      list: () => [exampleDataset({ id: 4, name: 'refcocog' })],
      detect: () => ({ formats: ['refer'] }),
      preview: ({ path }) => {
        if (path === '/nowhere')
          throw new WorkbenchError('not-found', 'There is nothing at /nowhere.', 'Check the path.');
        if (path === '/slow') return new Promise((resolve) => (finish = () => resolve(found)));
        return found;
      },
      import: () => ({ jobId: 8 }),
    },
    jobs: { cancel: () => null },
    works: { stop: () => null },
  });
  wrapper = mount(ImportDialog, { props: { open: false }, attachTo: document.body });
  await wrapper.setProps({ open: true });
  await flushPromises();
});
afterEach(() => {
  wrapper.unmount();
  document.body.innerHTML = '';
});

const dialog = () => find('[role="dialog"]');
const button = (name: string) => find('button', name, dialog()) as HTMLButtonElement;
const footer = () => buttonNames(find('footer', '', dialog()));

async function press(name: string) {
  button(name).click();
  await flushPromises();
}

async function look(path: string) {
  const field = find('input', '', dialog()) as HTMLInputElement;
  field.value = path;
  field.dispatchEvent(new Event('input'));
  await flushPromises();
  await press('Look at it');
}

it('says at first what can be imported and how it looks', () => {
  expect(dialog().textContent).toContain('What can be imported, and how it looks');
  expect(dialog().querySelectorAll('.formats li').length).toBeGreaterThan(8);
  expect(dialog().textContent).toContain('COCO with a CSV of expressions');
  expect(button('Look at it').disabled).toBe(true);
});

it('shows what a folder that was chosen would give, before anything is written', async () => {
  await press('Folder…');
  expect([...dialog().querySelectorAll('.counts dd')].map((value) => value.textContent)).toEqual([
    '95,457',
    '49,822',
    '25,799',
  ]);
  expect(dialog().textContent).toContain('Splits: train 80,512, test 9,602 expressions');
  expect(dialog().textContent).toContain('The first 1 of 12 items.');
  expect(dialog().textContent).toContain('image missing');
  expect(dialog().textContent).toContain('the small dog');
  expect(footer()).toEqual(['Cancel', 'Import 95,457 expressions']);
  expect(workbench.inputsOf('datasets.import')).toEqual([]);
});

it('says in place what is wrong with a path, and looks again', async () => {
  await look('/nowhere');
  expect(find('[role="alert"]', '', dialog()).textContent).toContain('Check the path.');
  expect((find('input', '', dialog()) as HTMLInputElement).value).toBe('/nowhere');
  await press('Try again');
  expect(workbench.inputsOf('datasets.preview')).toHaveLength(2);
  await look('/data/refcocog');
  expect(dialog().querySelector('[role="alert"]')).toBeNull();
});

it('has nothing to import where nothing can be used', async () => {
  found = { ...preview, expressions: 0, images: 0, referents: 0, splits: [], sample: [] };
  await look('/data/empty');
  expect(button('Import 0 expressions').disabled).toBe(true);
});

it('can stop a look that takes long, and keeps the path', async () => {
  await look('/slow');
  expect(dialog().textContent).toContain('Looking at the files');
  expect(footer()).toEqual(['Cancel', 'Stop reading']);
  await press('Stop reading');
  expect((find('input', '', dialog()) as HTMLInputElement).value).toBe('/slow');
  finish();
  await flushPromises();
  expect(dialog().querySelector('.counts')).toBeNull();
});

it('tells how far the import is, lets it go on in the background, and shows the dataset at the end', async () => {
  await look('/data/refcocog');
  await press('Import 95,457');
  const job = exampleJob(8, {
    kind: 'import',
    title: 'Import refcocog',
    done: 1_200,
    total: 25_799,
    remainingSeconds: 9,
  });
  useJobs().receive(job);
  await flushPromises();
  expect(dialog().textContent).toContain('1,200 of 25,799, 9 s left');
  expect(footer()).toEqual(['Cancel the import', 'Go on in the background']);
  await press('Cancel the import');
  expect(workbench.inputsOf('jobs.cancel')).toEqual([{ jobId: 8 }]);
  useJobs().receive({ ...job, state: 'done', message: 'All of it is imported.', result: { datasetId: 4 } });
  await flushPromises();
  expect(dialog().textContent).toContain('All of it is imported.');
  expect(dialog().textContent).not.toContain('1,200 of');
  expect(footer()).toEqual(['Close', 'Browse it']);
  expect(useDatasets().currentId).toBe(4);
});

it('says why an import failed, and lets another path be chosen', async () => {
  await look('/data/refcocog');
  await press('Import 95,457');
  const error = { kind: 'disk-full', message: 'The disk is full.', hint: 'Free some space.' };
  useJobs().receive(exampleJob(8, { kind: 'import' }));
  useJobs().receive(exampleJob(8, { kind: 'import', state: 'failed', error }));
  await flushPromises();
  expect(find('[role="alert"]', '', dialog()).textContent).toContain('Free some space.');
  expect(footer()).toEqual(['Close', 'Choose again']);
  await press('Choose again');
  expect(dialog().textContent).toContain('What can be imported');
});

it('keeps a path that was typed over a crash of the window, until the dialog is closed', async () => {
  const field = find('input', '', dialog()) as HTMLInputElement;
  field.value = '/data/typed';
  field.dispatchEvent(new Event('input'));
  await flushPromises();
  expect(useDrafts().of('import.path')).toBe('/data/typed');
  await wrapper.setProps({ open: false });
  expect(useDrafts().of('import.path') ?? '').toBe('');
});
