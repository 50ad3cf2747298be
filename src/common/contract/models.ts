import { z } from 'zod';
import { call, filePath, nothing } from './define';
import { methodId, type MethodId } from './methods';

export interface PackFile {
  name: string;
  bytes: number;
  sha256: string;
}

export interface PackSummary {
  id: string;
  name: string;
  version: string;
  description: string;
  licence: string;
  provenance: string;
  leakage: string;
  demo: boolean;
  bundled: boolean;
  path: string;
  bytes: number;
  files: PackFile[];
  /** Methods that the pack's roles are enough for. */
  methods: { method: MethodId; available: boolean; missingRoles: string[] }[];
  measured: { method: MethodId; metric: string; value: number; data: string; count: number }[];
  parameters: number;
  /** null: the files' hashes have not been checked in this session. */
  verified: boolean | null;
  /** Why it cannot be used; null when it can. */
  problem: { kind: string; message: string; hint: string } | null;
}

export interface RuntimeStatus {
  /** Execution provider really in use, e.g. `cpu`. */
  provider: string;
  /** Why it is not the one that the settings ask for; empty when it is, or when nothing is loaded yet. */
  fallbackReason: string;
  available: string[];
  threads: number;
  onnxruntime: string;
  loadedSessions: { packId: string; role: string }[];
}

export interface LatencyMeasurement {
  method: MethodId;
  /** Medians over the repetitions, in milliseconds. */
  prepare: number;
  ground: number;
  repetitions: number;
}

/** What is kept on the disk of images that were encoded. */
export interface EmbeddingCacheStatus {
  /** Folder that it lies in. */
  path: string;
  bytes: number;
  /** Encoded images, one for each encoder. */
  entries: number;
  /** Bytes that it may grow to, as the settings say; 0: nothing is kept. */
  limit: number;
}

export const models = {
  packs: call<PackSummary[]>()(nothing),
  status: call<RuntimeStatus>()(nothing),
  verify: call<PackSummary>()(z.strictObject({ packId: z.string().max(200) })),
  /** Installs a pack from a folder or a zip after checking every hash. */
  install: call<PackSummary>()(z.strictObject({ path: filePath })),
  remove: call<null>()(z.strictObject({ packId: z.string().max(200) })),
  measure: call<LatencyMeasurement>()(z.strictObject({ packId: z.string().max(200), method: methodId })),
  embeddingCache: call<EmbeddingCacheStatus>()(nothing),
  /** Removes what is kept; images are then encoded anew. */
  clearEmbeddingCache: call<EmbeddingCacheStatus>()(nothing),
};
