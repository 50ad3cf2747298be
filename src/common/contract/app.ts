/** Calls that the main process answers itself: native dialogs, versions, links. */
import { z } from 'zod';
import type { ErrorValue } from '../errors';
import { call, filePath, nothing, shortText } from './define';
import { reportOptions } from './evaluation';
import { placeChange, type Place } from './place';

export interface ApplicationInfo {
  version: string;
  versions: Record<string, string>;
  platform: string;
  /** True where a development stand-in for the real Electron is in use. */
  standInRuntime: boolean;
  logPath: string;
  /** Folder of the workspace, whether it could be opened or not. */
  workspacePath: string;
}

/** A copy of the workspace's database; the newest few are kept. */
export interface Backup {
  name: string;
  path: string;
  bytes: number;
  madeAt: string;
}

const fileFilter = z.strictObject({
  name: shortText,
  extensions: z.array(z.string().regex(/^[a-z0-9]{1,10}$/)).max(20),
});

export const savedFileKinds = ['svg', 'png', 'csv', 'json'] as const;
export type SavedFileKind = (typeof savedFileKinds)[number];

export const app = {
  info: call<ApplicationInfo>()(nothing, { host: 'main' }),
  chooseFolder: call<{ path: string | null }>()(z.strictObject({ title: shortText }), { host: 'main' }),
  chooseFile: call<{ path: string | null }>()(
    z.strictObject({ title: shortText, filters: z.array(fileFilter).max(10).default([]) }),
    { host: 'main' },
  ),
  /**
   * Asks where to write a file that the window has made, and writes it; null: the person gave up. A PNG's content is
   * base64, any other is text.
   */
  saveFile: call<{ path: string | null }>()(
    z.strictObject({
      /** Without the ending. */
      name: shortText.min(1),
      kind: z.enum(savedFileKinds),
      content: z.string().max(9_000_000),
    }),
    { host: 'main' },
  ),
  /** Writes report.pdf, the same page as report.html with page numbers, into a folder. */
  printReport: call<{ path: string }>()(z.strictObject({ options: reportOptions, folder: filePath }), {
    host: 'main',
    work: 'print-report',
  }),
  /** Opens a web page of the product's host list in the person's browser. */
  openExternal: call<null>()(z.strictObject({ url: z.string().max(2_048) }), { host: 'main' }),
  /** Shows a file that the workbench has just written in the file manager. */
  showItem: call<null>()(z.strictObject({ path: filePath }), { host: 'main' }),
  /** Newest first; also answered where the workspace cannot be opened, which is when they are needed. */
  backups: call<Backup[]>()(nothing, { host: 'main' }),
  /**
   * Puts a backup in the place of the workspace's database and starts the engine on it. What is there now becomes a
   * backup itself before. A backup that is not sound is refused, and nothing is changed. Answered when it is known.
   */
  restoreBackup: call<null>()(z.strictObject({ name: z.string().regex(/^[\w-]{1,80}\.sqlite$/) }), {
    host: 'main',
    work: 'restore',
  }),
  /** Puts text into the clipboard: the page itself has no permission to, and none to read it. */
  copyText: call<null>()(z.strictObject({ text: z.string().max(100_000) }), { host: 'main' }),
  /** Writes the logs as a zip into a folder, without expressions, image data and the name of the home folder. */
  exportLogs: call<{ path: string; lines: number }>()(z.strictObject({ folder: filePath }), {
    host: 'main',
    work: 'export-logs',
  }),
  /**
   * Where the window was when it was last open, and why it is open again where it had crashed. `tour`: this person has
   * neither taken nor skipped it.
   */
  place: call<{ place: Place; crash: ErrorValue | null; tour: boolean }>()(nothing, { host: 'main' }),
  /** Tells where the person is; cheap enough for every step. */
  keepPlace: call<null>()(placeChange, { host: 'main' }),
  /** The tour was taken or skipped: it is not offered by itself again. */
  endTour: call<null>()(nothing, { host: 'main' }),
  /** Starts a fresh engine process, also after it was given up; what was under way fails with `engine-crashed`. */
  restartEngine: call<null>()(nothing, { host: 'main' }),
};
