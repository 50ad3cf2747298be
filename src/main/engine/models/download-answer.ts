/** What a server's answer to a request for a file, or for the rest of one, means. */
import { WorkbenchError } from '../../../common/errors';
import { shownAddress } from './web-address';

/** The connection ended early, or the server is not well: another attempt may go on from there. */
export class BrokenOff extends Error {}

export interface FileFacts {
  /** ETag, or else the time of the last change; empty where the server gives neither. */
  validator: string;
  /** Bytes of the whole file; null where the server does not say. */
  total: number | null;
}

export type Answer =
  | { kind: 'bytes'; /** Place of the first byte that comes. */ from: number; file: FileFacts }
  /** What is there is no longer the beginning of what the server has. */
  | { kind: 'start-anew' };

/**
 * `had`: bytes that are there and were not asked for; `begun`: what was known of the file then. Throws `BrokenOff` where
 * another attempt may help, else a WorkbenchError.
 */
export function answerOf(response: Response, had: number, begun: FileFacts | null): Answer {
  const { status, headers, url } = response;
  if (status === 416 && had > 0) return { kind: 'start-anew' };
  if (status === 429 || status >= 500) throw new BrokenOff(`the server says ${status}`);
  if (status !== 200 && status !== 206) throw statusError(status, url);
  const encoding = headers.get('content-encoding') ?? 'identity';
  if (encoding !== 'identity') {
    throw new WorkbenchError('unsupported', `${shownAddress(url)} sends the file packed as ${encoding}.`);
  }
  if (/^text\/html/i.test(headers.get('content-type') ?? '')) {
    throw new WorkbenchError(
      'unsupported',
      `${shownAddress(url)} answers with a web page, not with a file.`,
      'Use the address of the zip itself; a page that asks for a login cannot be downloaded from.',
    );
  }
  const validator = validatorOf(headers);
  if (status === 200) return { kind: 'bytes', from: 0, file: { validator, total: lengthOf(headers) } };
  const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers.get('content-range') ?? '');
  const total = range?.[2] === undefined || range[2] === '*' ? null : Number(range[2]);
  const goesOn =
    range !== null &&
    Number(range[1]) === had &&
    validator === (begun?.validator ?? '') &&
    (begun?.total === null || total === begun?.total);
  return goesOn ? { kind: 'bytes', from: had, file: { validator, total } } : { kind: 'start-anew' };
}

/** A weak ETag does not promise equal bytes, so it is no better than none. */
function validatorOf(headers: Headers): string {
  const tag = headers.get('etag') ?? '';
  return tag && !tag.startsWith('W/') ? tag : (headers.get('last-modified') ?? '');
}

function lengthOf(headers: Headers): number | null {
  const length = headers.get('content-length');
  return length !== null && /^\d+$/.test(length) ? Number(length) : null;
}

function statusError(status: number, url: string): WorkbenchError {
  const address = shownAddress(url);
  if (status === 404 || status === 410) {
    return new WorkbenchError(
      'not-found',
      `There is nothing at ${address} (${status}).`,
      'Check the address.',
    );
  }
  if (status === 401 || status === 403) {
    return new WorkbenchError(
      'refused',
      `${address} wants a login (${status}).`,
      'Download the zip with your browser and install it from there.',
    );
  }
  return new WorkbenchError('unsupported', `${address} answers with ${status}.`, 'Check the address.');
}
