/** Downloading against real HTTP servers: resumed, verified, and refused with a reason where a server misbehaves. */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  download,
  forgetDownload,
  partialFiles,
  type DownloadLimits,
} from '../../../src/main/engine/models/download';
import { temporaryFolder } from './pack-folder';
import { send, startServer, type Answering, type PackServer } from './pack-server';

const file = Buffer.concat([Buffer.from('PK\x03\x04'), randomBytes(300_000)]);
const sha256 = createHash('sha256').update(file).digest('hex');
const limits: DownloadLimits = { bytes: 1_000_000, silence: 20_000, attempts: 3, pause: () => 5 };

let folder: ReturnType<typeof temporaryFolder>;
let servers: PackServer[];
let told: { total: number; done: number; said: string[] };

beforeEach(() => {
  folder = temporaryFolder();
  servers = [];
  told = { total: 0, done: 0, said: [] };
});
afterEach(async () => {
  for (const server of servers) await server.close();
  folder.remove();
});

async function serve(answer: Answering, port = 0): Promise<PackServer> {
  const server = await startServer(answer, port);
  servers.push(server);
  return server;
}

function fetchIt(
  url: string,
  options: {
    otherHosts?: boolean;
    sha256?: string;
    signal?: AbortSignal;
    limits?: Partial<DownloadLimits>;
  } = {},
): Promise<string> {
  const control = {
    signal: options.signal ?? new AbortController().signal,
    setTotal: (total: number, done = 0) => {
      told.total = total;
      told.done = done;
    },
    advance: (done: number) => {
      told.done += done;
    },
    say: (message: string) => void told.said.push(message),
    keep: () => undefined,
  };
  const request = { url, sha256: options.sha256 ?? sha256, otherHosts: options.otherHosts ?? false };
  return download(request, folder.path, control, { ...limits, ...options.limits });
}

const refusal = (kind: string, message: RegExp) => ({
  kind,
  message: expect.stringMatching(message) as string,
});
const left = () => readdirSync(folder.path);

it('brings the file, telling how much of it is there', async () => {
  const server = await serve((request, response) => send(request, response, file));
  const path = await fetchIt(server.url);
  expect(readFileSync(path).equals(file)).toBe(true);
  expect(told).toMatchObject({ total: file.length, done: file.length });
  expect(server.asked).toEqual([{ path: '/pack.zip', range: undefined, ifRange: undefined }]);
});

describe('goes on', () => {
  it('after broken connections, with only what is missing and only of the same file', async () => {
    const server = await serve((request, response) => send(request, response, file, { most: 120_000 }));
    expect(readFileSync(await fetchIt(server.url)).equals(file)).toBe(true);
    expect(server.asked.length).toBeGreaterThan(2);
    const [, ...later] = server.asked;
    for (const { range, ifRange } of later) {
      expect(range).toMatch(/^bytes=\d{5,}-$/);
      expect(ifRange).toBe('"one"');
    }
    expect(told.done).toBe(file.length);
  });

  it('in another process: what had arrived when it ended is not asked for again', async () => {
    const broken = await serve((request, response, before) =>
      before === 0 ? send(request, response, file, { most: 100_000 }) : response.destroy(),
    );
    await expect(fetchIt(broken.url)).rejects.toMatchObject(refusal('unreachable', /cannot be had/));
    const { part } = partialFiles(folder.path, sha256);
    expect(statSync(part).size).toBe(100_000);
    servers.splice(0);
    await broken.close();
    const anew = await serve((request, response) => send(request, response, file), broken.port);
    expect(readFileSync(await fetchIt(anew.url)).equals(file)).toBe(true);
    expect(anew.asked.map(({ range }) => range)).toEqual(['bytes=100000-']);
  });

  it('from the beginning where the file changed in between, whether the server says so by itself or not', async () => {
    for (const honest of [true, false]) {
      const server = await serve((request, response, before) => {
        if (before === 0) send(request, response, randomOf(file), { etag: '"old"', most: 90_000 });
        else if (honest) send(request, response, file, { etag: '"new"' });
        else {
          // Answers the range whatever If-Range says, with the tag of the new file.
          delete request.headers['if-range'];
          send(request, response, file, { etag: '"new"' });
        }
      });
      expect(readFileSync(await fetchIt(server.url)).equals(file)).toBe(true);
    }
  });

  it('from the beginning where the server knows no ranges', async () => {
    const server = await serve((request, response, before) =>
      send(request, response, file, { ranges: false, ...(before === 0 && { most: 90_000 }) }),
    );
    expect(readFileSync(await fetchIt(server.url)).equals(file)).toBe(true);
    expect(told.done).toBe(file.length);
  });

  it('after a while where a server is not well, and gives up where it stays so', async () => {
    const server = await serve((request, response, before) =>
      before < 2 ? response.writeHead(503).end() : send(request, response, file),
    );
    await fetchIt(server.url);
    const dead = await serve((_, response) => response.writeHead(500).end());
    await expect(fetchIt(dead.url, { sha256: 'a'.repeat(64) })).rejects.toMatchObject(
      refusal('unreachable', /the server says 500/),
    );
    expect(dead.asked).toHaveLength(3);
  });

  it('where a server says nothing for long', async () => {
    const server = await serve((request, response, before) => {
      if (before === 0)
        response.writeHead(200, { 'content-length': file.length }).write(file.subarray(0, 5_000));
      else send(request, response, file);
    });
    expect(readFileSync(await fetchIt(server.url, { limits: { silence: 200 } })).equals(file)).toBe(true);
  });
});

