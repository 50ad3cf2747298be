import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { temporaryFolder } from '../../support/workspace';

let folder = '';
beforeEach(() => {
  folder = temporaryFolder();
  cpSync('bin', join(folder, 'bin'), { recursive: true });
  cpSync(join('scripts', 'lib'), join(folder, 'scripts', 'lib'), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function start(...given: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const program = join(folder, 'bin', 'grounding-workbench.mjs');
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...given], (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, stdout, stderr });
    });
  });
}

it('says how to build what is not built yet', async () => {
  const { code, stderr } = await start('evaluate');
  expect(code).toBe(1);
  expect(stderr).toMatch(/not built yet.\n {2}Run `npm start` once/);
});

it('passes arguments on, and the exit code back', async () => {
  mkdirSync(join(folder, 'out', 'main'), { recursive: true });
  const program = 'console.log(JSON.stringify(process.argv.slice(2))); process.exitCode = 3;';
  writeFileSync(join(folder, 'out', 'main', 'cli.js'), program);
  const { code, stdout } = await start('import', 'a folder', '--name', '"x"');
  expect([code, JSON.parse(stdout)]).toEqual([3, ['import', 'a folder', '--name', '"x"']]);
});
