import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sum, tallyOfPlaywright, tallyOfVitest } from '../../scripts/lib/checks.mjs';
import { ownNode } from '../../scripts/lib/dependencies.mjs';
import { hashOf, isFresh, writeStamp } from '../../scripts/lib/stamps.mjs';
import { hasDisplay, program, runProgram, step, StepError, StepFailed } from '../../scripts/lib/steps.mjs';

let folder = '';
let said: string[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'grounding-steps-'));
  said = [];
  const keep = (line: unknown) => void said.push(String(line));
  vi.spyOn(console, 'log').mockImplementation(keep);
  vi.spyOn(console, 'error').mockImplementation(keep);
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

describe('a step', () => {
  it('says what it does and gives back its value', async () => {
    expect(await step('Counting', () => 3)).toBe(3);
    expect(said).toEqual(['• Counting']);
  });

  it('says what went wrong and what to do', async () => {
    const failing = step('Fetching', () => Promise.reject(new StepError('No answer.', 'Check the cable.')));
    await expect(failing).rejects.toThrow(StepFailed);
    expect(said).toEqual(['• Fetching', '✗ Fetching: No answer.', '  Check the cable.']);
  });

  it('ends the whole script with code 1, told once', async () => {
    const before = process.exitCode;
    await program(() => step('Fetching', () => Promise.reject(new Error('No answer.'))));
    expect(process.exitCode).toBe(1);
    process.exitCode = before;
    expect(said.filter((line) => line.includes('No answer.'))).toHaveLength(1);
  });
});

describe('a program', () => {
  it('gives its exit code and output', async () => {
    const script = 'console.log("out"); console.error("err"); process.exit(3)';
    const { code, output } = await runProgram(process.execPath, ['-e', script], {
      cwd: folder,
      capture: true,
    });
    expect(code).toBe(3);
    expect(output).toContain('out');
    expect(output).toContain('err');
  });

  it('that does not exist is a failure, not a crash', async () => {
    expect((await runProgram(join(folder, 'nothing'), [], { cwd: folder, capture: true })).code).toBe(127);
  });

  it('that takes too long is ended', async () => {
    const endless = ['-e', 'setInterval(() => {}, 1000)'];
    const { code } = await runProgram(process.execPath, endless, {
      cwd: folder,
      capture: true,
      timeout: 200,
    });
    expect(code).not.toBe(0);
  });
});

describe('stamps', () => {
  it('change with a file’s content, name and place, and with nothing else', () => {
    mkdirSync(join(folder, 'src'));
    writeFileSync(join(folder, 'src', 'a.ts'), 'one');
    const first = hashOf(folder, ['src', 'missing']);
    expect(hashOf(folder, ['src', 'missing'])).toBe(first);
    writeFileSync(join(folder, 'src', 'a.ts'), 'two');
    const second = hashOf(folder, ['src', 'missing']);
    expect(second).not.toBe(first);
    writeFileSync(join(folder, 'src', 'b.ts'), '');
    expect(hashOf(folder, ['src', 'missing'])).not.toBe(second);
  });

  it('are remembered', () => {
    const file = join(folder, 'deep', 'stamp');
    expect(isFresh(file, 'x')).toBe(false);
    writeStamp(file, 'x');
    expect(isFresh(file, 'x')).toBe(true);
    expect(isFresh(file, 'y')).toBe(false);
  });
});

describe('tallies', () => {
  it('count what the runners report', () => {
    expect(tallyOfVitest({ numPassedTests: 7, numFailedTests: 1 })).toEqual({ passed: 7, failed: 1 });
    expect(tallyOfPlaywright({ stats: { expected: 5, unexpected: 1, flaky: 2 } })).toEqual({
      passed: 5,
      failed: 3,
    });
    expect(
      sum([
        { passed: 1, failed: 0 },
        { passed: 2, failed: 3 },
      ]),
    ).toEqual({ passed: 3, failed: 3 });
    expect(sum([])).toEqual({ passed: 0, failed: 0 });
  });
});

describe('this machine', () => {
  it('has a display where one of its variables is set', () => {
    expect(hasDisplay({}, 'linux')).toBe(false);
    expect(hasDisplay({ DISPLAY: ':0' }, 'linux')).toBe(true);
    expect(hasDisplay({ WAYLAND_DISPLAY: 'wayland-0' }, 'linux')).toBe(true);
    expect(hasDisplay({}, 'darwin')).toBe(true);
  });

  it('has a Node of version 22 or newer for our own processes', async () => {
    const root = join(import.meta.dirname, '..', '..');
    const { output } = await runProgram(ownNode(root), ['--version'], { cwd: root, capture: true });
    expect(Number(/^v(\d+)/.exec(output)?.[1])).toBeGreaterThanOrEqual(22);
  });
});

describe('a script that is ended', () => {
  it('ends the program that it runs', async () => {
    const steps = join(import.meta.dirname, '..', '..', 'scripts', 'lib', 'steps.mjs');
    const endless = 'console.log(process.pid); setInterval(() => {}, 1000)';
    const script = `import { runProgram } from ${JSON.stringify(`file://${steps}`)};
      await runProgram(process.execPath, ['-e', ${JSON.stringify(endless)}], { cwd: '/' });`;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const child = Number(line.toString());
    parent.kill('SIGTERM');
    const [code] = (await once(parent, 'exit')) as [number];
    expect(code).toBe(130);
    expect(() => process.kill(child, 0)).toThrow();
  });
});
