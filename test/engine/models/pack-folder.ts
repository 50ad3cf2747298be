/** Makes pack folders for tests: real files, real hashes. */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const graphs = join(__dirname, 'graphs');
export const quietLog = { info() {}, warn() {}, error: () => '' };

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
