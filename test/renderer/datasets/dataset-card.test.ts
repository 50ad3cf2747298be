/** What a person sees of a dataset, and what can be done with it. */
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DatasetSummary, ImportProblem } from '../../../src/common/contract';
import { WorkbenchError } from '../../../src/common/errors';
import { useNotices } from '../../../src/renderer/stores/notices';
import { useRuns } from '../../../src/renderer/stores/runs';
import DatasetCard from '../../../src/renderer/views/datasets/DatasetCard.vue';
import { problemWords, splitWords } from '../../../src/renderer/views/datasets/dataset-formats';
import { find, openMenu } from '../support/dom';
import { exampleDataset, exampleRun } from '../support/examples';
import { offerWorkbench, type FakeWorkbench } from '../support/workbench';

let workbench: FakeWorkbench;
let card: VueWrapper;
let chosen: string | null;
let left: ImportProblem[];
let unreadable: boolean;

const problem = (where: string): ImportProblem => ({
  kind: 'image-missing',
  where,
  message: 'It is not there.',
});

beforeEach(() => {
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe() {}
      unobserve() {}
      disconnect() {}
    },
  );
  setActivePinia(createPinia());
  chosen = '/answers/other method.csv';
  left = [];
  unreadable = false;
  workbench = offerWorkbench({
    app: { chooseFile: () => ({ path: chosen }) },
    datasets: {
      problems: () => {
        if (unreadable) throw new WorkbenchError('damaged', 'They cannot be read.', 'Restore a backup.');
        return { repaired: [problem('a.csv:1')], rejected: [problem('a.csv:2'), problem('a.csv:3')] };
      },
    },
    runs: {
      importPredictions: () => ({
        runId: 9,
        answered: 60,
        rejected: left,
        rejectedCount: left.length,
      }),
    },
  });
});
afterEach(() => {
  card.unmount();
  document.body.innerHTML = '';
  vi.unstubAllGlobals();
});

function show(changes: Partial<DatasetSummary> = {}, current = false) {
  card = mount(DatasetCard, {
    props: { dataset: exampleDataset(changes), current },
    attachTo: document.body,
  });
}

const facts = () =>
  Object.fromEntries(
    card.findAll('.facts dt').map((name) => [name.text(), name.element.nextElementSibling?.textContent]),
  );
const choose = async (name: string) => {
  await openMenu('More about EmojiRef');
  find('[role="menuitem"]', name).click();
  await flushPromises();
};

describe('a dataset', () => {
  it('tells what is in it, in numbers that are easy to read', () => {
    show({
      expressions: 95_457,
      referents: 49_822,
      images: 25_799,
      categories: Array(1_203).fill('x') as string[],
    });
    expect(card.findAll('.counts dd').map((value) => value.text())).toEqual(['95,457', '49,822', '25,799']);
    expect(facts()).toMatchObject({
      Splits: 'test 5 expressions',
      Kinds: 'category, colour',
      Categories: '1,203',
      'Images in': '/data/emojiref',
      Licence: 'MIT',
    });
  });

  it('leaves out what is not known', () => {
    show({ licence: '', kinds: [''], description: '' });
    expect(Object.keys(facts())).toEqual(['Splits', 'Categories', 'Images in', 'Imported']);
    expect(card.find('.description').exists()).toBe(false);
    expect(card.find('.problems').exists()).toBe(false);
  });

  it('keeps the whole of a long name and description within reach', () => {
    const name = 'RefCOCOg with the corrections of the second round '.repeat(4);
    show({ name, description: name });
    expect(card.get('h2').attributes('title')).toBe(name);
    expect(card.get('.description').attributes('title')).toBe(name);
  });

  it('says which one is open, and opens on one press', async () => {
    show({}, true);
    expect(card.text()).toContain('Open');
    await card
      .findAll('button')
      .find((each) => each.text() === 'Browse')!
      .trigger('click');
    expect(card.emitted('browse')).toHaveLength(1);
  });

  it('asks for its export and its removal from the menu', async () => {
    show();
    expect((await openMenu('More about EmojiRef')).map((item) => item.textContent?.trim())).toEqual([
      'Import predictions…',
      'Export…',
      'Remove…',
    ]);
    find('[role="menuitem"]', 'Remove').click();
    await flushPromises();
    expect(card.emitted('remove')).toHaveLength(1);
    await choose('Export…');
    expect(card.emitted('export')).toHaveLength(1);
  });

  it('offers the export of predictions where there are some', async () => {
    show({}, true);
    useRuns().list = [exampleRun(3, 'risclip')];
    await flushPromises();
    const items = (await openMenu('More about EmojiRef')).map((item) => item.textContent?.trim());
    expect(items).toContain('Export predictions…');
  });
});

describe('what was repaired and left out', () => {
  it('is counted, and listed in words when it is asked for', async () => {
    show({ repaired: 1, rejected: 57 });
    const toggle = card.get('.problems button');
    expect(toggle.text()).toBe('1 item repaired, 57 items left out: show');
    await toggle.trigger('click');
    await flushPromises();
    expect(card.findAll('summary').map((each) => each.text())).toEqual([
      '57items left out',
      '1item repaired',
    ]);
    expect(
      card
        .findAll('td')
        .map((cell) => cell.text())
        .slice(0, 3),
    ).toEqual(['a.csv:2', 'image missing', 'It is not there.']);
    expect(card.text()).toContain('The first 2 of 57 items.');
    await toggle.trigger('click');
    expect(card.find('summary').exists()).toBe(false);
  });

  it('that cannot be read is told in a notice, and can be asked for again', async () => {
    unreadable = true;
    show({ repaired: 1 });
    await card.get('.problems button').trigger('click');
    await flushPromises();
    expect(useNotices().notices).toMatchObject([{ tone: 'error', message: 'They cannot be read.' }]);
    expect(card.get('.problems button').text()).toBe('1 item repaired: show');
  });

  it.each([
    [{ repaired: 0, rejected: 1 }, '1 item left out'],
    [{ repaired: 1_200, rejected: 0 }, '1,200 items repaired'],
  ])('of %j reads “%s”', (counts, words) => expect(problemWords(counts)).toBe(words));

  it('stands beside splits that are named, also where there is no name', () => {
    expect(
      splitWords([
        { split: 'train', expressions: 80_512 },
        { split: '', expressions: 1 },
      ]),
    ).toBe('train 80,512, no split 1 expression');
  });
});

describe('predictions of another method', () => {
  it('become a run that is named as their file', async () => {
    show();
    await choose('Import predictions…');
    expect(workbench.inputsOf('runs.importPredictions')).toMatchObject([
      { datasetId: 1, path: '/answers/other method.csv', name: 'other method' },
    ]);
    expect(useNotices().notices).toMatchObject([
      { tone: 'success', message: 'other method: 60 expressions answered.' },
    ]);
  });

  it('that were left out in part say how many, and where the first stands', async () => {
    left = [problem('line 7'), problem('line 9')];
    show();
    await choose('Import predictions…');
    expect(useNotices().notices).toMatchObject([
      {
        tone: 'warning',
        message: 'other method: 60 expressions answered, 2 answers left out.',
        hint: 'line 7: It is not there.',
      },
    ]);
  });

  it('are not asked for where no file was chosen', async () => {
    chosen = null;
    show();
    await choose('Import predictions…');
    expect(workbench.inputsOf('runs.importPredictions')).toEqual([]);
  });
});
