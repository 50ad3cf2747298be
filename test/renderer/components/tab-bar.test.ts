import { mount } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import { nextTick } from 'vue';
import TabBar from '../../../src/renderer/components/TabBar.vue';

function tabs(locked = false) {
  const bar = mount(TabBar, {
    props: {
      modelValue: 'one',
      'onUpdate:modelValue': (value) => bar.setProps({ modelValue: value }),
      tabs: [
        { value: 'one', label: 'One' },
        { value: 'two', label: 'Two' },
        { value: 'three', label: 'Three' },
      ],
      name: 'test',
      label: 'Parts',
      panel: (value) => `panel-${value}`,
      locked,
    },
    attachTo: document.body,
  });
  return bar;
}
const press = async (bar: ReturnType<typeof tabs>, key: string) => {
  await bar.get('[role="tablist"]').trigger(`keydown.${key}`);
  await nextTick();
};

describe('tabs', () => {
  it('are walked round by arrow keys, the focus with them', async () => {
    const bar = tabs();
    await press(bar, 'left');
    expect(bar.props('modelValue')).toBe('three');
    expect(document.activeElement?.id).toBe('test-tab-three');
    await press(bar, 'right');
    await press(bar, 'right');
    expect(bar.props('modelValue')).toBe('two');
    bar.unmount();
  });

  it('say which panel each shows, and only the open one is a stop of the Tab key', () => {
    const bar = tabs();
    const all = bar.findAll('[role="tab"]');
    expect(all.map((tab) => tab.attributes('aria-controls'))).toEqual([
      'panel-one',
      'panel-two',
      'panel-three',
    ]);
    expect(all.map((tab) => tab.attributes('tabindex'))).toEqual(['0', '-1', '-1']);
    expect(all.map((tab) => tab.attributes('aria-selected'))).toEqual(['true', 'false', 'false']);
    bar.unmount();
  });

  it('leave the arrow keys alone while they belong to something else', async () => {
    const bar = tabs(true);
    await press(bar, 'right');
    expect(bar.props('modelValue')).toBe('one');
    bar.unmount();
  });
});
