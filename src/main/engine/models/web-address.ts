/** Which addresses a pack may be downloaded from. */
import { WorkbenchError } from '../../../common/errors';

const ownMachine = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Throws `invalid` for what is no web address, `refused` for one that others could read or change on the way. */
export function webAddress(text: string): URL {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new WorkbenchError('invalid', `“${text}” is not a web address.`, 'It begins with https://.');
  }
  if (url.username || url.password) {
    throw new WorkbenchError(
      'refused',
      'An address with a name or password in it is not used: it would be kept with the job.',
      'Download the zip with your browser and install it from there.',
    );
  }
  if (url.protocol === 'https:') return url;
  if (url.protocol === 'http:' && ownMachine.has(url.hostname)) return url;
  throw new WorkbenchError(
    'refused',
    `${url.protocol}// is not used for downloads.`,
    'Use an https address; http only from this machine itself.',
  );
}

/**
 * Where a server sends on to. Throws `refused` where that is another host and nobody allowed it, or a less safe way.
 */
export function redirectTarget(from: URL, location: string | null, otherHosts: boolean): URL {
  const to = webAddress(new URL(location ?? '', from).href);
  if (to.protocol !== from.protocol) {
    throw new WorkbenchError('refused', `${from.host} sends on from ${from.protocol}// to ${to.protocol}//.`);
  }
  // A server on the net must not make us ask the services of this machine.
  if (ownMachine.has(to.hostname) && !ownMachine.has(from.hostname)) {
    throw new WorkbenchError('refused', `${from.host} sends on to this machine itself.`);
  }
  if (to.host !== from.host && !otherHosts) {
    throw new WorkbenchError(
      'refused',
      `${from.host} sends on to another host, ${to.host}.`,
      'Allow that if you trust it; what comes is checked against the SHA-256 in any case.',
    );
  }
  return to;
}

/** The address without its query, which may hold a key. */
export function shownAddress(text: string): string {
  const { host, pathname } = new URL(text);
  return host + pathname;
}
