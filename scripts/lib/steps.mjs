/**
 * What set-up says while it works: one line a step, what it does and how long it took; a failed step says
 * what to do. Built-ins only, because this runs before anything is installed.
 */
import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';

/** A failure the person can do something about: `hint` says what. */
export class StepError extends Error {
  /** @param {string} message @param {string} hint */
  constructor(message, hint) {
    super(message);
    this.hint = hint;
  }
}

/** A step has failed and has said so already. */
export class StepFailed extends Error {}

/**
 * Runs one step and says so. Where it fails, says what to do and throws StepFailed.
 * @template T
 * @param {string} title
 * @param {() => Promise<T> | T} work
 * @returns {Promise<T>}
 */
export async function step(title, work) {
  const start = performance.now();
  console.log(`• ${title}`);
  try {
    const value = await work();
    const seconds = (performance.now() - start) / 1000;
    if (seconds >= 1) console.log(`  done in ${seconds.toFixed(1)} s`);
    return value;
  } catch (error) {
    console.error(`✗ ${title}: ${error instanceof Error ? error.message : String(error)}`);
    if (error instanceof StepError) console.error(`  ${error.hint}`);
    throw new StepFailed(title);
  }
}

/**
 * The frame of a whole script: its exit code is what `work` returns, or 1 after a failed step.
 * @param {() => Promise<number>} work
 */
export async function program(work) {
  try {
    process.exitCode = await work();
  } catch (error) {
    process.exitCode = 1;
    if (error instanceof StepFailed) return;
    console.error(`✗ ${error instanceof Error ? error.message : String(error)}`);
    if (error instanceof StepError) console.error(`  ${error.hint}`);
  }
}

/** Whether a window can be seen here. @param {NodeJS.ProcessEnv} env */
export function hasDisplay(env = process.env, platform = process.platform) {
  return platform !== 'linux' || Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY']);
}

/** The environment of what we start: the Node of our dependencies first on the PATH. @param {string} root */
export function ownEnvironment(root) {
  const path = [join(root, 'node_modules', '.bin'), process.env.PATH ?? ''].join(delimiter);
  return { ...process.env, PATH: path, ONNXRUNTIME_NODE_INSTALL: 'skip' };
}

/**
 * Runs a program to its end. Resolves to its exit code; output goes to the terminal unless `capture` is set.
 * Ending this process ends the program too; Ctrl+C reaches it by itself, and this process then waits for it.
 * @param {string} command @param {string[]} args
 * @param {{cwd: string, env?: NodeJS.ProcessEnv, capture?: boolean, timeout?: number}} options
 * @returns {Promise<{code: number, output: string}>}
 */
export function runProgram(command, args, { cwd, env = process.env, capture = false, timeout = 0 }) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env,
      timeout,
      stdio: ['ignore', capture ? 'pipe' : 'inherit', capture ? 'pipe' : 'inherit'],
      shell: process.platform === 'win32',
    });
    let interrupted = false;
    const onInterrupt = () => (interrupted = true);
    const onTerminate = () => {
      interrupted = true;
      child.kill('SIGTERM');
    };
    process.on('SIGINT', onInterrupt).on('SIGTERM', onTerminate);
    /** @param {number} code */
    const end = (code) => {
      process.off('SIGINT', onInterrupt).off('SIGTERM', onTerminate);
      if (interrupted) process.exit(130);
      resolve({ code, output });
    };
    let output = '';
    child.stdout?.on('data', (chunk) => (output += chunk));
    child.stderr?.on('data', (chunk) => (output += chunk));
    child.on('error', (error) => {
      output += error.message;
      end(127);
    });
    child.on('close', (code) => end(code ?? 1));
  });
}
