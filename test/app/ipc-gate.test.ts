import { beforeEach, describe, expect, it, vi } from 'vitest';
import { callChannel } from '../../src/common/channels';
import { contract, type AnyCall } from '../../src/common/contract';
import type { Result } from '../../src/common/errors';
import { listenToWindow } from '../../src/main/app/ipc-gate';
import { registered } from '../support/electron';

vi.mock('electron', () => import('../support/electron'));

const ownWindow = { name: 'the contents of our window' };
const mainFrame = { parent: null, url: 'workbench://app/index.html#/browse' };

const reached: { host: string; call: string; input: unknown }[] = [];
const logged: string[] = [];

beforeEach(() => {
  reached.length = 0;
  logged.length = 0;
  const answerAs = (host: string) => (domain: string, name: string, input: unknown) => {
    reached.push({ host, call: `${domain}.${name}`, input });
    return Promise.resolve({ ok: true as const, value: 'answered' });
  };
  listenToWindow({
    isOwnWindow: (sender) => sender === ownWindow,
    answer: { engine: answerAs('engine'), main: answerAs('main') },
    log(message) {
      logged.push(message);
      return `line-${logged.length}`;
    },
  });
});

function ask(
  domain: unknown,
  name: unknown,
  input: unknown,
  event: { sender: unknown; senderFrame: unknown } = { sender: ownWindow, senderFrame: mainFrame },
): Promise<Result<unknown>> {
  return registered.get(callChannel)!(event, domain, name, input) as Promise<Result<unknown>>;
}

function kindOf(result: Result<unknown>): string {
  return result.ok ? 'ok' : result.error.kind;
}

describe('who may call', () => {
  it('passes a call of the main frame on to its host', async () => {
    expect(await ask('datasets', 'list', {})).toEqual({ ok: true, value: 'answered' });
    expect(await ask('app', 'info', {})).toEqual({ ok: true, value: 'answered' });
    expect(reached.map(({ host, call }) => `${host} ${call}`)).toEqual([
      'engine datasets.list',
      'main app.info',
    ]);
  });

  const strangers: [string, { sender: unknown; senderFrame: unknown }][] = [
    ['a frame inside the page', { sender: ownWindow, senderFrame: { ...mainFrame, parent: mainFrame } }],
    ['a frame that is gone', { sender: ownWindow, senderFrame: null }],
    ['a web page', { sender: ownWindow, senderFrame: { parent: null, url: 'https://example.org/' } }],
    ['a file', { sender: ownWindow, senderFrame: { parent: null, url: 'file:///tmp/page.html' } }],
    ['about:blank', { sender: ownWindow, senderFrame: { parent: null, url: 'about:blank' } }],
    [
      'another host of our scheme',
      { sender: ownWindow, senderFrame: { parent: null, url: 'workbench://evil/' } },
    ],
    [
      'a host that starts like ours',
      { sender: ownWindow, senderFrame: { parent: null, url: 'workbench://app.evil/' } },
    ],
    [
      'a report frame',
      { sender: ownWindow, senderFrame: { parent: null, url: 'workbench-report://report/' } },
    ],
    ['another window', { sender: {}, senderFrame: mainFrame }],
  ];
  it.each(strangers)('refuses and logs %s', async (_name, event) => {
    const result = await ask('datasets', 'list', {}, event);
    expect(result).toMatchObject({ ok: false, error: { kind: 'refused', id: 'line-1' } });
    expect(reached).toEqual([]);
  });
});

describe('what may be called', () => {
  const absent: [unknown, unknown][] = [
    ['datasets', 'drop'],
    ['nothing', 'list'],
    ['__proto__', 'toString'],
    ['datasets', '__proto__'],
    ['datasets', 'constructor'],
    ['constructor', 'name'],
    [null, null],
    [{}, []],
    ['images', 'read'],
  ];
  it.each(absent)('refuses %s.%s', async (domain, name) => {
    expect(kindOf(await ask(domain, name, {}))).toBe('refused');
    expect(reached).toEqual([]);
  });
});

describe('every call of the contract validates its input', () => {
  const calls = Object.entries(contract).flatMap(([domain, definitions]) =>
    Object.entries(definitions as Record<string, AnyCall>)
      .filter(([, definition]) => !definition.internal)
      .map(([name, definition]) => ({ domain, name, definition })),
  );
  const tooLong = 'x'.repeat(10_000_000);
  const withPrototype = JSON.parse('{"__proto__": {"admin": true}}') as unknown;
  const bad: [string, unknown][] = [
    ['nothing', undefined],
    ['null', null],
    ['a number', 7],
    ['NaN', Number.NaN],
    ['a text', 'text'],
    ['ten megabytes', tooLong],
    ['a list', []],
    ['an unknown key', { unheardOf: 1 }],
    ['an own __proto__', withPrototype],
  ];

  it('knows calls of every domain', () => {
    expect(new Set(calls.map(({ domain }) => domain)).size).toBeGreaterThanOrEqual(
      Object.keys(contract).length - 1,
    );
  });

  it.each(calls)('$domain.$name', async ({ domain, name, definition }) => {
    for (const [what, input] of bad) {
      const result = await ask(domain, name, input);
      expect(kindOf(result), `${what} must be refused`).toBe('invalid');
    }
    // Each field, one at a time, with what no schema takes: the wrong type, NaN, ten megabytes.
    const shape = (definition.input as unknown as { shape?: Record<string, unknown> }).shape ?? {};
    for (const key of Object.keys(shape)) {
      for (const value of [Symbol.iterator.toString, Number.NaN, tooLong]) {
        expect(kindOf(await ask(domain, name, { [key]: value })), `${key} must be checked`).toBe('invalid');
      }
    }
    expect(reached).toEqual([]);
  });
});
