import { describe, expect, it } from 'vitest';
import { recordedKey } from '../../../src/renderer/actions/recorded-key';
import { ActionRegistry } from '../../../src/renderer/actions/registry';

const press = (key: string, code: string, held: Partial<KeyboardEvent> = {}) =>
  recordedKey({ key, code, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...held });

describe('a recorded key', () => {
  it('is written as the actions write theirs', () => {
    expect(press('j', 'KeyJ')).toBe('j');
    expect(press('T', 'KeyT', { shiftKey: true })).toBe('Shift+t');
    expect(press('§', 'Digit3', { shiftKey: true })).toBe('Shift+Digit3');
    expect(press('?', 'Minus', { shiftKey: true })).toBe('[Shift]+?');
    expect(press(' ', 'Space')).toBe('Space');
    expect(press('ArrowLeft', 'ArrowLeft', { altKey: true })).toBe('Alt+ArrowLeft');
    expect(press('k', 'KeyK', { ctrlKey: true })).toBe('$mod+k');
  });

  it('waits while only modifiers are held', () => {
    expect(press('Shift', 'ShiftLeft', { shiftKey: true })).toBeNull();
    expect(press('Control', 'ControlLeft', { ctrlKey: true })).toBeNull();
  });
});

describe('chosen keys', () => {
  const registry = new ActionRegistry();
  registry.add(
    { id: 'a.one', label: 'One', keys: ['x'], group: 'General', run: () => undefined },
    { id: 'a.two', label: 'Two', keys: ['y', 'z'], group: 'General', run: () => undefined },
  );

  it('take the place of the shipped ones, and give it back', () => {
    registry.useKeys({ 'a.two': ['q'] });
    expect([...registry.byKey().keys()]).toEqual(['x', 'q']);
    expect(registry.all().map((action) => registry.hasOwnKeys(action))).toEqual([false, true]);
    registry.useKeys({});
    expect([...registry.byKey().keys()]).toEqual(['x', 'y', 'z']);
    expect(registry.all().some((action) => registry.hasOwnKeys(action))).toBe(false);
  });

  it('may be none, and may name actions that are no more', () => {
    registry.useKeys({ 'a.one': [], 'gone.away': ['x'] });
    expect(registry.get('a.one')?.keys).toEqual([]);
    expect([...registry.byKey().keys()]).toEqual(['y', 'z']);
  });
});
