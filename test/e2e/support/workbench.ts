/** Starts the built application in its real window, on folders of its own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, test as base, type ElectronApplication, type Page } from '@playwright/test';
import type { WorkbenchApi } from '../../../src/common/contract';
import { findRuntime } from '../../../scripts/lib/electron-runtime.mjs';
import { launchCommand } from '../../../scripts/lib/launch.mjs';

export const root = join(__dirname, '..', '..', '..');

declare global {
  interface Window {
    readonly workbench: WorkbenchApi;
  }
}

export interface Workbench {
  app: ElectronApplication;
  page: Page;
  /** Errors that the page wrote to its console, policy violations among them. */
  problems: string[];
  close(): Promise<void>;
}

export interface WorkbenchOptions {
  /** Holds `workspace` and `user-data`; the same folder again is the same installation. */
  folder: string;
  /** Another workspace than the one in the folder. */
  workspace?: string;
}

export async function openWorkbench({ folder, workspace }: WorkbenchOptions): Promise<Workbench> {
  const runtime = findRuntime(root);
  if (!runtime) throw new Error('There is no Electron; run `npm run test:e2e`, which fetches one.');
  const { command, args, env } = launchCommand(
    root,
    runtime,
    ['--workspace', workspace ?? join(folder, 'workspace')],
    ['--disable-gpu', `--user-data-dir=${join(folder, 'user-data')}`],
  );
  const app = await launch({ executablePath: command, args, env: env as Record<string, string> });
  const page = await app.firstWindow();
  const problems: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(error.message));
  return { app, page, problems, close: () => app.close() };
}

/**
 * Once in some dozens of starts, the debugger's connection to a page that is just changing its process is never
 * answered, and the start hangs in Playwright; the next one does not.
 */
async function launch(
  options: NonNullable<Parameters<typeof _electron.launch>[0]>,
): Promise<ElectronApplication> {
  const once = () => _electron.launch({ ...options, timeout: 30_000 });
  return once().catch(() => once());
}

/** A folder that is removed after the test, and a workbench in it that the test opens itself. */
export const test = base.extend<{ folder: string; open: (workspace?: string) => Promise<Workbench> }>({
  folder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'grounding-window-'));
    await use(folder);
    rmSync(folder, { recursive: true, force: true });
  },
  open: async ({ folder }, use) => {
    const opened: Workbench[] = [];
    await use(async (workspace) => {
      const workbench = await openWorkbench({ folder, ...(workspace ? { workspace } : {}) });
      opened.push(workbench);
      return workbench;
    });
    for (const workbench of opened) await workbench.close();
  },
});
export { expect } from '@playwright/test';
