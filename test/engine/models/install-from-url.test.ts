/** Packs from the network: jobs of the engine, and the command line's own process, against a real server. */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Job } from '../../../src/common/contract';
import { createEngine, type Engine } from '../../../src/main/engine';
import { bundleForNode, startProcess, type Bundle } from '../../support/child-process';
import { soundEntries, temporaryFolder, writeZip, type MadeManifest } from './pack-folder';
import { send, startServer, type Answering, type PackServer } from './pack-server';

let folder: ReturnType<typeof temporaryFolder>;
let server: PackServer | null = null;
let engine: Engine | null = null;
let bundle: Bundle;

beforeAll(async () => {
  bundle = await bundleForNode('src/main/engine/cli.ts');
});
afterAll(() => bundle.dispose());
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(async () => {
  await engine?.close();
  engine = null;
  await server?.close();
  server = null;
  folder.remove();
});

const installed = () => join(folder.path, 'workspace', 'models');
const names = () => (existsSync(installed()) ? readdirSync(installed()).sort() : []);

async function open(resumeJobs = true): Promise<Engine> {
  engine = await createEngine({
    workspacePath: join(folder.path, 'workspace'),
    resourcesPath: join(folder.path, 'nothing'),
    logPath: null,
    version: 'test',
    resumeJobs,
  });
  return engine;
}

