/** The contract's `models`: which packs there are and whether they are sound, and what runs them. */
import { rm } from 'node:fs/promises';
import { basename } from 'node:path';
import {
  ownMethodIds,
  type contract,
  type DomainService,
  type EmbeddingCacheStatus,
  type LatencyMeasurement,
  type OwnMethodId,
  type PackSummary,
} from '../../../common/contract';
import { WorkbenchError } from '../../../common/errors';
import type { Emit } from '../context';
import type { DecodedImage } from '../imaging/image';
import { methodDefinitions } from '../methods/registry';
import type { JobQueue } from '../jobs/queue';
import type { RoleName } from './manifest';
import { Pack, type PackEntry } from './packs';
import type { MethodProvider } from './provider';
import { listProviders, tryProvider } from './runtime';
import { shownAddress, webAddress } from './web-address';

export interface ModelsServiceParts {
  provider: MethodProvider;
  emit: Emit;
  readOnly: boolean;
  jobs: JobQueue;
  /** A picture of the workspace and an expression about it, to measure with; null where there is none. */
  sample(): Promise<{ image: DecodedImage; text: string } | null>;
}

const repetitions = 7;

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
    if (entry.problem)
      return summaryOf(entry, new Pack(entry.folder, entry.manifest, entry.bundled), provider);
    return summaryOf(entry, await packs.get(entry.id), provider);
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
    async verify({ packId }) {
      const entry = await entryOf(packId);
      if (!entry.problem) await (await packs.get(packId)).verify();
      return summarise(entry);
    },
    async install({ path }) {
      refuseReadOnly();
      const packId = await provider.install(path);
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
      if (begun.state === 'interrupted' || begun.state === 'failed') parts.jobs.resume(begun.id);
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
    async measure({ packId, method }) {
      const sample = await parts.sample();
      if (!sample) {
        throw new WorkbenchError(
          'not-found',
          'There is no image to measure with.',
          'Import a dataset first.',
        );
      }
      return measure(await provider.freshMethod(packId, method), sample);
    },
    embeddingCache,
    async clearEmbeddingCache() {
      refuseReadOnly();
      await provider.embeddings.clear();
      return embeddingCache();
    },
  };
}

type MeasuredMethod = Awaited<ReturnType<MethodProvider['freshMethod']>>;

/** Medians after one run that warms up; each repetition asks a text not asked before. */
async function measure(
  method: MeasuredMethod,
  { image, text }: { image: DecodedImage; text: string },
): Promise<LatencyMeasurement> {
  const preparing: number[] = [];
  const grounding: number[] = [];
  for (let repetition = 0; repetition <= repetitions; repetition += 1) {
    const startedAt = performance.now();
    const state = await method.prepare(image);
    const preparedAt = performance.now();
    // A method may keep what it knows of a text; another text is another question.
    await method.ground(state, `${text}${' again'.repeat(repetition)}`);
    if (repetition > 0) {
      preparing.push(preparedAt - startedAt);
      grounding.push(performance.now() - preparedAt);
    }
  }
  return { method: method.id, prepare: median(preparing), ground: median(grounding), repetitions };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function summaryOf(entry: PackEntry, pack: Pack, provider: MethodProvider): PackSummary {
  const { manifest } = pack;
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
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    files,
    methods: ownMethodIds.map((method) => {
      const missingRoles = unusableRoles(pack, method);
      const available =
        !entry.problem && missingRoles.length === 0 && provider.problemOf(pack, method) === null;
      return { method, available, missingRoles };
    }),
    measured,
    parameters: Object.values(manifest.roles).reduce((sum, role) => sum + (role.parameters ?? 0), 0),
    verified: pack.verified,
    problem: problem && { kind: problem.kind, message: problem.message, hint: problem.hint },
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
    methods: ownMethodIds.map((method) => ({
      method,
      available: false,
      missingRoles: [...methodDefinitions[method].roleNames],
    })),
    measured: [],
    parameters: 0,
    verified: null,
    problem: entry.problem,
  };
}