describe('refuses, and keeps nothing of', () => {
  afterEach(() => expect(left()).toEqual([]));

  it('another file than the one with the SHA-256', async () => {
    const server = await serve((request, response) => send(request, response, randomOf(file)));
    await expect(fetchIt(server.url)).rejects.toMatchObject(
      refusal('damaged', /not the file with this SHA-256: it has/),
    );
  });

  it.each([
    ['a page that is not there', 404, {}, 'not-found', /nothing at .*\(404\)/],
    ['a login', 403, {}, 'refused', /wants a login/],
    ['another status', 418, {}, 'unsupported', /answers with 418/],
    [
      'a web page',
      200,
      { 'content-type': 'text/html; charset=utf-8' },
      'unsupported',
      /a web page, not with a file/,
    ],
    ['what is packed on the way', 200, { 'content-encoding': 'br' }, 'unsupported', /packed as br/],
  ] as const)('%s', async (_, status, headers, kind, message) => {
    const server = await serve((_request, response) => {
      response.writeHead(status, headers).end('<html>no</html>');
    });
    await expect(fetchIt(server.url)).rejects.toMatchObject(refusal(kind, message));
    expect(server.asked).toHaveLength(1);
  });

  it('what does not begin as a zip, without waiting for the rest', async () => {
    const server = await serve((_, response) => {
      response.writeHead(200, { 'content-length': 900_000 }).write('This is no zip.'.repeat(100));
    });
    await expect(fetchIt(server.url)).rejects.toMatchObject(refusal('unsupported', /is not a zip/));
  });

  it('more bytes than a pack may have, announced or not', async () => {
    const announced = await serve((_, response) =>
      response.writeHead(200, { 'content-length': 2_000_000 }).write('PK'),
    );
    await expect(fetchIt(announced.url)).rejects.toMatchObject(refusal('too-large', /packs may have/));
    const silent = await serve((_, response) => {
      response.writeHead(200);
      response.end(Buffer.concat([file, file, file, file]));
    });
    await expect(fetchIt(silent.url)).rejects.toMatchObject(refusal('too-large', /packs may have/));
  });

  it('a server that sends on to another host, unless that was allowed', async () => {
    const other = await serve((request, response) => send(request, response, file));
    const server = await serve((_, response) => response.writeHead(302, { location: other.url }).end());
    await expect(fetchIt(server.url)).rejects.toMatchObject(
      refusal('refused', new RegExp(`sends on to another host, 127.0.0.1:${other.port}`)),
    );
    expect(other.asked).toEqual([]);
    const path = await fetchIt(server.url, { otherHosts: true });
    expect(readFileSync(path).equals(file)).toBe(true);
    await forgetDownload(folder.path, sha256);
  });

  it('a server that sends on without end, or to an address that is not used', async () => {
    const circle = await serve((_, response) => response.writeHead(301, { location: '/again' }).end());
    await expect(fetchIt(circle.url)).rejects.toMatchObject(refusal('refused', /without end/));
    for (const location of [
      'http://example.org/pack.zip',
      'file:///etc/passwd',
      'ftp://127.0.0.1/pack.zip',
    ]) {
      const server = await serve((_, response) => response.writeHead(302, { location }).end());
      await expect(fetchIt(server.url, { otherHosts: true })).rejects.toMatchObject(
        refusal('refused', /is not used for downloads/),
      );
    }
  });

  it.each([
    ['http://example.org/pack.zip', 'refused'],
    ['https://someone:secret@example.org/pack.zip', 'refused'],
    ['file:///pack.zip', 'refused'],
    ['pack.zip', 'invalid'],
  ])('the address %s, without asking anyone', async (url, kind) => {
    await expect(fetchIt(url)).rejects.toMatchObject({ kind });
  });
});

it('stops at once when told to, and what has arrived stays for another time', async () => {
  const server = await serve((_, response) => {
    response.writeHead(200, { 'content-length': file.length }).write(file.subarray(0, 50_000));
  });
  const abort = new AbortController();
  const running = fetchIt(server.url, { signal: abort.signal });
  const { part } = partialFiles(folder.path, sha256);
  await expect.poll(() => existsSync(part) && statSync(part).size, { timeout: 20_000 }).toBe(50_000);
  abort.abort();
  // The server says nothing more: only the signal can end it before the silence counts as a broken connection.
  await expect(running).rejects.toMatchObject({ name: 'AbortError' });
  expect(left()).toHaveLength(2);
});

it('a folder that is not there is an error of the disk, not of the network', async () => {
  const server = await serve((request, response) => send(request, response, file));
  folder.remove();
  await expect(fetchIt(server.url)).rejects.toMatchObject({ code: 'ENOENT' });
  mkdirSync(join(folder.path));
});

/** As long, beginning as a zip does, and different. */
function randomOf(like: Buffer): Buffer {
  return Buffer.concat([Buffer.from('PK\x03\x04'), randomBytes(like.length - 4)]);
}
