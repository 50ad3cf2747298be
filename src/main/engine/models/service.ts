/** The contract's `models`: which packs there are and whether they are sound, and what runs them. */
import { rm } from 'node:fs/promises';
import { cpus } from 'node:os';
import { basename } from 'node:path';
import {
  ownMethodIds,
  plainVariant,
  unwatched,
  type contract,
  type DomainService,
  type EmbeddingCacheStatus,
  type LatencyMeasurement,
  type OwnMethodId,
  type PackRole,
  type PackSummary,
  type PackVariant,
} from '../../../common/contract';
import { WorkbenchError } from '../../../common/errors';
import type { Emit } from '../context';
import type { DecodedImage } from '../imaging/image';
import { methodDefinitions } from '../methods/registry';
import type { JobQueue } from '../jobs/queue';
import { packHash } from './pack-hash';
import { measureLatency } from './latency';
import type { Manifest, RoleName } from './manifest';
import { bytesOf, Pack, type PackEntry } from './packs';
import type { MethodProvider } from './provider';
import { listProviders, tryProvider } from './runtime';
import { changesRoles, manifestOfVariant, variantNames } from './variants';
import { shownAddress, webAddress } from './web-address';

/** What was measured, by the pack and by the hash that a run would be pinned to. */
export interface LatencyStore {
  save(packId: string, packHash: string, measurement: LatencyMeasurement): void;
  list(packId: string, packHash: string): LatencyMeasurement[];
}

export interface ModelsServiceParts {
  provider: MethodProvider;
  emit: Emit;
  readOnly: boolean;
  jobs: JobQueue;
  latencies: LatencyStore;
  /** A picture of the workspace and an expression about it, to measure with; null where there is none. */
  sample(): Promise<{ image: DecodedImage; text: string } | null>;
}

export function createModelsService(parts: ModelsServiceParts): DomainService<typeof contract.models> {
  const { provider, emit } = parts;
  const { packs } = provider;

  async function entryOf(packId: string): Promise<PackEntry> {
    const entry = (await packs.list()).find(({ id }) => id === packId);
    if (!entry) throw new WorkbenchError('not-found', `There is no model pack ${packId}.`);
    return entry;
  }

  async function summarise(entry: PackEntry): Promise<PackSummary> {
    if (!entry.manifest) return summaryWithoutManifest(entry);
    if (entry.problem) return summaryOf(entry, new Pack(entry.folder, entry.manifest, entry.bundled), parts);
    return summaryOf(entry, await packs.get(entry.id), parts);
  }

  async function changed(): Promise<void> {
    await provider.refresh();
    emit('data.changed', { what: 'packs', expressionIds: [] });
  }

  function refuseReadOnly(): void {
    if (parts.readOnly) {
      throw new WorkbenchError(
        'read-only',
        'The workspace is open for reading only.',
        'Open a workspace that can be written.',
      );
    }
  }

  async function embeddingCache(): Promise<EmbeddingCacheStatus> {
    const { bytes, entries } = await provider.embeddings.usage();
    return { path: provider.embeddingsPath, bytes, entries, limit: provider.embeddings.limit };
  }

  return {
    async packs() {
      const summaries: PackSummary[] = [];
      for (const entry of await packs.list()) summaries.push(await summarise(entry));
      return summaries;
    },
    status: () => provider.status(),
    providers: () => listProviders(),
    tryProvider: ({ provider: wanted }) => tryProvider(wanted),
    async verify({ packId }, control) {
      const entry = await entryOf(packId);
      if (!entry.problem) await (await packs.get(packId)).verify(control);
      return summarise(entry);
    },
    async install({ path }, control) {
      refuseReadOnly();
      const packId = await provider.install(path, control);
      await changed();
      return summarise(await entryOf(packId));
    },
    installFromUrl(request) {
      refuseReadOnly();
      // What is wrong with the address shows now, not in a job.
      webAddress(request.url);
      const begun = parts.jobs.unfinished('install', request);
      if (!begun) {
        const title = `Install a pack from ${shownAddress(request.url)}`;
        return { jobId: parts.jobs.start('install', title, request).id };
      }
      if (begun.state !== 'queued' && begun.state !== 'running') parts.jobs.resume(begun.id);
      return { jobId: begun.id };
    },
    async remove({ packId }) {
      refuseReadOnly();
      const entry = await entryOf(packId);
      if (entry.bundled) {
        throw new WorkbenchError('refused', 'The pack came with the workbench and stays.');
      }
      await provider.release(packId);
      await rm(entry.folder, { recursive: true, force: true });
      await changed();
      return null;
    },
    async measure({ packId, method, variant }, control = unwatched) {
      const sample = await parts.sample();
      if (!sample) {
        throw new WorkbenchError(
          'not-found',
          'There is no image to measure with.',
          'Import a dataset first.',
        );
      }
      control.begin('Loading the method');
      const fresh = await provider.freshMethod(packId, method, variant);
      const measured = await measureLatency(fresh, sample, control);
      const described = await provider.describeMethod(packId, method, variant);
      const { threads, onnxruntime } = await provider.status();
      const measurement: LatencyMeasurement = {
        ...measured,
        provider: described.provider,
        threads,
        processor: cpus()[0]?.model.trim() ?? '',
        onnxruntime,
        measuredAt: new Date().toISOString(),
      };
      if (!parts.readOnly) {
        parts.latencies.save(packId, described.pack.hash, measurement);
        emit('data.changed', { what: 'packs', expressionIds: [] });
      }
      return measurement;
    },
    embeddingCache,
    async clearEmbeddingCache() {
      refuseReadOnly();
      await provider.embeddings.clear();
      return embeddingCache();
    },
  };
}

