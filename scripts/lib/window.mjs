/** The built application in its real window, driven by Playwright: for tests, benches and pictures of the screens. */
import { join } from 'node:path';
import { _electron } from '@playwright/test';
import { findRuntime } from './electron-runtime.mjs';
import { launchCommand } from './launch.mjs';
import { StepError } from './steps.mjs';

/**
 * @param {string} root the application's folder
 * @param {{folder: string, workspace?: string, tour?: boolean}} places the folder holds `user-data` and, where no other is
 * named, `workspace`; `tour`: a first start offers the tour, as it does to a person
 */
export async function openWindow(root, { folder, workspace = join(folder, 'workspace'), tour = false }) {
  const runtime = findRuntime(root);
  if (!runtime) throw new StepError('There is no Electron.', 'Run `npm start` once, which fetches one.');
  const { command, args, env } = launchCommand(
    root,
    runtime,
    ['--workspace', workspace, ...(tour ? [] : ['--no-tour'])],
    ['--disable-gpu', `--user-data-dir=${join(folder, 'user-data')}`],
  );
  const options = {
    executablePath: command,
    args,
    env: /** @type {Record<string, string>} */ (env),
    timeout: 30_000,
  };
  // Once in some dozens of starts, the debugger's connection to a page that is just changing its process is never
  // answered, and the start hangs in Playwright; the next one does not.
  const app = await _electron.launch(options).catch(() => _electron.launch(options));
  return { app, page: await app.firstWindow() };
}

/**
 * Makes the window's page this large.
 * @param {import('@playwright/test').ElectronApplication} app
 * @param {{width: number, height: number}} size CSS pixels
 */
export async function resizeWindow(app, size) {
  await app.evaluate(
    ({ BrowserWindow }, { width, height }) => BrowserWindow.getAllWindows()[0]?.setContentSize(width, height),
    size,
  );
}
