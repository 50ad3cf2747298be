import { z } from 'zod';
import { call, filePath, nothing } from './define';
import { ownMethodId, type OwnMethodId, type StageTiming } from './methods';
import { executionProvider, type ExecutionProvider, type ProviderStatus } from './providers';

export interface PackFile {
  name: string;
  bytes: number;
  sha256: string;
}

/** One network of a pack: what it is for and what it is made of. */
export interface PackRole {
  role: string;
  file: string;
  bytes: number;
  sha256: string;
  /** 0: the manifest does not say. */
  parameters: number;
  /** Methods that need it. */
  methods: OwnMethodId[];
}

/** Name of the variant that a pack's roles are listed with. */
export const plainVariant = 'float32';
export const variantName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.-]{0,31}$/, 'lower-case letters, digits, - and .');

export interface MeasuredValue {
  method: OwnMethodId;
  metric: string;
  value: number;
  data: string;
  count: number;
}

/** The same networks in other files: smaller and faster ones, at a price in accuracy that is stated. */
export interface PackVariant {
  name: string;
  description: string;
  /** Bytes of the files it uses. */
  bytes: number;
  /** Roles that have a file of their own in it. */
  files: { role: string; file: string }[];
  /** Methods that answer differently with it. */
  methods: OwnMethodId[];
  measured: MeasuredValue[];
  /** How many times as fast as the plain variant each method is; on what, says `data`. */
  speed: { method: OwnMethodId; factor: number; data: string }[];
  /** On this machine; the newest of each method first. */
  latencies: LatencyMeasurement[];
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
  roles: PackRole[];
  /** Methods that the pack's roles are enough for. */
  methods: { method: OwnMethodId; available: boolean; missingRoles: string[] }[];
  measured: MeasuredValue[];
  /** The plain one first. */
  variants: PackVariant[];
  /** The variant that is used unless a run names another: the person's choice, else the pack's. */
  variant: string;
  /** Of the variant that is used, on this machine; the newest of each method first. */
  latencies: LatencyMeasurement[];
  parameters: number;
  /** null: the files' hashes have not been checked in this session. */
  verified: boolean | null;
  /** Why it cannot be used; null when it can. */
  problem: { kind: string; message: string; hint: string } | null;
}

export interface RuntimeStatus {
  /** What the loaded graphs really run on, several joined with `+`; empty while nothing is loaded. */
  provider: string;
  /** What the settings ask for. */
  requested: ExecutionProvider;
  /** Why that cannot be used, as a sentence: then nothing runs. Empty where it can, or was not tried yet. */
  refusal: string;
  threads: number;
  onnxruntime: string;
  /** `partly`: operators that the provider lacks run on the CPU. */
  loadedSessions: { packId: string; role: string; provider: ExecutionProvider; partly: boolean }[];
}

/** A zip of a pack on the network. Nothing is downloaded unless a person asked for this very file. */
export const downloadRequest = z.strictObject({
  url: z.string().min(1).max(2_048),
  sha256: z
    .string()
    .regex(/^[0-9a-fA-F]{64}$/, 'a SHA-256 as 64 hexadecimal digits')
    .transform((text) => text.toLowerCase()),
  /** Whether the server may send on to another host, as GitHub and Hugging Face do. */
  otherHosts: z.boolean().default(false),
});
export type DownloadRequest = z.output<typeof downloadRequest>;

/** Medians of one stage, in milliseconds; `runtime` is the part inside onnxruntime. */
export type StageLatency = StageTiming;

/** How long a method of a pack takes on this machine, on one picture of the workspace. */
export interface LatencyMeasurement {
  method: OwnMethodId;
  /** Medians over the repetitions, in milliseconds: once a picture, and once an expression. */
  prepare: number;
  ground: number;
  repetitions: number;
  stages: StageLatency[];
  /** What it really ran on. */
  provider: string;
  threads: number;
  processor: string;
  onnxruntime: string;
  /** ISO 8601. */
  measuredAt: string;
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
  /** Every place where models could run; none is tried by this call. */
  providers: call<ProviderStatus[]>()(nothing),
  /** Runs a small graph on one of them. */
  tryProvider: call<ProviderStatus>()(z.strictObject({ provider: executionProvider })),
  verify: call<PackSummary>()(z.strictObject({ packId: z.string().max(200) }), { work: 'verify-pack' }),
  /** Installs a pack from a folder or a zip after checking every hash. */
  install: call<PackSummary>()(z.strictObject({ path: filePath }), { work: 'install-pack' }),
  /**
   * Starts a job that downloads a zip, compares its SHA-256 and installs it; its result is the pack's id. A job that
   * was interrupted goes on where it was.
   */
  installFromUrl: call<{ jobId: number }>()(downloadRequest),
  remove: call<null>()(z.strictObject({ packId: z.string().max(200) })),
  /** Measures a method on a picture of the workspace, and keeps the result with the pack. */
  measure: call<LatencyMeasurement>()(
    z.strictObject({
      packId: z.string().max(200),
      method: ownMethodId,
      /** null: the one that is used anyway. */
      variant: variantName.nullable().default(null),
    }),
    { work: 'measure' },
  ),
  embeddingCache: call<EmbeddingCacheStatus>()(nothing),
  /** Removes what is kept; images are then encoded anew. */
  clearEmbeddingCache: call<EmbeddingCacheStatus>()(nothing),
};
