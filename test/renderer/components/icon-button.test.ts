import { mount } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import IconButton from '../../../src/renderer/components/IconButton.vue';

describe('an icon button', () => {
  it('tells of its press once', async () => {
    let pressed = 0;
    const button = mount(IconButton, {
      props: { icon: 'undo', label: 'Take back', onClick: () => (pressed += 1) },
      attachTo: document.body,
    });
    await button.get('button').trigger('click');
    expect(pressed).toBe(1);
    button.unmount();
  });

  it('says nothing while it is disabled', async () => {
    let pressed = 0;
    const button = mount(IconButton, {
      props: { icon: 'undo', label: 'Take back', disabled: true, onClick: () => (pressed += 1) },
    });
    await button.get('button').trigger('click');
    expect(pressed).toBe(0);
  });
});
