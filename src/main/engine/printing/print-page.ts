/** A report's page as PDF from a process without a window: the installed Electron prints it, with the window's code. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WorkbenchError, type ErrorValue } from '../../../common/errors';
import { printTask } from '../../../common/print-task';
import { openHiddenScreen } from './hidden-screen';

/** A program with its arguments, ready to be started. */
export interface StartedProgram {
  command: string;
  args: string[];
  env: NodeJS.ProcessEnv;
}

/** Electron with this application. `given`: the application's options; `switches`: Chromium's. */
export type ElectronCommand = (given: string[], switches: string[]) => StartedProgram;

/** Milliseconds; a report with 60 examples takes a few seconds. */
const timeLimit = 300_000;

export async function printPage(html: string, electron: ElectronCommand): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'grounding-print-'));
  const needsScreen =
    process.platform === 'linux' && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY'];
  const screen = needsScreen ? await openHiddenScreen(folder) : null;
  try {
    await writeFile(join(folder, printTask.page), html);
    const { command, args, env } = electron(
      [`--${printTask.option}=${folder}`],
      // A profile of its own: an open window has the usual one.
      ['--disable-gpu', `--user-data-dir=${join(folder, 'profile')}`, ...(screen?.switches ?? [])],
    );
    const told = await runToItsEnd({ command, args, env: { ...env, ...screen?.environment } });
    return await printed(folder, told);
  } finally {
    screen?.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** What Electron left in the folder. `told`: the last of what it wrote, for an end without any answer. */
async function printed(folder: string, told: string): Promise<Uint8Array> {
  const problem = join(folder, printTask.problem);
  if (existsSync(problem)) {
    const { kind, message, hint } = JSON.parse(await readFile(problem, 'utf8')) as ErrorValue;
    throw new WorkbenchError(kind, `The report could not be printed: ${message}`, hint);
  }
  const pdf = join(folder, printTask.pdf);
  if (existsSync(pdf)) return readFile(pdf);
  throw new WorkbenchError(
    'unsupported',
    `The report could not be printed: Electron ended without an answer. ${told}`.trim(),
    `Print report.html in a browser instead${process.env['DISPLAY'] ? ', or unset DISPLAY if no screen answers there' : ''}.`,
  );
}

/** Starts a program and waits for its end; resolves to the last lines that it wrote, which say why it failed. */
function runToItsEnd({ command, args, env }: StartedProgram): Promise<string> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { env, timeout: timeLimit, stdio: ['ignore', 'ignore', 'pipe'] });
    const stop = () => child.kill();
    process.once('exit', stop);
    let told = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (told = `${told}${text}`.slice(-2000)));
    const end = (reason: string) => {
      process.off('exit', stop);
      resolve([reason, ...told.trim().split('\n').slice(-3)].filter(Boolean).join('\n  '));
    };
    child.on('error', (error) => end(error.message));
    child.on('close', (code, signal) => end(signal ? `Ended by ${signal}.` : `Exit code ${code ?? 0}.`));
  });
}
