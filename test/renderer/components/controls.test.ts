import { flushPromises, mount } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { describe, expect, it } from 'vitest';
import { defineAction } from '../../../src/renderer/actions/action';
import { registry } from '../../../src/renderer/actions/registry';
import { WorkbenchFailure } from '../../../src/renderer/api/client';
import AppButton from '../../../src/renderer/components/AppButton.vue';
import ErrorState from '../../../src/renderer/components/ErrorState.vue';
import IconButton from '../../../src/renderer/components/IconButton.vue';
import NumberField from '../../../src/renderer/components/NumberField.vue';
import ProgressBar from '../../../src/renderer/components/ProgressBar.vue';
import SegmentedControl from '../../../src/renderer/components/SegmentedControl.vue';
import SelectBox from '../../../src/renderer/components/SelectBox.vue';
import TextField from '../../../src/renderer/components/TextField.vue';
import IouHistogramFilter from '../../../src/renderer/views/browse/IouHistogramFilter.vue';

describe('NumberField', () => {
  function field(modelValue: number) {
    return mount(NumberField, { props: { modelValue, label: 'Limit', minimum: 1, maximum: 100 } });
  }

  it('takes a number when it is left, within its bounds', async () => {
    const wrapper = field(5);
    const input = wrapper.get('input');
    await input.setValue('250');
    expect(wrapper.emitted('update:modelValue')).toEqual([[100]]);
    await wrapper.setProps({ modelValue: 100 });
    expect(input.element.value).toBe('100');
  });

  it.each(['', 'abc', '--', '1.2.3', 'NaN', 'Infinity'])(
    'goes back to what it was from “%s”',
    async (nonsense) => {
      const wrapper = field(5);
      await wrapper.get('input').setValue(nonsense);
      expect(wrapper.emitted('update:modelValue')).toBeUndefined();
      expect(wrapper.get('input').element.value).toBe('5');
    },
  );

  it('shows what was taken where its holder keeps another number', async () => {
    const asked: number[] = [];
    const wrapper = mount(NumberField, {
      props: { modelValue: 5, label: 'Left', 'onUpdate:modelValue': (value: number) => asked.push(value) },
    });
    await wrapper.get('input').setValue('70');
    await flushPromises();
    expect(asked).toEqual([70]);
    expect(wrapper.get('input').element.value).toBe('5');
  });

  it('knows the comma, and steps by arrows', async () => {
    const wrapper = mount(NumberField, { props: { modelValue: 5, label: 'Left', digits: 2 } });
    const input = wrapper.get('input');
    await input.setValue('12,5');
    await input.trigger('keydown', { key: 'ArrowUp' });
    await wrapper.setProps({ modelValue: 6 });
    await input.trigger('keydown', { key: 'ArrowDown', shiftKey: true });
    expect(wrapper.emitted('update:modelValue')).toEqual([[12.5], [13.5], [-4]]);
  });
});

describe('TextField', () => {
  it('as a search field is emptied by Escape before Escape leaves it', async () => {
    const wrapper = mount(TextField, {
      attachTo: document.body,
      props: { modelValue: 'red', label: 'Search', type: 'search' as const },
    });
    const input = wrapper.get('input');
    input.element.focus();
    await input.trigger('keydown', { key: 'Escape' });
    expect(input.element.value).toBe('');
    expect(document.activeElement).toBe(input.element);
    await input.trigger('keydown', { key: 'Escape' });
    expect(document.activeElement).toBe(document.body);
    wrapper.unmount();
  });
});

describe('SegmentedControl', () => {
  it('is a group of radio buttons that arrows move through, past what is disabled', async () => {
    const wrapper = mount(SegmentedControl<string>, {
      props: {
        modelValue: 'a',
        label: 'Size',
        options: [
          { value: 'a', label: 'A' },
          { value: 'b', label: 'B', disabled: true },
          { value: 'c', label: 'C' },
        ],
      },
    });
    expect(wrapper.findAll('[role="radio"]').map((each) => each.attributes('aria-checked'))).toEqual([
      'true',
      'false',
      'false',
    ]);
    await wrapper.get('[role="radiogroup"]').trigger('keydown', { key: 'ArrowRight' });
    expect(wrapper.emitted('update:modelValue')).toEqual([['c']]);
  });
});

