import { flushPromises, mount } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, it } from 'vitest';
import { defineAction } from '../../../src/renderer/actions/action';
import { registry } from '../../../src/renderer/actions/registry';
import CommandPalette from '../../../src/renderer/shell/CommandPalette.vue';
import { router } from '../../../src/renderer/router';
import { useBrowse } from '../../../src/renderer/stores/browse';
import { useShell } from '../../../src/renderer/stores/shell';
import { offerWorkbench } from '../support/workbench';

const performed: string[] = [];

function command(id: string, label: string, changes: { keyOnly?: boolean; when?: () => boolean } = {}) {
  return defineAction({
    id,
    label,
    keys: [],
    group: 'General',
    run: () => void performed.push(id),
    ...changes,
  });
}

router.addRoute({ path: '/browse', name: 'browse', component: {} });
registry.add(
  command('test.export', 'Export the report'),
  command('test.label', 'Label the failure'),
  command('test.nudge', 'Move the box left', { keyOnly: true }),
  command('test.undo', 'Undo', { when: () => false }),
);

beforeEach(() => {
  performed.length = 0;
  setActivePinia(createPinia());
  offerWorkbench({});
});

function labels(): string[] {
  return [...document.querySelectorAll('[role="option"] .label')].map((each) => each.textContent ?? '');
}

describe('the command palette', () => {
  it('lists what can be done now, finds it by its words, and does it', async () => {
    const wrapper = mount(CommandPalette, { attachTo: document.body });
    useShell().toggle('palette');
    await flushPromises();
    expect(labels()).toEqual(['Export the report', 'Label the failure']);
    const input = document.querySelector<HTMLInputElement>('[role="combobox"]');
    expect(document.activeElement).toBe(input);
    if (input) input.value = 'fail lab';
    input?.dispatchEvent(new Event('input'));
    await flushPromises();
    expect(labels()).toEqual(['Label the failure', 'Search the expressions for “fail lab”']);
    input?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter' }));
    await flushPromises();
    expect(performed).toEqual(['test.label']);
    expect(useShell().overlay).toBeNull();
    wrapper.unmount();
  });

  it('finds what cannot be done now, says why, and does not do it', async () => {
    const wrapper = mount(CommandPalette, { attachTo: document.body });
    useShell().toggle('palette');
    await flushPromises();
    const input = document.querySelector<HTMLInputElement>('[role="combobox"]');
    if (input) input.value = 'undo';
    input?.dispatchEvent(new Event('input'));
    await flushPromises();
    expect(labels()).toEqual(['Search the expressions for “undo”', 'Undo']);
    const found = [...document.querySelectorAll<HTMLElement>('[role="option"]')].at(-1);
    expect(found?.getAttribute('aria-disabled')).toBe('true');
    expect(found?.textContent).toContain('not now');
    found?.click();
    await flushPromises();
    expect(performed).toEqual([]);
    wrapper.unmount();
  });

  it('searches the expressions for whatever is no command', async () => {
    const wrapper = mount(CommandPalette, { attachTo: document.body });
    useShell().toggle('palette');
    await flushPromises();
    const input = document.querySelector<HTMLInputElement>('[role="combobox"]');
    if (input) input.value = 'red balloon';
    input?.dispatchEvent(new Event('input'));
    await flushPromises();
    input?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter' }));
    await flushPromises();
    expect(useBrowse().filter.text).toBe('red balloon');
    wrapper.unmount();
  });
});
