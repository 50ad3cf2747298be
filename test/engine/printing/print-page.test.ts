/** What the command line makes of each way that a printing program can end; Electron itself is in test/e2e/print.spec.ts. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findElectron } from '../../../src/main/engine/printing/find-electron';
import { printPage, type ElectronCommand } from '../../../src/main/engine/printing/print-page';

let folder = '';
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'grounding-printing-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A program in Electron's place; its code knows `folder`, which is told to this test in seen.txt. */
function program(code: string): ElectronCommand {
  const script = join(folder, 'program.cjs');
  writeFileSync(
    script,
    `const fs = require('node:fs');
     const folder = process.argv[2].replace('--print-report=', '');
     fs.writeFileSync(${JSON.stringify(join(folder, 'seen.txt'))}, folder);
     ${code}`,
  );
  return (given) => ({ command: process.execPath, args: [script, ...given], env: process.env });
}

const isCleanedUp = () => !existsSync(readFileSync(join(folder, 'seen.txt'), 'utf8'));

it('gives what was printed of the page, and leaves nothing behind', async () => {
  const printed = await printPage(
    '<p>Größe</p>',
    program(
      "fs.writeFileSync(folder + '/report.pdf', 'PDF of ' + fs.readFileSync(folder + '/report.html', 'utf8'));",
    ),
  );
  expect(Buffer.from(printed).toString()).toBe('PDF of <p>Größe</p>');
  expect(isCleanedUp()).toBe(true);
});

it('passes on why nothing was printed', async () => {
  const problem = { kind: 'not-found', message: 'There is no report to print.', hint: 'Look.', id: '' };
  const code = `fs.writeFileSync(folder + '/problem.json', ${JSON.stringify(JSON.stringify(problem))}); process.exit(1);`;
  await expect(printPage('', program(code))).rejects.toMatchObject({
    kind: 'not-found',
    message: 'The report could not be printed: There is no report to print.',
    hint: 'Look.',
  });
  expect(isCleanedUp()).toBe(true);
});

it('tells the last words of a program that ended without an answer', async () => {
  const code = "console.error('error while loading shared libraries: libgtk-3.so.0'); process.exit(127);";
  await expect(printPage('', program(code))).rejects.toMatchObject({
    kind: 'unsupported',
    message: expect.stringMatching(/Exit code 127\.\n {2}error while loading.*libgtk-3/) as string,
    hint: expect.stringMatching(/report\.html in a browser/) as string,
  });
  await expect(
    printPage('', () => ({ command: join(folder, 'nothing'), args: [], env: {} })),
  ).rejects.toMatchObject({ kind: 'unsupported', message: expect.stringMatching(/ENOENT/) as string });
});

it('finds no Electron where there is none, and says which folder does not hold one', () => {
  expect(() => findElectron(folder, { XDG_CACHE_HOME: folder })).toThrow(/there is none on this computer/);
  expect(() => findElectron(folder, { ELECTRON_OVERRIDE_DIST_PATH: folder })).toThrow(
    /ELECTRON_OVERRIDE_DIST_PATH is .*where there is no/,
  );
});