describe('SelectBox', () => {
  it('gives the value with its type, not as text', async () => {
    const wrapper = mount(SelectBox<number>, {
      props: {
        modelValue: 1,
        label: 'Run',
        options: [
          { value: 1, label: 'One' },
          { value: 2, label: 'Two' },
        ],
      },
    });
    await wrapper.get('select').setValue(2);
    expect(wrapper.emitted('update:modelValue')).toEqual([[2]]);
    expect(wrapper.get('label').attributes('for')).toBe(wrapper.get('select').attributes('id'));
  });
});

describe('IconButton', () => {
  it('of an action takes its name, performs it, and is disabled while it is impossible', async () => {
    setActivePinia(createPinia());
    let performed = 0;
    registry.add(
      defineAction({
        id: 'test.count',
        label: 'Count',
        keys: ['c'],
        group: 'General',
        when: () => performed === 0,
        run: () => void (performed += 1),
      }),
    );
    const wrapper = mount(IconButton, { props: { icon: 'plus', action: 'test.count' } });
    const button = wrapper.get('button');
    expect(button.attributes('aria-label')).toBe('Count');
    await button.trigger('click');
    expect(performed).toBe(1);
    const later = mount(IconButton, { props: { icon: 'plus', action: 'test.count' } });
    expect(later.get('button').attributes('disabled')).toBeDefined();
  });
});

describe('AppButton', () => {
  it('takes no press while it is busy', async () => {
    const wrapper = mount(AppButton, { props: { busy: true }, slots: { default: 'Save' } });
    await wrapper.get('button').trigger('click');
    expect(wrapper.emitted('click')).toBeUndefined();
    expect(wrapper.get('button').attributes('aria-busy')).toBe('true');
  });
});

describe('ErrorState', () => {
  it('tells what happened, what to do and the id that finds the log line', async () => {
    const failure = new WorkbenchFailure({
      kind: 'damaged',
      message: 'The file is damaged.',
      hint: 'Restore a backup.',
      id: 'e-9',
    });
    const wrapper = mount(ErrorState, { props: { failure } });
    for (const text of ['The file is damaged.', 'Restore a backup.', 'e-9'])
      expect(wrapper.text()).toContain(text);
    await wrapper.get('button').trigger('click');
    expect(wrapper.emitted('retry')).toHaveLength(1);
  });
});

describe('ProgressBar', () => {
  it('claims nothing while the total is unknown', () => {
    const unknown = mount(ProgressBar, { props: { done: 3, total: 0 } });
    expect(unknown.attributes('aria-valuenow')).toBeUndefined();
    const known = mount(ProgressBar, { props: { done: 3, total: 4 } });
    expect(known.attributes('aria-valuenow')).toBe('3');
    expect(known.attributes('aria-valuemax')).toBe('4');
  });
});

describe('IouHistogramFilter', () => {
  it('has two handles that keys move', async () => {
    const wrapper = mount(IouHistogramFilter, {
      props: {
        modelValue: { from: 0, to: 1 },
        histogram: new Array<number>(20).fill(1),
        label: 'RisCLIP',
        colour: 'red',
      },
    });
    const [lowest, highest] = wrapper.findAll('[role="slider"]');
    expect(lowest?.attributes('aria-label')).toBe('RisCLIP: lowest IoU');
    await lowest?.trigger('keydown', { key: 'ArrowRight' });
    await highest?.trigger('keydown', { key: 'PageDown' });
    expect(wrapper.emitted('update:modelValue')).toEqual([
      [{ from: 0.05, to: 1 }],
      [{ from: 0.05, to: 0.8 }],
    ]);
  });
});
