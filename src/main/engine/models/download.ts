/**
 * Downloads one file whose SHA-256 is known beforehand. What has arrived stays on the disk, so that another attempt,
 * in this process or the next one, goes on from there. The only code of the workbench that reaches a network.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readFile, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as wait } from 'node:timers/promises';
import type { DownloadRequest } from '../../../common/contract';
import { WorkbenchError } from '../../../common/errors';
import type { JobControl } from '../jobs/queue';
import { answerOf, BrokenOff, type Answer } from './download-answer';
import { redirectTarget, shownAddress, webAddress } from './web-address';

export interface DownloadLimits {
  bytes: number;
  /** Milliseconds without a byte after which a connection counts as broken. */
  silence: number;
  /** Attempts in a row that bring nothing, after which it is given up. */
  attempts: number;
  /** Milliseconds before the attempt of this number, from 1. */
  pause(attempt: number): number;
}

export const downloadLimits: DownloadLimits = {
  bytes: 16_000_000_000,
  silence: 30_000,
  attempts: 5,
  pause: (attempt) => 1_000 * 2 ** (attempt - 1),
};

/** What is known of the file that has begun to arrive; beside the part that has. */
interface Begun {
  url: string;
  /** ETag, or else the time of the last change; empty where the server gives neither. */
  validator: string;
  /** null: the server does not say. */
  total: number | null;
}

type Control = Pick<JobControl, 'signal' | 'setTotal' | 'advance' | 'say' | 'keep'>;

const redirectsFollowed = 5;
/** How often the job is told that what has arrived is on the disk. */
const keepEveryMilliseconds = 2_000;
const networkCodes = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ERR_STREAM_PREMATURE_CLOSE']);
/** What every zip with something in it begins with. */
const zipBeginning = Buffer.from('PK\x03\x04');

/** The file while it arrives, and what is known of it. */
export function partialFiles(folder: string, sha256: string): { part: string; begun: string } {
  return { part: join(folder, `.download-${sha256}.zip`), begun: join(folder, `.download-${sha256}.json`) };
}

export async function forgetDownload(folder: string, sha256: string): Promise<void> {
  const { part, begun } = partialFiles(folder, sha256);
  await rm(part, { force: true });
  await rm(begun, { force: true });
}

/**
 * Brings the file into the folder and returns its path; its SHA-256 is the wanted one. Throws `unreachable` where the
 * server cannot be had for long (what has arrived stays), and `refused`, `not-found`, `unsupported`, `too-large`,
 * `disk-full` or `damaged`, with nothing left, where going on would not help.
 */
export async function download(
  request: DownloadRequest,
  folder: string,
  control: Control,
  limits: DownloadLimits = downloadLimits,
): Promise<string> {
  const { part } = partialFiles(folder, request.sha256);
  webAddress(request.url);
  try {
    await fetchAll(request, folder, control, limits);
    control.say('Checking the SHA-256');
    const found = await sha256Of(part, control.signal);
    if (found === request.sha256) return part;
    throw new WorkbenchError(
      'damaged',
      `What came from ${shownAddress(request.url)} is not the file with this SHA-256: it has ${found}.`,
      'Compare the hash and the address with those of whoever offers the pack. Nothing was installed.',
    );
  } catch (error) {
    // What was stopped, or could not be reached, goes on another time; what is wrong is not kept.
    const goesOn =
      control.signal.aborted || (error instanceof WorkbenchError && error.kind === 'unreachable');
    if (!goesOn) await forgetDownload(folder, request.sha256);
    throw error;
  }
}

/** Attempts until the whole file is there; one that brought something starts the count anew. */
async function fetchAll(
  request: DownloadRequest,
  folder: string,
  control: Control,
  limits: DownloadLimits,
): Promise<void> {
  const { part } = partialFiles(folder, request.sha256);
  for (let attempt = 1; ; attempt += 1) {
    const before = await sizeOf(part);
    try {
      await fetchRest(request, folder, control, limits);
      return;
    } catch (error) {
      control.signal.throwIfAborted();
      if (!(error instanceof BrokenOff)) throw error;
      if ((await sizeOf(part)) > before) attempt = 1;
      if (attempt >= limits.attempts) {
        throw new WorkbenchError(
          'unreachable',
          `${shownAddress(request.url)} cannot be had: ${error.message}`,
          'Check the connection and resume the job; what has arrived is kept.',
        );
      }
      control.say(`The connection broke (${error.message}); trying again`);
      await wait(limits.pause(attempt), null, { signal: control.signal });
    }
  }
}

async function fetchRest(
  request: DownloadRequest,
  folder: string,
  control: Control,
  limits: DownloadLimits,
): Promise<void> {
  const files = partialFiles(folder, request.sha256);
  const begun = await readBegun(files.begun, request.url);
  const had = begun ? await sizeOf(files.part) : 0;
  if (begun && begun.total === had && had > 0) return;
  const quiet = new SilenceWatch(limits.silence, control.signal);
  try {
    control.say(`Asking ${new URL(request.url).host}`);
    const response = await ask(request, begun && had > 0 ? { had, begun } : null, quiet.signal);
    const answer = answerOf(response, had, begun);
    if (answer.kind === 'start-anew') {
      await response.body?.cancel();
      await forgetDownload(folder, request.sha256);
      throw new BrokenOff('the file on the server is another one now');
    }
    await checkRoom(answer, folder, limits.bytes);
    await writeFile(files.begun, JSON.stringify({ url: request.url, ...answer.file } satisfies Begun));
    control.setTotal(answer.file.total ?? 0, answer.from);
    control.say(`Downloading from ${new URL(response.url || request.url).host}`);
    await write(response, answer, files.part, control, quiet, limits.bytes);
  } catch (error) {
    throw control.signal.aborted ? error : brokenOff(error, quiet);
  } finally {
    quiet.stop();
  }
}

