/** What the window is told without asking. Events announce state; the window asks for the rest. */
import type { Job } from './jobs';
import type { Work } from './works';

export interface WorkbenchEvents {
  'jobs.changed': Job;
  'data.changed': {
    what: 'datasets' | 'runs' | 'predictions' | 'corrections' | 'packs' | 'probes' | 'settings';
    /** Expressions concerned, where few; empty: ask anew for all. */
    expressionIds: number[];
  };
  /** How far a long call is, a few times a second, and once more when it has ended. */
  'work.progress': Work;
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
  'work.progress',
  'engine.status',
];
