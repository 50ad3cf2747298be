/** The install job: downloads a pack, compares its SHA-256, checks and installs it, and leaves nothing behind. */
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { downloadRequest } from '../../../common/contract';
import { WorkbenchError } from '../../../common/errors';
import type { JobWork } from '../jobs/queue';
import { download, forgetDownload, type DownloadLimits } from './download';

export interface InstallFromUrlParts {
  /** Folder of the installed packs. */
  installedPath: string;
  /** Checks and installs a zip, and makes the pack known; returns its id and its name for people. */
  install(path: string, signal: AbortSignal): Promise<{ packId: string; title: string }>;
  limits?: DownloadLimits;
}

/** The request is the contract's DownloadRequest; the result is `{ packId }`. */
export function installFromUrlWork({ installedPath, install, limits }: InstallFromUrlParts): JobWork {
  return async (given, control) => {
    const request = downloadRequest.parse(given);
    await mkdir(installedPath, { recursive: true });
    try {
      const zip = await download(request, installedPath, control, limits);
      control.say('Checking what is in it');
      const { packId, title } = await install(zip, control.signal);
      await forgetDownload(installedPath, request.sha256);
      return { message: `${title} is installed.`, result: { packId } };
    } catch (error) {
      // Stopped with the workbench, or out of reach: what has arrived waits. Cancelled, or no good: nothing stays.
      const stopped = control.signal.aborted && !control.cancelled();
      const unreachable = error instanceof WorkbenchError && error.kind === 'unreachable';
      if (!stopped && !unreachable) await forgetDownload(installedPath, request.sha256);
      throw error;
    }
  };
}

/** Removes what a killed process left: half an installation, and downloads that no job will go on with. */
export async function sweepInstalls(installedPath: string, wanted: ReadonlySet<string>): Promise<void> {
  for (const name of await readdir(installedPath).catch(() => [])) {
    const sha256 = /^\.download-([0-9a-f]{64})\.(zip|json)$/.exec(name)?.[1];
    const isLeft = name.startsWith('.installing-') || (sha256 !== undefined && !wanted.has(sha256));
    if (isLeft) await rm(join(installedPath, name), { recursive: true, force: true });
  }
}
