/** Makes pack folders for tests: real files, real hashes. */
import { createHash } from 'node:crypto';
import { createWriteStream, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { JobQueue } from '../../../src/main/engine/jobs/queue';

export const graphs = join(__dirname, 'graphs');
export const quietLog = { info() {}, warn() {}, error: () => '' };

/** Where no job is ever started. */
export const noJobs = new JobQueue({
  store: { create: never, update: never, list: () => [], get: () => null, clearEnded: never },
  works: { import: never, install: never, predict: never },
  emit: () => undefined,
  log: quietLog,
});

function never(): never {
  throw new Error('No job is started here.');
}

export function temporaryFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'packs-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

export interface MadeManifest {
  id: string;
  files: Record<string, { sha256: string; bytes: number }>;
  roles: Record<string, Record<string, unknown>>;
  [key: string]: unknown;
}

/** A pack of one role, clip-text, whose graph is one of graphs/*.onnx. */
export function manifestOf(id: string, graph: Uint8Array): MadeManifest {
  const tensor = { type: 'float32', shape: [-1, 4] };
  return {
    schema: 1,
    id,
    name: `Pack ${id}`,
    version: '1.0.0',
    description: 'Made by a test.',
    licence: 'MIT',
    provenance: 'Made by a test.',
    demo: false,
    files: { 'text.onnx': entryOf(graph) },
    roles: {
      'clip-text': {
        file: 'text.onnx',
        inputs: { input_ids: { type: 'int64', shape: [-1, 4] } },
        outputs: { text_embeddings: tensor },
      },
    },
    methods: {},
    measured: [],
  };
}

export function entryOf(bytes: Uint8Array): { sha256: string; bytes: number } {
  return { sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length };
}

export function graph(name: string): Buffer {
  return readFileSync(join(graphs, `${name}.onnx`));
}

/** Writes a pack folder; returns its path. */
export function writePack(
  parent: string,
  id: string,
  bytes: Uint8Array,
  change: (manifest: MadeManifest) => void = () => {},
): string {
  const folder = join(parent, id);
  mkdirSync(folder, { recursive: true });
  const manifest = manifestOf(id, bytes);
  change(manifest);
  writeFileSync(join(folder, 'text.onnx'), bytes);
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
  return folder;
}

export interface ZipEntry {
  name: string;
  bytes: Uint8Array;
  mode?: number;
}

/** The files of a pack made of the sound graph, as a zip has them. */
export function soundEntries(prefix = '', change: (manifest: MadeManifest) => void = () => {}): ZipEntry[] {
  const bytes = graph('sound');
  const manifest = manifestOf('made', bytes);
  change(manifest);
  return [
    { name: `${prefix}manifest.json`, bytes: Buffer.from(JSON.stringify(manifest)) },
    { name: `${prefix}text.onnx`, bytes },
  ];
}

export async function writeZip(path: string, entries: readonly ZipEntry[]): Promise<string> {
  const zip = new ZipFile();
  for (const { name, bytes, mode } of entries) {
    zip.addBuffer(Buffer.from(bytes), name, mode === undefined ? {} : { mode });
  }
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(path));
  return path;
}
