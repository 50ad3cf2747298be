/** The stages of `npm test`: each is a program whose outcome is counted. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildApplication } from './build.mjs';
import { ensureRuntime } from './electron-runtime.mjs';
import { ownEnvironment, runProgram, StepFailed } from './steps.mjs';
import { canHideWindow, ensureSystemLibraries, hiddenScreen } from './system-libraries.mjs';

/** @typedef {{passed: number, failed: number}} Tally */

/**
 * Programs that either pass or fail as a whole.
 * @type {{name: string, command: string, args: string[]}[]}
 */
export const wholeChecks = [
  { name: 'lint', command: 'eslint', args: ['.', '--max-warnings=0'] },
  { name: 'layers', command: 'depcruise', args: ['src', '--config', '.dependency-cruiser.cjs'] },
  { name: 'format', command: 'prettier', args: ['--check', '--log-level=warn', '.'] },
  { name: 'types (main, preload, engine)', command: 'tsc', args: ['--noEmit', '-p', 'tsconfig.node.json'] },
  { name: 'types (window)', command: 'vue-tsc', args: ['--noEmit', '-p', 'tsconfig.web.json'] },
  { name: 'types (tests of the window)', command: 'tsc', args: ['--noEmit', '-p', 'tsconfig.e2e.json'] },
];

/** @param {string} root @param {{name: string, command: string, args: string[]}} check @returns {Promise<Tally>} */
export async function runWholeCheck(root, { name, command, args }) {
  console.log(`\n• ${name}`);
  const { code } = await runProgram(command, args, { cwd: root, env: ownEnvironment(root) });
  console.log(code === 0 ? `  ${name}: passed` : `✗ ${name}: failed`);
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** Unit, engine, renderer, application and script tests. @param {string} root @returns {Promise<Tally>} */
export async function runVitest(root) {
  console.log('\n• tests');
  const folder = mkdtempSync(join(tmpdir(), 'grounding-test-'));
  const report = join(folder, 'vitest.json');
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const { code } = await runProgram('vitest', args, { cwd: root, env: ownEnvironment(root) });
  const tally = existsSync(report)
    ? tallyOfVitest(JSON.parse(readFileSync(report, 'utf8')))
    : { passed: 0, failed: 1 };
  rmSync(folder, { recursive: true, force: true });
  // A runner that fails without a failed test (a file that does not load, say) must not pass.
  return code !== 0 && tally.failed === 0 ? { ...tally, failed: 1 } : tally;
}

/**
 * The tests in the real window, on a virtual screen where there may be one.
 * @param {string} root @returns {Promise<Tally>}
 */
export async function runWindowTests(root) {
  console.log('\n• tests in the real window');
  const report = join(root, 'test-results', 'e2e.json');
  rmSync(report, { force: true });
  try {
    const runtime = await ensureRuntime(root);
    const canHide = canHideWindow();
    await ensureSystemLibraries(runtime, { virtualScreen: canHide });
    await buildApplication(root);
    const [command = '', ...args] = [...(canHide ? hiddenScreen : []), 'playwright', 'test'];
    const { code } = await runProgram(command, args, { cwd: root, env: ownEnvironment(root) });
    const tally = existsSync(report)
      ? tallyOfPlaywright(JSON.parse(readFileSync(report, 'utf8')))
      : { passed: 0, failed: 1 };
    return code !== 0 && tally.failed === 0 ? { ...tally, failed: 1 } : tally;
  } catch (error) {
    if (error instanceof StepFailed) return { passed: 0, failed: 1 };
    throw error;
  }
}

/** @param {{numPassedTests: number, numFailedTests: number}} report @returns {Tally} */
export function tallyOfVitest(report) {
  return { passed: report.numPassedTests, failed: report.numFailedTests };
}

/** @param {{stats: {expected: number, unexpected: number, flaky: number}}} report @returns {Tally} */
export function tallyOfPlaywright({ stats }) {
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky };
}

/** @param {Tally[]} tallies @returns {Tally} */
export function sum(tallies) {
  return tallies.reduce((a, b) => ({ passed: a.passed + b.passed, failed: a.failed + b.failed }), {
    passed: 0,
    failed: 0,
  });
}
