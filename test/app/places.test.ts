import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openLog } from '../../src/main/app/log';
import { commandLineValue, findPlaces } from '../../src/main/app/places';
import { readWindowState, writeWindowState } from '../../src/main/app/window-state';

const folder = mkdtempSync(join(tmpdir(), 'grounding-places-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('places', () => {
  it('come from the command line where it says so', () => {
    expect(commandLineValue(['electron', '.', '--workspace', '/a b'], 'workspace')).toBe('/a b');
    expect(commandLineValue(['electron', '--workspace=/c'], 'workspace')).toBe('/c');
    expect(commandLineValue(['electron', '--workspaces=/c'], 'workspace')).toBeNull();
    expect(commandLineValue(['electron', '--workspace'], 'workspace')).toBeNull();
  });

  it('are else in the user’s data folder and beside the built files', () => {
    const places = findPlaces('/app/out/main', '/user', ['electron', '.'], { XDG_DATA_HOME: '/data' });
    expect(places).toMatchObject({
      workspace: '/data/grounding-workbench/workspace',
      resources: '/app/resources',
      page: '/app/out/renderer',
      preload: '/app/out/preload/index.js',
      logs: '/user/logs',
    });
  });
});

describe('the window’s place', () => {
  const file = join(folder, 'window.json');
  const screen = { x: 0, y: 0, width: 1920, height: 1080 };
  const state = { x: 100, y: 50, width: 1200, height: 800, maximized: false };

  it('is remembered', () => {
    expect(readWindowState(file, [screen])).toBeNull();
    writeWindowState(file, state);
    expect(readWindowState(file, [screen])).toEqual(state);
  });

  it('is forgotten where that screen is gone, or the file is damaged', () => {
    expect(readWindowState(file, [{ ...screen, x: 5_000 }])).toBeNull();
    writeFileSync(file, '{"x":');
    expect(readWindowState(file, [screen])).toBeNull();
    writeFileSync(file, JSON.stringify({ ...state, width: 'wide' }));
    expect(readWindowState(file, [screen])).toBeNull();
  });
});

describe('the log', () => {
  it('gives each line an id that finds it', () => {
    const log = openLog(join(folder, 'logs'));
    const id = log.write('Something happened', { reason: 'a "quote"\nand a break' });
    const lines = readFileSync(log.path, 'utf8').trim().split('\n');
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0]!)).toMatchObject({
      id,
      message: 'Something happened',
      reason: 'a "quote"\nand a break',
    });
  });

  it('never throws', () => {
    const file = join(folder, 'a-file');
    writeFileSync(file, '');
    expect(openLog(join(file, 'logs')).write('x')).toMatch(/^[0-9a-f]{8}$/);
  });
});
