/** The engine's process as the operating system sees it. */
import { readdirSync, readFileSync } from 'node:fs';
import type { ElectronApplication } from '@playwright/test';

/** What /proc says of a process; null where it is gone. */
function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

/** Id of the engine's process: the application's child that runs the engine's entry file. Linux only. */
export function enginePid(app: ElectronApplication): number | null {
  const parent = String(app.process().pid);
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const fields = read(`/proc/${pid}/stat`)
      ?.replace(/^.*\) /, '')
      .split(' ');
    const command = read(`/proc/${pid}/cmdline`) ?? '';
    const isEngine = command.includes('engine.js') || command.includes('node.mojom.NodeService');
    if (fields?.[1] === parent && isEngine) return Number(pid);
  }
  return null;
}
