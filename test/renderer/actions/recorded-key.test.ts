import { describe, expect, it } from 'vitest';
import { defineAction, type Action } from '../../../src/renderer/actions/action';
import { keysCollide } from '../../../src/renderer/actions/key-collision';
import { recordedKey, withPress } from '../../../src/renderer/actions/recorded-key';
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

describe('a recorded sequence', () => {
  it('grows with every press that comes soon, up to three, and begins anew after a pause', () => {
    expect(withPress('', 'g', Infinity)).toBe('g');
    expect(withPress('g', '$mod+b', 400)).toBe('g $mod+b');
    expect(withPress('g', 'b', 1_000)).toBe('b');
    expect(withPress('a b', 'c', 10)).toBe('a b c');
    expect(withPress('a b c', 'd', 10)).toBe('d');
  });
});

describe('keys that get in the way of each other', () => {
  it('are the same, or the beginning of the other', () => {
    expect(keysCollide('x', 'x')).toBe(true);
    expect(keysCollide('g', 'g b')).toBe(true);
    expect(keysCollide('g b', 'g')).toBe(true);
    expect(keysCollide('g b', 'g d')).toBe(false);
    expect(keysCollide('b', 'g b')).toBe(false);
    expect(keysCollide('[Shift]+?', '?')).toBe(true);
    expect(keysCollide('Shift+x', 'x')).toBe(false);
  });

  it('do so only on a screen that both actions are on, and not where they were made to take turns', () => {
    const registry = new ActionRegistry();
    const action = (id: string, keys: string[], on?: Action['on']) =>
      defineAction({ id, label: id, keys, group: 'General', ...(on ? { on } : {}), run: () => undefined });
    registry.add(
      action('browse.a', ['x'], ['browse']),
      action('inspect.a', ['x', 'b'], ['inspect']),
      action('inspect.turn', ['b'], ['inspect']),
      action('general.go', ['g b']),
      action('both.a', ['y'], ['browse', 'inspect']),
    );
    const met = (id: string, ...keys: string[]) =>
      registry.conflicts(registry.get(id)!, keys).map((other) => other.id);
    // As shipped there is none: other screens, or turns.
    expect(registry.all().flatMap((each) => registry.conflicts(each))).toEqual([]);
    expect(met('both.a', 'x')).toEqual(['browse.a', 'inspect.a']);
    expect(met('browse.a', 'b')).toEqual([]);
    expect(met('browse.a', 'g')).toEqual(['general.go']);
    expect(met('inspect.turn', 'x')).toEqual(['inspect.a']);
    registry.useKeys({ 'both.a': ['b'] });
    expect(met('both.a', 'b')).toEqual(['inspect.a', 'inspect.turn']);
    expect(registry.conflicts(registry.get('inspect.turn')!).map(({ id }) => id)).toEqual(['both.a']);
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
    expect([...registry.byKey('browse').keys()]).toEqual(['x', 'q']);
    expect(registry.all().map((action) => registry.hasOwnKeys(action))).toEqual([false, true]);
    registry.useKeys({});
    expect([...registry.byKey('browse').keys()]).toEqual(['x', 'y', 'z']);
    expect(registry.all().some((action) => registry.hasOwnKeys(action))).toBe(false);
  });

  it('may be none, and may name actions that are no more', () => {
    registry.useKeys({ 'a.one': [], 'gone.away': ['x'] });
    expect(registry.get('a.one')?.keys).toEqual([]);
    expect([...registry.byKey('browse').keys()]).toEqual(['y', 'z']);
  });
});
