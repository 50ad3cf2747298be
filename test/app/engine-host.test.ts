import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { EventName } from '../../src/common/contract';
import { EngineHost, type EngineStatus } from '../../src/main/app/engine-host';
import { canHostEngine, findPlainNode, forkNode } from '../../src/main/app/engine-process';

const entry = join(import.meta.dirname, '..', 'support', 'fragile-engine.cjs');
const hosts: EngineHost[] = [];

function startHost(version = '1'): { host: EngineHost; states: EngineStatus['state'][]; log: string[] } {
  const states: EngineStatus['state'][] = [];
  const log: string[] = [];
  const host = new EngineHost({
    startProcess: () => forkNode(entry, process.execPath),
    start: { workspacePath: '/nowhere', resourcesPath: '/nowhere', logPath: null, version },
    emit: (name: EventName, payload: unknown) => {
      if (name === 'engine.status') states.push((payload as EngineStatus).state);
    },
    log: (message) => `line-${log.push(message)}`,
    firstDelay: 20,
  });
  hosts.push(host);
  host.start();
  return { host, states, log };
}

afterEach(async () => {
  await Promise.all(hosts.splice(0).map((host) => host.close()));
});

describe('the supervised engine process', () => {
  it('answers calls made before it was ready, and keeps bytes as bytes', async () => {
    const { host } = startHost();
    const bytes = await host.call('test', 'bytes', {});
    expect(bytes.ok && new Uint8Array(bytes.value as Uint8Array)).toEqual(new Uint8Array([0, 1, 255]));
    const input = { text: 'ä', list: [1, null, { a: true }] };
    expect(await host.call('test', 'echo', input)).toEqual({ ok: true, value: input });
  });

  it('rejects what was under way when it dies, restarts, and answers what waited', async () => {
    const { host, states } = startHost();
    await host.call('test', 'echo', 1);
    const firstPid = host.pid;
    const doomed = await host.call('test', 'die', {});
    expect(doomed).toMatchObject({ ok: false, error: { kind: 'engine-crashed' } });
    expect(doomed.ok ? '' : doomed.error.message).toContain('SIGKILL');
    // Asked while there is no engine: waits for the next one.
    expect(await host.call('test', 'echo', 2)).toEqual({ ok: true, value: 2 });
    expect(host.pid).not.toBe(firstPid);
    expect(states).toEqual(['ready', 'restarting', 'ready']);
  });

  it('starts on a backup after the old one has ended, and on no backup the next time', async () => {
    const { host, states } = startHost();
    await host.call('test', 'echo', 1);
    await host.restoreBackup('2026-01-01.sqlite');
    expect(await host.call('test', 'restored', {})).toEqual({ ok: true, value: '2026-01-01.sqlite' });
    expect(states).toEqual(['ready', 'restarting', 'ready']);
    await host.call('test', 'die', {});
    expect(await host.call('test', 'restored', {})).toEqual({ ok: true, value: null });
  });

  it.each([
    ['damaged.sqlite', { kind: 'damaged', message: 'It is damaged.', hint: 'Choose another.' }],
    ['deadly.sqlite', { kind: 'engine-crashed', message: expect.stringContaining('SIGKILL') as string }],
  ])(
    'says why the backup %s was not restored, and goes on with the workspace as it was',
    async (name, why) => {
      const { host, states } = startHost();
      await host.call('test', 'echo', 1);
      await expect(host.restoreBackup(name)).rejects.toMatchObject(why);
      expect(await host.call('test', 'restored', {})).toEqual({ ok: true, value: null });
      expect(states).toEqual(['ready', 'restarting', 'ready']);
    },
  );

  it('ends the wait for a backup where another start is asked for meanwhile', async () => {
    const { host } = startHost();
    await host.call('test', 'echo', 1);
    const restoring = expect(host.restoreBackup('endless.sqlite')).rejects.toThrow('was restarted');
    // The old engine has ended once the next one is there.
    while (host.currentStatus.state !== 'restarting' || host.pid === undefined) {
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    host.restart();
    await restoring;
    expect(await host.call('test', 'restored', {})).toEqual({ ok: true, value: null });
  });

  it('gives up after the third crash in a minute, says so, and starts again when asked to', async () => {
    const { host, states, log } = startHost();
    for (const name of ['die', 'throw', 'die']) {
      expect(await host.call('test', name, {})).toMatchObject({ ok: false });
    }
    expect(await host.call('test', 'echo', 1)).toMatchObject({
      ok: false,
      error: { kind: 'engine-crashed', hint: expect.stringContaining('Restart Engine') as string },
    });
    expect(states.at(-1)).toBe('failed');
    expect(host.currentStatus.detail).toContain('3 times within a minute');
    expect(log.filter((line) => line === 'The engine crashed')).toHaveLength(3);
    host.restart();
    expect(await host.call('test', 'echo', 4)).toEqual({ ok: true, value: 4 });
    expect(host.currentStatus.state).toBe('ready');
  });

  it('does not try again where the workspace cannot be opened', async () => {
    const { host, states } = startHost('unopenable');
    const expected = { ok: false, error: { kind: 'newer-version', hint: 'Update.' } };
    expect(await host.call('test', 'echo', 1)).toMatchObject(expected);
    expect(await host.call('test', 'echo', 1)).toMatchObject(expected);
    expect(states).toEqual(['failed']);
  });

  it('ends the process when it is closed', async () => {
    const { host } = startHost();
    await host.call('test', 'echo', 1);
    const pid = host.pid!;
    await host.close();
    expect(() => process.kill(pid, 0)).toThrow();
  });

  it('says what is missing where the process cannot be started at all', async () => {
    const host = new EngineHost({
      startProcess: () => forkNode(entry, '/nowhere/node'),
      start: { workspacePath: '', resourcesPath: '', logPath: null, version: '1' },
      emit: () => {},
      log: () => 'line',
      firstDelay: 1,
    });
    host.start();
    expect(await host.call('test', 'echo', 1)).toMatchObject({
      ok: false,
      error: { kind: 'engine-crashed' },
    });
    expect(host.currentStatus.state).toBe('failed');
  });
});

describe('where the engine runs', () => {
  it('is Electron itself from N-API 10 on', () => {
    expect(canHostEngine('8')).toBe(false);
    expect(canHostEngine('9')).toBe(false);
    expect(canHostEngine('10')).toBe(true);
    expect(canHostEngine(undefined)).toBe(
      process.versions['napi'] !== undefined && Number(process.versions['napi']) >= 10,
    );
  });

  it('is else the Node that the start script names, or one of the dependencies', () => {
    expect(findPlainNode('/nowhere', { GROUNDING_WORKBENCH_NODE: process.execPath })).toBe(process.execPath);
    expect(() => findPlainNode('/nowhere', {})).toThrow(/no Node 22/);
  });
});