/** A zip of the sound pack that is long enough to be stopped in the middle. */
async function zipOf(change?: (manifest: MadeManifest) => void): Promise<{ bytes: Buffer; sha256: string }> {
  const ballast = { name: 'ballast.bin', bytes: randomBytes(200_000) };
  const path = await writeZip(join(folder.path, 'pack.zip'), [ballast, ...soundEntries('', change)]);
  const bytes = readFileSync(path);
  return { bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
}

async function start(url: string, sha256: string): Promise<number> {
  const result = await engine?.client.models.installFromUrl({ url, sha256 });
  if (!result?.ok) throw new Error(result?.error.message);
  return result.value.jobId;
}

/** Sends so many bytes of the first request and then nothing. */
function stalling(bytes: Buffer, most: number): Answering {
  return (request, response, before) => {
    if (before > 0) send(request, response, bytes);
    else
      response
        .writeHead(200, { etag: '"one"', 'content-length': bytes.length })
        .write(bytes.subarray(0, most));
  };
}

const arrived = (sha256: string) => {
  const part = join(installed(), `.download-${sha256}.zip`);
  return existsSync(part) ? statSync(part).size : 0;
};

it('installs what has the SHA-256, with progress in bytes, and leaves only the pack', async () => {
  const { bytes, sha256 } = await zipOf();
  server = await startServer((request, response) => send(request, response, bytes));
  const { client, jobFinished, onEvent } = await open();
  const seen: Job[] = [];
  onEvent((name, payload) => {
    if (name === 'jobs.changed') seen.push(payload as Job);
  });
  const job = await jobFinished(await start(server.url, sha256.toUpperCase()));
  expect(job).toMatchObject({
    kind: 'install',
    state: 'done',
    done: bytes.length,
    total: bytes.length,
    message: 'Pack made 1.0.0 is installed.',
    result: { packId: 'made' },
  });
  expect(seen.map(({ state }) => state)).toContain('running');
  expect(names()).toEqual(['made']);
  const packs = await client.models.packs({});
  expect(packs.ok && packs.value.map(({ id, problem }) => [id, problem])).toEqual([['made', null]]);
});

it('a download that was interrupted with the engine goes on with the next one', async () => {
  const { bytes, sha256 } = await zipOf();
  server = await startServer(stalling(bytes, 120_000));
  await open();
  const jobId = await start(server.url, sha256);
  await expect.poll(() => arrived(sha256), { timeout: 20_000 }).toBe(120_000);
  const listed = await engine?.client.jobs.list({});
  expect(listed?.ok && listed.value[0]).toMatchObject({
    state: 'running',
    done: 120_000,
    total: bytes.length,
    message: `Downloading from 127.0.0.1:${server.port}`,
  });
  await engine?.close();
  const next = await open();
  expect(await next.jobFinished(jobId)).toMatchObject({ state: 'done', result: { packId: 'made' } });
  expect(server.asked.map(({ range }) => range)).toEqual([undefined, 'bytes=120000-']);
  expect(names()).toEqual(['made']);
});

it('the command line goes on after its process was killed', { timeout: 60_000 }, async () => {
  const { bytes, sha256 } = await zipOf();
  server = await startServer(stalling(bytes, 90_000));
  const args = ['packs', 'install', server.url, '--sha256', sha256];
  const places = ['--workspace', join(folder.path, 'workspace'), '--resources', join(folder.path, 'nothing')];
  const killed = startProcess(bundle, [...args, ...places]);
  await expect.poll(() => arrived(sha256), { timeout: 20_000 }).toBe(90_000);
  await killed.kill();
  // What a process leaves that is killed while it installs.
  mkdirSync(join(installed(), '.installing-0'));
  writeFileSync(join(installed(), '.installing-0', 'text.onnx'), 'half');
  const again = startProcess(bundle, [...args, ...places]);
  await again.line((line) => line.includes('"name":"packs"'));
  await again.ended;
  expect(again.process.exitCode).toBe(0);
  expect(server.asked.map(({ range }) => range)).toEqual([undefined, 'bytes=90000-']);
  expect(names()).toEqual(['made']);
});

it('interrupted with Ctrl+C, the same command goes on', { timeout: 60_000 }, async () => {
  const { bytes, sha256 } = await zipOf();
  server = await startServer(stalling(bytes, 70_000));
  const args = ['packs', 'install', server.url, '--sha256', sha256];
  const places = ['--workspace', join(folder.path, 'workspace'), '--resources', join(folder.path, 'nothing')];
  const stopped = startProcess(bundle, [...args, ...places]);
  await expect.poll(() => arrived(sha256), { timeout: 20_000 }).toBe(70_000);
  stopped.process.kill('SIGINT');
  await stopped.ended;
  expect(stopped.process.exitCode).toBe(1);
  expect(stopped.lines.at(-1)).toContain('Run the same command again to go on from there.');
  const again = startProcess(bundle, [...args, ...places]);
  await again.ended;
  expect(again.process.exitCode).toBe(0);
  expect(server.asked.map(({ range }) => range)).toEqual([undefined, 'bytes=70000-']);
  expect(names()).toEqual(['made']);
});

it('cancelled, it leaves nothing', async () => {
  const { bytes, sha256 } = await zipOf();
  server = await startServer(stalling(bytes, 50_000));
  const { client, jobFinished } = await open();
  const jobId = await start(server.url, sha256);
  await expect.poll(() => arrived(sha256), { timeout: 20_000 }).toBe(50_000);
  await client.jobs.cancel({ jobId });
  expect(await jobFinished(jobId)).toMatchObject({ state: 'cancelled' });
  expect(names()).toEqual([]);
});

it.each([
  ['a wrong SHA-256', '0'.repeat(64), undefined, 'damaged', /is not the file with this SHA-256/],
  [
    'a file inside whose hash differs',
    null,
    (manifest: MadeManifest) => {
      manifest.files['text.onnx'] = { bytes: 1, sha256: '0'.repeat(64) };
    },
    'model-damaged',
    /the hash differs/,
  ],
  [
    'an output of another name',
    null,
    (manifest: MadeManifest) => {
      (manifest.roles['clip-text'] ?? {})['outputs'] = { words: { type: 'float32', shape: [-1, 4] } };
    },
    'model-damaged',
    /outputs: the file has text_embeddings; the manifest says words/,
  ],
  [
    'an input of another shape',
    null,
    (manifest: MadeManifest) => {
      (manifest.roles['clip-text'] ?? {})['inputs'] = { input_ids: { type: 'int64', shape: [-1, 9] } };
    },
    'model-damaged',
    /input_ids is int64 \[-1, 4\]; the manifest says int64 \[-1, 9\]/,
  ],
] as const)('%s: the job says so and nothing stays', async (_, wanted, change, kind, message) => {
  const { bytes, sha256 } = await zipOf(change);
  server = await startServer((request, response) => send(request, response, bytes));
  const { jobFinished } = await open();
  const job = await jobFinished(await start(server.url, wanted ?? sha256));
  expect(job).toMatchObject({ state: 'failed', error: { kind } });
  expect(job.error?.message).toMatch(message);
  expect(names()).toEqual([]);
});

it('an address that is not used is refused before there is a job', async () => {
  const { client } = await open();
  const refused = await client.models.installFromUrl({
    url: 'http://example.org/a.zip',
    sha256: '0'.repeat(64),
  });
  expect(refused).toMatchObject({ ok: false, error: { kind: 'refused' } });
  expect(await client.models.installFromUrl({ url: 'https://example.org/a.zip', sha256: '0' })).toMatchObject(
    {
      ok: false,
      error: { kind: 'invalid' },
    },
  );
  expect(await client.jobs.list({})).toMatchObject({ ok: true, value: [] });
});

it('what no job will go on with is removed at the next start', async () => {
  mkdirSync(installed(), { recursive: true });
  const part = `.download-${'0'.repeat(64)}`;
  for (const name of [`${part}.zip`, `${part}.json`]) writeFileSync(join(installed(), name), '{}');
  mkdirSync(join(installed(), '.installing-1'));
  await open();
  expect(names()).toEqual([]);
});
