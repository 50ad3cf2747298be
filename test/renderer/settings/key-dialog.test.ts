import { mount } from '@vue/test-utils';
import { nextTick } from 'vue';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { defineAction } from '../../../src/renderer/actions/action';
import { registry } from '../../../src/renderer/actions/registry';
import KeyDialog from '../../../src/renderer/views/settings/KeyDialog.vue';

const save = defineAction({ id: 'dialog.save', label: 'Save it', keys: ['s'], group: 'General', run() {} });
const go = defineAction({ id: 'dialog.go', label: 'Go there', keys: ['g t'], group: 'Go to', run() {} });

beforeAll(() => registry.add(save, go));
afterEach(() => (document.body.innerHTML = ''));

const recorder = () => document.querySelector<HTMLElement>('.recorder')!;
const button = (name: string) =>
  [...document.querySelectorAll<HTMLButtonElement>('button')].find(
    (each) => each.innerText === name || each.textContent?.trim() === name,
  )!;

async function open() {
  const dialog = mount(KeyDialog, { props: { action: null }, attachTo: document.body });
  await dialog.setProps({ action: save });
  await nextTick();
  return dialog;
}

async function press(key: string) {
  const event = new KeyboardEvent('keydown', {
    key,
    code: `Key${key.toUpperCase()}`,
    bubbles: true,
    cancelable: true,
  });
  recorder().dispatchEvent(event);
  await nextTick();
  return event;
}

it('records a sequence, says whose it is, and hands it over only when it is taken', async () => {
  const dialog = await open();
  expect(button('Use it').disabled).toBe(true);
  expect((await press('g')).defaultPrevented).toBe(true);
  expect(document.querySelector('[role="status"]')?.textContent).toContain('Go there');
  await press('w');
  expect(document.querySelector('[role="status"]')?.textContent).toBe(
    'G then W is free wherever this can be done.',
  );
  expect(dialog.emitted('choose')).toBeUndefined();
  button('Use it').click();
  expect(dialog.emitted('choose')).toEqual([[['g w']]]);
  dialog.unmount();
});

it('leaves Tab and Escape to the dialog, and can take the key away', async () => {
  const dialog = await open();
  expect((await press('Tab')).defaultPrevented).toBe(false);
  expect(button('Use it').disabled).toBe(true);
  button('No key').click();
  expect(dialog.emitted('choose')).toEqual([[[]]]);
  dialog.unmount();
});
