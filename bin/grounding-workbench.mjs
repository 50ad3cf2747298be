#!/usr/bin/env node
/**
 * Runs the command line on a Node that it works with: the one of our dependencies, else the running one. Thin on
 * purpose, so that it also runs on a Node that is too old for the rest.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ownNode } from '../scripts/lib/dependencies.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const cli = join(root, 'out', 'main', 'cli.js');

/** @param {string} message */
function fail(message) {
  console.error(`Error: ${message}`);
  process.exitCode = 1;
}

function run() {
  if (!existsSync(cli)) {
    fail(
      'The workbench is not built yet.\n  Run `npm start` once (it also installs what is missing), or `npm run build`.',
    );
    return;
  }
  const child = spawn(ownNode(root), [cli, ...process.argv.slice(2)], { stdio: 'inherit' });
  // The terminal sends Ctrl+C to both; the command itself decides how to end.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('error', (error) => fail(`The command line could not be started: ${error.message}`));
  child.on('exit', (code, signal) => {
    if (signal) {
      // Ends as the command did, now without our own handlers.
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    } else process.exitCode = code ?? 1;
  });
}

try {
  run();
} catch (error) {
  fail(error instanceof Error ? error.message : String(error));
}
