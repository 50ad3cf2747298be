/**
 * What the main process and the engine's process say to one another. The same messages travel over a utility
 * process's port and over a forked Node's channel; both clone structures, so bytes stay bytes.
 */
import type { EventName, WorkbenchEvents } from './contract';
import type { ErrorValue, Result } from './errors';

/** Where things are; the first message the engine gets. */
export interface EngineStart {
  workspacePath: string;
  resourcesPath: string;
  logPath: string | null;
  version: string;
  /** Name of a backup that is put in the place of the workspace's database first. */
  restore?: string;
}

export type MessageToEngine =
  | { type: 'start'; options: EngineStart }
  | { type: 'call'; id: number; domain: string; name: string; input: unknown }
  | { type: 'close' };

export type MessageFromEngine =
  | { type: 'ready' }
  /** The workspace cannot be opened; starting again would not help. */
  | { type: 'failed'; error: ErrorValue }
  | { type: 'result'; id: number; result: Result<unknown> }
  | { type: 'event'; name: EventName; payload: WorkbenchEvents[EventName] };
