/** What the window is told without asking. Events announce state; the window asks for the rest. */
import type { Job } from './jobs';

export interface WorkbenchEvents {
  'jobs.changed': Job;
  'data.changed': {
    what: 'datasets' | 'runs' | 'predictions' | 'corrections' | 'packs' | 'probes' | 'settings';
    /** Expressions concerned, where few; empty: ask anew for all. */
    expressionIds: number[];
  };
  /** How far the preview of an import is, in words. */
  'preview.progress': { message: string };
  'engine.status': {
    state: 'starting' | 'ready' | 'restarting' | 'failed';
    detail: string;
    /** After a crash: finds its line in the log. */
    logId?: string;
  };
}

export type EventName = keyof WorkbenchEvents;
export const eventNames: readonly EventName[] = [
  'jobs.changed',
  'data.changed',
  'preview.progress',
  'engine.status',
];
