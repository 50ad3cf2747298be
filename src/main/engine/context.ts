/** What every part of the engine is given: where things are, whom to tell, where to log. */
import type { EventName, Settings, WorkbenchEvents } from '../../common/contract';

export interface EngineOptions {
  /** Folder of the workspace; made when missing. */
  workspacePath: string;
  /** Folder that holds `models/` and `datasets/` as shipped. */
  resourcesPath: string;
  /** Folder for log files; null: no log file (tests, `--quiet`). */
  logPath: string | null;
  version: string;
  /** Opens the workspace without writing to it. */
  readOnly?: boolean;
  /** Name of a backup that is put in the place of the workspace's database before it is opened. */
  restore?: string;
  /** false: interrupted jobs wait to be resumed by hand. The window resumes them, the command line does not. */
  resumeJobs?: boolean;
  /** Counts before the workspace's settings, for this process only. */
  settings?: Partial<Pick<Settings, 'executionProvider' | 'threads'>>;
}

export interface Logger {
  info(message: string, details?: Record<string, unknown>): void;
  warn(message: string, details?: Record<string, unknown>): void;
  /** Returns the id that finds the line; it goes into the ErrorValue shown to the person. */
  error(message: string, thrown: unknown): string;
}

export type Emit = <Name extends EventName>(name: Name, payload: WorkbenchEvents[Name]) => void;
