import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cacheFolder, findRuntime, standIn } from '../../scripts/lib/electron-runtime.mjs';
import { notFoundIn, onPath } from '../../scripts/lib/system-libraries.mjs';

let folder = '';
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'grounding-runtime-'))));
afterEach(() => rmSync(folder, { recursive: true }));

/** A folder that looks like an unpacked Electron of a version. */
function makeDistribution(path: string, version: string): string {
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, 'electron'), '');
  writeFileSync(join(path, 'version'), version);
  return path;
}

// The names of Electron's executables differ elsewhere.
describe.runIf(process.platform === 'linux')('which Electron opens the window', () => {
  const own = () => join(folder, 'checkout', 'node_modules', 'electron', 'dist');
  const cached = () => join(folder, 'cache', 'grounding-workbench', `electron-${standIn.version}`);
  const find = (env: Record<string, string> = {}) =>
    findRuntime(join(folder, 'checkout'), { XDG_CACHE_HOME: join(folder, 'cache'), ...env });

  it('is none where there is none', () => {
    expect(find()).toBeNull();
  });

  it('is the stand-in where only that is there, and is marked as such', () => {
    makeDistribution(cached(), standIn.version);
    expect(find()).toEqual({
      executable: join(cached(), 'electron'),
      standIn: true,
      version: standIn.version,
    });
  });

  it('is rather the one of the electron package', () => {
    makeDistribution(cached(), standIn.version);
    makeDistribution(own(), 'v45.4.1\n');
    expect(find()).toEqual({ executable: join(own(), 'electron'), standIn: false, version: '45.4.1' });
  });

  it('is first of all the one that the environment names', () => {
    makeDistribution(own(), '45.4.1');
    const named = makeDistribution(join(folder, 'elsewhere'), '46.0.0');
    expect(find({ ELECTRON_OVERRIDE_DIST_PATH: named })).toMatchObject({ standIn: false, version: '46.0.0' });
  });

  it('is an error where the environment names nothing', () => {
    makeDistribution(own(), '45.4.1');
    expect(() => find({ ELECTRON_OVERRIDE_DIST_PATH: join(folder, 'nowhere') })).toThrow(
      /there is no electron/,
    );
  });
});

describe('what the machine has', () => {
  it('keeps fetched things in the user’s cache folder', () => {
    expect(cacheFolder({ XDG_CACHE_HOME: '/c' })).toBe('/c/grounding-workbench');
    expect(cacheFolder({})).toMatch(/\.cache.grounding-workbench$/);
  });

  it('reads what the dynamic linker does not find', () => {
    const output = [
      '\tlinux-vdso.so.1 (0x00007ffd)',
      '\tlibgtk-3.so.0 => not found',
      '\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f)',
      '\tlibnss3.so => not found',
    ].join('\n');
    expect(notFoundIn(output)).toEqual(['libgtk-3.so.0', 'libnss3.so']);
    expect(notFoundIn('\tstatically linked')).toEqual([]);
  });

  it('finds programs on the PATH', () => {
    writeFileSync(join(folder, 'xvfb-run'), '');
    expect(onPath('xvfb-run', { PATH: `/nowhere:${folder}` })).toBe(true);
    expect(onPath('xvfb-run', { PATH: '' })).toBe(false);
  });
});
