import { createPinia, setActivePinia } from 'pinia';
import { afterEach, describe, expect, it } from 'vitest';
import { defineAction } from '../../../src/renderer/actions/action';
import { keyText } from '../../../src/renderer/actions/key-names';
import { actionForKey, bindKeys, isIgnored, isTyping } from '../../../src/renderer/actions/keyboard';
import { ActionRegistry } from '../../../src/renderer/actions/registry';

afterEach(() => (document.body.innerHTML = ''));

function press(markup: string, key: string, modifiers: KeyboardEventInit = {}): KeyboardEvent {
  document.body.innerHTML = markup;
  const target = document.body.querySelector('[data-target]') ?? document.body;
  let seen: KeyboardEvent | undefined;
  window.addEventListener('keydown', (event) => (seen = event), { once: true });
  target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...modifiers }));
  if (!seen) throw new Error('The event did not arrive.');
  return seen;
}

describe('keys and what has the focus', () => {
  it('leaves letters to a field that is typed into, but not commands with a modifier', () => {
    const field = '<input type="search" data-target>';
    expect(isIgnored(press(field, 'x'))).toBe(true);
    expect(isIgnored(press(field, 'ArrowLeft'))).toBe(true);
    expect(isIgnored(press(field, 'k', { ctrlKey: true }))).toBe(false);
    // Undoing what was typed belongs to the field.
    expect(isIgnored(press(field, 'z', { ctrlKey: true }))).toBe(true);
  });

  it('takes no key while an input method composes a character', () => {
    expect(isIgnored(press('<div data-target></div>', 'n', { isComposing: true }))).toBe(true);
  });

  it('leaves to each control the keys that it has a use for', () => {
    expect(isIgnored(press('<button data-target></button>', 'Enter'))).toBe(true);
    expect(isIgnored(press('<button data-target></button>', 'ArrowLeft'))).toBe(false);
    expect(isIgnored(press('<input type="checkbox" data-target>', ' '))).toBe(true);
    expect(isIgnored(press('<input type="checkbox" data-target>', 'ArrowDown'))).toBe(false);
    expect(isIgnored(press('<input type="radio" data-target>', 'ArrowDown'))).toBe(true);
    expect(isIgnored(press('<input type="range" data-target>', 'ArrowLeft'))).toBe(true);
    expect(isIgnored(press('<select data-target></select>', 'r'))).toBe(true);
  });

  it('lets nothing but Escape and modified keys through an open dialog', () => {
    const dialog = '<div role="dialog"><p data-target></p></div>';
    expect(isIgnored(press(dialog, '1'))).toBe(true);
    expect(isIgnored(press(dialog, 'Escape'))).toBe(false);
    expect(isIgnored(press(dialog, 'k', { ctrlKey: true }))).toBe(false);
  });

  it('knows fields from other controls', () => {
    document.body.innerHTML = '<textarea></textarea><input type="checkbox"><input>';
    const [area, box, field] = document.body.children;
    expect([area, box, field].map((each) => isTyping(each ?? null))).toEqual([true, false, true]);
  });
});

describe('which action a key means', () => {
  const possible = defineAction({ id: 'a', label: 'A', keys: ['Enter'], group: 'General', run: () => {} });
  const impossible = { ...possible, id: 'b', when: () => false };
  const repeating = { ...possible, id: 'c', repeats: true };

  it('is the first that is possible', () => {
    expect(actionForKey([impossible, possible, repeating], false)).toBe(possible);
    expect(actionForKey([impossible], false)).toBeUndefined();
  });

  it('is only a repeating one while the key is held down', () => {
    expect(actionForKey([possible, repeating], true)).toBe(repeating);
  });
});

describe('a sequence of keys', () => {
  it('takes its last key for itself, and leaves it to others when it was not begun', () => {
    setActivePinia(createPinia());
    const done: string[] = [];
    const registry = new ActionRegistry();
    const action = (id: string, keys: string) =>
      defineAction({ id, label: id, keys: [keys], group: 'General', run: () => void done.push(id) });
    // The single key was added first, as the folders' order has it.
    registry.add(action('next', 'j'), action('jobs', 'g j'));
    const unbind = bindKeys(registry, 'browse');
    const press = (key: string) =>
      window.dispatchEvent(new KeyboardEvent('keydown', { key, code: `Key${key.toUpperCase()}` }));
    press('g');
    press('j');
    expect(done).toEqual(['jobs']);
    press('j');
    expect(done).toEqual(['jobs', 'next']);
    unbind();
  });
});

describe('keys of another screen', () => {
  it('hold nothing back on this one, not even by beginning a sequence', () => {
    setActivePinia(createPinia());
    const done: string[] = [];
    const registry = new ActionRegistry();
    const action = (id: string, keys: string, screen: 'browse' | 'inspect') =>
      defineAction({
        id,
        label: id,
        keys: [keys],
        group: 'General',
        on: [screen],
        run: () => void done.push(id),
      });
    registry.add(action('best', 'b', 'browse'), action('brush', 'b e', 'inspect'));
    const unbind = bindKeys(registry, 'browse');
    window.dispatchEvent(new KeyboardEvent('keydown', { key: 'b', code: 'KeyB' }));
    expect(done).toEqual(['best']);
    unbind();
  });
});

describe('registry', () => {
  it('refuses a second action of the same id', () => {
    const registry = new ActionRegistry();
    const action = defineAction({ id: 'x.y', label: 'X', keys: [], group: 'General', run: () => {} });
    registry.add(action);
    expect(() => registry.add({ ...action })).toThrow('x.y');
  });
});

describe('names of keys', () => {
  it.each([
    ['$mod+k', 'Ctrl+K'],
    ['$mod+Shift+p', 'Ctrl+Shift+P'],
    ['g b', 'G then B'],
    ['[Shift]+?', '?'],
    ['Shift+ArrowLeft', 'Shift+←'],
    ['Digit1', '1'],
    ['PageDown', 'PgDn'],
  ])('%s is printed as %s', (keys, text) => expect(keyText(keys)).toBe(text));
});
