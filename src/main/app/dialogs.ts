/** The calls of the contract that the main process answers itself. */
import { app, BrowserWindow, clipboard, dialog, shell } from 'electron';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { extname, isAbsolute } from 'node:path';
import {
  findCall,
  unwatched,
  type Contract,
  type DomainService,
  type ReportOptions,
  type SavedFileKind,
  type WorkControl,
} from '../../common/contract';
import { toErrorValue, WorkbenchError, type ErrorValue, type Result } from '../../common/errors';
import { listBackups } from './backups';
import { allowedLink } from './external-links';
import { exportLogs } from './log-export';
import type { PlaceKeeper } from './place';
import type { TourKeeper } from './tour';
import type { OwnWorks } from './own-works';

export interface ApplicationParts {
  standInRuntime: boolean;
  logPath: string;
  workspacePath: string;
  log(message: string, details: Record<string, unknown>): string;
  restartEngine(): void;
  restoreBackup(name: string): Promise<void>;
  printReport(
    asked: { options: ReportOptions; folder: string },
    control: WorkControl,
  ): Promise<{ path: string }>;
  place: PlaceKeeper;
  tour: TourKeeper;
  /** Why the page was loaded anew, told once; null where it had not crashed. */
  takeCrash(): ErrorValue | null;
}

export function createApplicationService(parts: ApplicationParts): DomainService<Contract['app']> {
  const versions = () => ({
    version: app.getVersion(),
    versions: {
      electron: process.versions.electron ?? '',
      chrome: process.versions['chrome'] ?? '',
      node: process.versions.node,
    },
    platform: `${process.platform} ${process.arch}`,
    standInRuntime: parts.standInRuntime,
  });
  return {
    info: () => ({ ...versions(), logPath: parts.logPath, workspacePath: parts.workspacePath }),
    chooseFolder: ({ title }) => choose({ title, properties: ['openDirectory', 'createDirectory'] }),
    chooseFile: ({ title, filters }) => choose({ title, filters, properties: ['openFile'] }),
    saveFile: ({ name, kind, content }) =>
      saveFile(name, kind, Buffer.from(content, kind === 'png' ? 'base64' : 'utf8')),
    printReport: (asked, control = unwatched) => parts.printReport(asked, control),
    async openExternal({ url }) {
      const link = allowedLink(url);
      if (link === null) {
        throw new WorkbenchError(
          'refused',
          'The workbench does not open that address.',
          'Copy it into your browser.',
        );
      }
      await shell.openExternal(link);
      return null;
    },
    showItem({ path }) {
      if (!isAbsolute(path) || !existsSync(path)) {
        throw new WorkbenchError('not-found', `${path} is not there any more.`, 'Write it again.');
      }
      shell.showItemInFolder(path);
      return null;
    },
    backups: () => listBackups(parts.workspacePath),
    async restoreBackup({ name }) {
      await parts.restoreBackup(name);
      return null;
    },
    async copyText({ text }) {
      await clipboard.writeText(text);
      return null;
    },
    exportLogs: ({ folder }, control = unwatched) =>
      exportLogs(parts.logPath, folder, versions(), { control }),
    place: () => ({ place: parts.place.present, crash: parts.takeCrash(), tour: parts.tour.isDue }),
    keepPlace(change) {
      parts.place.change(change);
      return null;
    },
    endTour() {
      parts.tour.end();
      return null;
    },
    restartEngine() {
      parts.restartEngine();
      return null;
    },
  };
}

async function choose(options: Electron.OpenDialogOptions): Promise<{ path: string | null }> {
  const window = BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0];
  const { canceled, filePaths } = window
    ? await dialog.showOpenDialog(window, options)
    : await dialog.showOpenDialog(options);
  return { path: canceled ? null : (filePaths[0] ?? null) };
}

/** Characters that some system does not take in a file's name. */
const unfit = /[<>:"/\\|?*\u0000-\u001f]+/g;

async function saveFile(
  name: string,
  kind: SavedFileKind,
  content: Buffer,
): Promise<{ path: string | null }> {
  const window = BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0];
  const options: Electron.SaveDialogOptions = {
    defaultPath: `${name.replace(unfit, ' ').slice(0, 120).trim() || 'chart'}.${kind}`,
    filters: [{ name: kind.toUpperCase(), extensions: [kind] }],
    properties: ['createDirectory', 'showOverwriteConfirmation'],
  };
  const { canceled, filePath } = window
    ? await dialog.showSaveDialog(window, options)
    : await dialog.showSaveDialog(options);
  if (canceled || !filePath) return { path: null };
  const path = extname(filePath) === '' ? `${filePath}.${kind}` : filePath;
  await writeFile(path, content);
  return { path };
}

/** Answers `app.<name>` with a Result, as the engine answers its calls. */
export function answerApplicationCall(
  service: DomainService<Contract['app']>,
  works: OwnWorks,
  log: ApplicationParts['log'],
): (domain: string, name: string, input: unknown) => Promise<Result<unknown>> {
  const calls = service as unknown as Record<string, (input: unknown, control?: WorkControl) => unknown>;
  return async (domain, name, input) => {
    try {
      const answer = calls[name];
      if (domain !== 'app' || !answer)
        throw new WorkbenchError('internal', `${domain}.${name} is not implemented.`);
      const work = findCall(domain, name)?.work ?? null;
      return { ok: true, value: await works.run(work, (control) => answer(input, control)) };
    } catch (thrown) {
      const isStopped = thrown instanceof WorkbenchError && thrown.kind === 'cancelled';
      const id = isStopped ? '' : log(`${domain}.${name}`, { error: String(thrown) });
      return { ok: false, error: toErrorValue(thrown, id) };
    }
  };
}
