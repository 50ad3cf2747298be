import { mount } from '@vue/test-utils';
import { nextTick } from 'vue';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { defineAction } from '../../../src/renderer/actions/action';
import { keyTextOf, registry } from '../../../src/renderer/actions/registry';
import KeyHint from '../../../src/renderer/components/KeyHint.vue';

beforeAll(() =>
  registry.add(
    defineAction({ id: 'hint.shown', label: 'Shown', keys: ['Shift+k', 'F9'], group: 'General', run() {} }),
    defineAction({ id: 'hint.none', label: 'None', keys: [], group: 'General', run() {} }),
  ),
);
afterEach(() => registry.useKeys({}));

describe('a key hint', () => {
  it('shows the first key of an action, and follows when another is chosen or none', async () => {
    const hint = mount(KeyHint, { props: { action: 'hint.shown' } });
    const printed = () => hint.findAll('kbd').map((each) => each.text());
    expect(printed()).toEqual(['Shift', 'K']);
    registry.useKeys({ 'hint.shown': ['g w'] });
    await nextTick();
    expect(printed()).toEqual(['G', 'W']);
    expect(hint.text()).toContain('G then W');
    expect(keyTextOf('hint.shown')).toBe('G then W');
    registry.useKeys({ 'hint.shown': [] });
    await nextTick();
    expect(hint.find('.keys').exists()).toBe(false);
  });

  it('is nothing for an action without a key, and prints keys that belong to no action', () => {
    expect(mount(KeyHint, { props: { action: 'hint.none' } }).text()).toBe('');
    expect(mount(KeyHint, { props: { keys: '$mod+k' } }).text()).toContain('Ctrl+K');
  });
});