function summaryOf(
  entry: PackEntry,
  pack: Pack,
  { provider, latencies }: Pick<ModelsServiceParts, 'provider' | 'latencies'>,
): PackSummary {
  const { manifest } = pack;
  const variant = provider.variantOf(pack);
  const inUse = pack.withVariant(variant);
  const latenciesOf = (own: Pack) =>
    ownMethodIds.flatMap((method) => latencies.list(entry.id, packHash(own, method)));
  const problem = entry.problem ?? pack.damage;
  const { name, version, description, licence, provenance, leakage, demo, measured } = manifest;
  const files = Object.entries(manifest.files).map(([file, entry]) => ({ name: file, ...entry }));
  return {
    id: entry.id,
    name,
    version,
    description,
    licence,
    provenance,
    leakage,
    demo,
    bundled: pack.bundled,
    path: pack.folder,
    bytes: bytesOf(manifest),
    files,
    roles: rolesOf(pack),
    methods: ownMethodIds.map((method) => {
      const missingRoles = unusableRoles(inUse, method);
      const available =
        !entry.problem && missingRoles.length === 0 && provider.problemOf(inUse, method) === null;
      return { method, available, missingRoles };
    }),
    measured,
    variants: variantNames(manifest).map((name) => ({
      ...variantOf(manifest, name),
      latencies: latenciesOf(pack.withVariant(name)),
    })),
    variant,
    latencies: latenciesOf(inUse),
    parameters: Object.values(manifest.roles).reduce((sum, role) => sum + (role.parameters ?? 0), 0),
    verified: pack.verified,
    problem: problem && { kind: problem.kind, message: problem.message, hint: problem.hint },
  };
}

function rolesOf({ manifest: { roles, files } }: Pack): PackRole[] {
  return Object.entries(roles).map(([role, { file, parameters = 0 }]) => ({
    role,
    file,
    bytes: files[file]?.bytes ?? 0,
    sha256: files[file]?.sha256 ?? '',
    parameters,
    methods: ownMethodIds.filter((method) =>
      methodDefinitions[method].roleNames.some((name) => name === role),
    ),
  }));
}

function variantOf(manifest: Manifest, name: string): Omit<PackVariant, 'latencies'> {
  const own = manifest.variants[name];
  const used = new Set(Object.values(manifestOfVariant(manifest, name).roles).map(({ file }) => file));
  return {
    name,
    description: own?.description ?? '',
    bytes: [...used].reduce((sum, file) => sum + (manifest.files[file]?.bytes ?? 0), 0),
    files: Object.entries(own?.files ?? {}).map(([role, file]) => ({ role, file })),
    methods: ownMethodIds.filter((method) =>
      changesRoles(manifest, name, methodDefinitions[method].roleNames),
    ),
    measured: own?.measured ?? manifest.measured,
    speed: own?.speed ?? [],
  };
}

/** Roles of a method that the pack lacks, or whose files are known to be damaged. */
function unusableRoles(pack: Pack, method: OwnMethodId): RoleName[] {
  return methodDefinitions[method].roleNames.filter((name) => {
    const role = pack.manifest.roles[name];
    return !role || pack.isDamaged(role.file) || (role.tokens && pack.isDamaged(role.tokens.file));
  });
}

function summaryWithoutManifest(entry: PackEntry): PackSummary {
  return {
    id: entry.id,
    name: basename(entry.folder),
    version: '',
    description: '',
    licence: '',
    provenance: '',
    leakage: '',
    demo: false,
    bundled: entry.bundled,
    path: entry.folder,
    bytes: 0,
    files: [],
    roles: [],
    methods: ownMethodIds.map((method) => ({
      method,
      available: false,
      missingRoles: [...methodDefinitions[method].roleNames],
    })),
    measured: [],
    latencies: [],
    variants: [],
    variant: plainVariant,
    parameters: 0,
    verified: null,
    problem: entry.problem,
  };
}
