/**
 * Long calls. A job waits in the queue and survives a restart; a work is one call that takes its time, tells how far it
 * is by events, and can be stopped. The definition of a call says which work it is.
 */
import { z } from 'zod';
import { call, nothing } from './define';
import { workNames, type WorkName } from './work-names';

/** How far a work is. */
export interface Work {
  /** Tells two of one name apart, in the process that answers them. */
  id: number;
  name: WorkName;
  /** What is going on, in words. */
  message: string;
  /** Items, or bytes; of the step that is going on. */
  done: number;
  /** 0: not known. */
  total: number;
  /** A second, over the last seconds; null before there is one. */
  rate: number | null;
  remainingSeconds: number | null;
  /** The call is being answered: nothing more comes. */
  ended: boolean;
}

export const works = {
  /** Those under way. */
  list: call<Work[]>()(nothing),
  /** Each ends as `cancelled`; what it had written of a file is removed. */
  stop: call<null>()(z.strictObject({ work: z.enum(workNames) })),
};
