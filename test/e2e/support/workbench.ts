/** Starts the built application in its real window, on folders of its own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, type ElectronApplication, type Page } from '@playwright/test';
import type { WorkbenchApi } from '../../../src/common/contract';
import { openWindow } from '../../../scripts/lib/window.mjs';

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
  /** As a person's first start: with the tour. */
  tour?: boolean;
}

export async function openWorkbench({ folder, workspace, tour }: WorkbenchOptions): Promise<Workbench> {
  const { app, page } = await openWindow(root, {
    folder,
    ...(workspace ? { workspace } : {}),
    ...(tour ? { tour } : {}),
  });
  // Tests look at where things are: what glides there would have to be waited for.
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const problems: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(error.message));
  return { app, page, problems, close: () => app.close() };
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