/** Sends the request, and follows where it may. Asks for the missing rest where a part is there. */
async function ask(
  { url, otherHosts }: DownloadRequest,
  part: { had: number; begun: Begun } | null,
  signal: AbortSignal,
): Promise<Response> {
  let address = webAddress(url);
  // Packed on the way, its bytes would not be those that the hash is of.
  const headers: Record<string, string> = { 'accept-encoding': 'identity' };
  if (part) headers['range'] = `bytes=${part.had}-`;
  // Only a whole file where it is no longer the one that had begun.
  if (part?.begun.validator) headers['if-range'] = part.begun.validator;
  for (let redirects = 0; redirects <= redirectsFollowed; redirects += 1) {
    const response = await fetch(address, { headers, signal, redirect: 'manual' });
    if (response.status < 300 || response.status >= 400 || response.status === 304) return response;
    await response.body?.cancel();
    address = redirectTarget(address, response.headers.get('location'), otherHosts);
  }
  throw new WorkbenchError('refused', `${shownAddress(url)} sends on from place to place without end.`);
}

async function checkRoom({ from, file }: Extract<Answer, { kind: 'bytes' }>, folder: string, most: number) {
  if (file.total === null) return;
  if (file.total > most) throw tooLarge(file.total);
  const { bavail, bsize } = await statfs(folder);
  // The zip and what is unpacked from it lie beside each other for a while.
  const needed = 2 * file.total - from;
  if (bavail * bsize < needed) {
    const gigabytes = (needed / 1e9).toFixed(1);
    throw new WorkbenchError(
      'disk-full',
      `Installing needs ${gigabytes} GB on the disk of the workspace.`,
      'Free some space and try again.',
    );
  }
}

async function write(
  response: Response,
  { from, file }: Extract<Answer, { kind: 'bytes' }>,
  part: string,
  control: Control,
  quiet: SilenceWatch,
  most: number,
): Promise<void> {
  if (!response.body) throw new BrokenOff('nothing came');
  let size = from;
  let keptAt = performance.now();
  const out = await open(part, from === 0 ? 'w' : 'a');
  try {
    let beginning = Buffer.alloc(0);
    // One after the other, so that all that came before a connection breaks is in the file.
    for await (const piece of response.body as AsyncIterable<Uint8Array>) {
      quiet.heard();
      size += piece.length;
      if (from === 0 && beginning.length < zipBeginning.length) {
        beginning = Buffer.concat([beginning, piece]).subarray(0, zipBeginning.length);
        if (!zipBeginning.subarray(0, beginning.length).equals(beginning)) throw noZip(response.url);
      }
      if (file.total === null && size > most) throw tooLarge(size);
      if (file.total !== null && size > file.total)
        throw new WorkbenchError('damaged', `${shownAddress(response.url)} sends more than it announced.`);
      await out.write(piece);
      control.advance(piece.length);
      if (performance.now() - keptAt > keepEveryMilliseconds) {
        keptAt = performance.now();
        control.keep();
      }
    }
  } finally {
    await out.close();
  }
  if (file.total !== null && size < file.total)
    throw new BrokenOff(`it ended after ${size} of ${file.total} bytes`);
}

/** Ends a connection over which nothing comes. */
class SilenceWatch {
  readonly #abort = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly signal: AbortSignal;
  timedOut = false;

  constructor(milliseconds: number, cancelled: AbortSignal) {
    this.signal = AbortSignal.any([this.#abort.signal, cancelled]);
    this.#timer = setTimeout(() => {
      this.timedOut = true;
      this.#abort.abort();
    }, milliseconds);
  }

  heard(): void {
    this.#timer.refresh();
  }

  /** Ends the connection where it still is: nobody reads what would come. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#abort.abort();
  }
}

/** Errors of the connection as what another attempt may mend; all others as they are. */
function brokenOff(error: unknown, quiet: SilenceWatch): unknown {
  if (quiet.timedOut) return new BrokenOff('nothing came for long');
  if (error instanceof WorkbenchError || error instanceof BrokenOff) return error;
  // fetch wraps errors of the network in a TypeError with a cause; those of the disk have only a code.
  const { cause, code } = error as { cause?: { code?: string; message?: string }; code?: string };
  const isNetwork = error instanceof TypeError || networkCodes.has(code ?? '');
  return isNetwork ? new BrokenOff(cause?.code ?? cause?.message ?? code ?? String(error)) : error;
}

async function sha256Of(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash, { signal });
  return hash.digest('hex');
}

/** What had begun, where it is of this very address; else null. */
async function readBegun(path: string, url: string): Promise<Begun | null> {
  try {
    const begun = JSON.parse(await readFile(path, 'utf8')) as Begun;
    return begun.url === url ? begun : null;
  } catch {
    return null;
  }
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => null))?.size ?? 0;
}

function tooLarge(bytes: number): WorkbenchError {
  return new WorkbenchError('too-large', `The file has ${(bytes / 1e9).toFixed(1)} GB; packs may have 16.`);
}

function noZip(url: string): WorkbenchError {
  return new WorkbenchError(
    'unsupported',
    `What comes from ${shownAddress(url)} is not a zip.`,
    'Use the address of the zip itself, not of a page about it.',
  );
}
