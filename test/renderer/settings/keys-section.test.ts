/** Every action with its keys: found, changed, given back, and what stands in the way. */
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { settingsSchema, type Settings } from '../../../src/common/contract';
import { WorkbenchError } from '../../../src/common/errors';
import { defineAction } from '../../../src/renderer/actions/action';
import { registry } from '../../../src/renderer/actions/registry';
import { useNotices } from '../../../src/renderer/stores/notices';
import { useSettings } from '../../../src/renderer/stores/settings';
import KeysSection from '../../../src/renderer/views/settings/KeysSection.vue';
import { find } from '../support/dom';
import { offerWorkbench } from '../support/workbench';

const save = defineAction({
  id: 'keys-test.save',
  label: 'Save the sketch',
  keys: ['s', 'Shift+F2'],
  group: 'General',
  run() {},
});
const wipe = defineAction({
  id: 'keys-test.wipe',
  label: 'Wipe the sketch',
  keys: [],
  group: 'Correct',
  run() {},
});

let section: VueWrapper;
let settings: Settings;
let refuses: boolean;

beforeAll(() => registry.add(save, wipe));
beforeEach(async () => {
  setActivePinia(createPinia());
  refuses = false;
  settings = settingsSchema.parse({});
  offerWorkbench({
    workspace: {
      settings: () => settings,
      changeSettings: (changes) => {
        if (refuses) throw new WorkbenchError('refused', 'The workspace is only read.', 'Open it elsewhere.');
        settings = { ...settings, ...(changes as Partial<Settings>) };
        return settings;
      },
    },
  });
  await useSettings().load();
  registry.useKeys({});
  section = mount(KeysSection, { attachTo: document.body });
});
afterEach(() => {
  section.unmount();
  document.body.innerHTML = '';
  registry.useKeys({});
});

/** The window binds the keys anew when they change. */
async function rebind() {
  await flushPromises();
  registry.useKeys(useSettings().settings?.keys ?? {});
  await flushPromises();
}
const row = (label: string) => section.findAll('li').find((each) => each.text().startsWith(label))!;
/** Keys as they are drawn; the words for readers are left out. */
const keys = (label: string) =>
  row(label)
    .findAll('.keys kbd')
    .map((key) => key.text());
const names = () => section.findAll('li > .label').map((each) => each.text());
const search = (words: string) => section.get('input').setValue(words);

async function record(label: string, key: string, then: string) {
  await row(label).get('button').trigger('click');
  await flushPromises();
  find('.recorder').dispatchEvent(
    new KeyboardEvent('keydown', { key, code: `Key${key.toUpperCase()}`, bubbles: true, cancelable: true }),
  );
  await flushPromises();
  find('[role="dialog"] button', then).click();
  await rebind();
}

it('lists actions in their groups, with all their keys, or says that there is none', () => {
  expect(section.findAll('h3').map((title) => title.text())).toEqual(['General', 'Correct']);
  expect(keys('Save the sketch')).toEqual(['S', 'Shift', 'F2']);
  expect(row('Save the sketch').get('.or').text()).toBe('or');
  expect(row('Wipe the sketch').get('.keys').text()).toBe('no key');
});

it('finds actions by their words, their group and their keys', async () => {
  await search('wipe');
  expect(names()).toEqual(['Wipe the sketch']);
  await search('general');
  expect(names()).toEqual(['Save the sketch']);
  await search('shift f2');
  expect(names()).toEqual(['Save the sketch']);
  await search('nothing of the kind');
  expect(section.text()).toContain('No action matches.');
});

it('gives an action the key that is pressed, keeps it, and gives the shipped ones back', async () => {
  const back = () => row('Save the sketch').get('[aria-label="Shipped keys for Save the sketch"]');
  expect(back().attributes('disabled')).toBeDefined();
  await record('Save the sketch', 'q', 'Use it');
  expect(settings.keys).toEqual({ 'keys-test.save': ['q'] });
  expect(keys('Save the sketch')).toEqual(['Q']);
  await back().trigger('click');
  await rebind();
  expect(settings.keys).toEqual({});
  expect(keys('Save the sketch')).toEqual(['S', 'Shift', 'F2']);
});

it('takes a key away, and resets all of them at once', async () => {
  await record('Save the sketch', 'q', 'No key');
  expect(row('Save the sketch').get('.keys').text()).toBe('no key');
  await record('Wipe the sketch', 'w', 'Use it');
  const reset = section.findAll('.head button').at(-1)!;
  expect(reset.text()).toBe('Reset all (2 changes)');
  await reset.trigger('click');
  await rebind();
  expect(settings.keys).toEqual({});
  expect(reset.text()).toBe('Reset all');
  expect(reset.attributes('disabled')).toBeDefined();
});

it('says whose key an action shares', async () => {
  await record('Wipe the sketch', 's', 'Use it');
  expect(row('Wipe the sketch').get('.shared').attributes('title')).toBe('Save the sketch');
});

it('tells when a key could not be kept, and shows the one that counts', async () => {
  refuses = true;
  await record('Save the sketch', 'q', 'Use it');
  expect(useNotices().notices).toMatchObject([{ message: 'The workspace is only read.' }]);
  expect(keys('Save the sketch')).toEqual(['S', 'Shift', 'F2']);
});
