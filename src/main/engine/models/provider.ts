/** Gives methods ready to answer: finds the pack, checks and loads its graphs, keeps encoded images. */
import { join } from 'node:path';
import type { OwnMethodId, RuntimeStatus, Settings, WorkControl } from '../../../common/contract';
import { methodNames, ownMethodIds, plainVariant } from '../../../common/contract';
import { WorkbenchError } from '../../../common/errors';
import type { Logger } from '../context';
import type { DecodedImage } from '../imaging/image';
import type { MethodDescription } from '../jobs/runs-service';
import { checkRole, type MethodDefinition, type RoleNeed } from '../methods/definition';
import type { ImageState, Method } from '../methods/method';
import { methodDefinitions } from '../methods/registry';
import { samRoles, type SamRole } from '../methods/sam';
import { createSegmenter, type Segmenter } from '../methods/segmenter';
import { ByteBoundedCache } from './cache';
import { EmbeddingStore } from './embedding-store';
import { contentHash, hashOf, usedFiles } from './identity';
import { packHash } from './pack-hash';
import { installPack } from './install';
import type { RoleName } from './manifest';
import type { Pack } from './packs';
import { PackStore } from './packs';
import { recallFrom, recallNothing, type Recall } from './recall';
import { listProviders, runtimeVersion, threadsOf, type RuntimeChoice } from './runtime';
import { OnnxRunner } from './session';
import { createEncoder, withoutPadding, type Encode } from './tokenizer';
import { changesRoles, chooseVariant, nameWithVariant } from './variants';

export interface MethodProviderParts {
  /** Folder that holds `models/` as shipped. */
  resourcesPath: string;
  /** Folder of the workspace; installed packs lie in its `models/`. */
  workspacePath: string;
  settings(): Pick<
    Settings,
    'threads' | 'imageCacheMegabytes' | 'embeddingCacheMegabytes' | 'executionProvider' | 'packVariants'
  >;
  /** The workspace is not to be written to. */
  readOnly?: boolean;
  log: Logger;
}

export interface MethodProvider {
  readonly packs: PackStore;
  /**
   * Loads and checks all graphs of a method. `variant` is one of the pack's; left out: the one chosen for it. Throws
   * `model-missing`, `model-damaged` or `refused`.
   */
  method(packId: string, methodId: OwnMethodId, variant?: string | null): Promise<Method>;
  /** Loads and checks the graphs that cut out what a person points at. Throws as `method` does. */
  segmenter(packId: string): Promise<Segmenter>;
  /** What a run is pinned to; loads the method, so that what is wrong with it shows before the run. */
  describeMethod(packId: string, methodId: OwnMethodId, variant?: string | null): Promise<MethodDescription>;
  /** The variant of a pack that is used unless told otherwise. */
  variantOf(pack: Pack): string;
  /** The first bundled pack that can be used, else the first installed one. Throws `model-missing`. */
  defaultPackId(): string;
  /** Must be called once before `defaultPackId`, and after packs were added or removed. */
  refresh(): Promise<void>;
  status(): Promise<RuntimeStatus>;
  /** Why a pack cannot serve a method; null where it can. */
  problemOf(pack: Pack, methodId: OwnMethodId): WorkbenchError | null;
  /** Installs a pack from a folder or a zip and returns its id; `refresh` makes it known. */
  install(path: string, control?: WorkControl): Promise<string>;
  /** Encoded pictures on the disk. */
  readonly embeddings: EmbeddingStore;
  readonly embeddingsPath: string;
  /** The method without any cache of encoded pictures, to measure it. */
  freshMethod(packId: string, methodId: OwnMethodId, variant?: string | null): Promise<Method>;
  /** Frees what is loaded of a pack. */
  release(packId: string): Promise<void>;
  close(): Promise<void>;
}

/** A pack in one of its variants. */
interface LoadedPack {
  readonly variant: string;
  readonly pack: Pack;
  readonly runner: OnnxRunner;
  /** Without the cache of prepared images. */
  readonly methods: Map<OwnMethodId, Promise<Method>>;
  readonly encoders: Map<string, Encode>;
}

/** Whatever prepares pictures: a method, or the segmenter. */
type StateMaker = Pick<Method, 'cacheKey' | 'prepare'>;

const bytesOfMegabyte = 1_000_000;

export async function createMethodProvider(parts: MethodProviderParts): Promise<MethodProvider> {
  const provider = new Provider(parts);
  await provider.refresh();
  return provider;
}

class Provider implements MethodProvider {
  readonly packs: PackStore;
  readonly #parts: MethodProviderParts;
  readonly embeddings: EmbeddingStore;
  readonly embeddingsPath: string;
  readonly #states: ByteBoundedCache<ImageState>;
  readonly #preparing = new Map<string, Promise<ImageState>>();
  /** By the pack's id and the variant. */
  readonly #loaded = new Map<string, LoadedPack>();
  #defaultPackId: string | null = null;
  /** As they were when a method was last asked for: runs do not go to the database. */
  #settings: ReturnType<MethodProviderParts['settings']>;

  constructor(parts: MethodProviderParts) {
    this.#parts = parts;
    this.packs = new PackStore(join(parts.resourcesPath, 'models'), join(parts.workspacePath, 'models'));
    this.#settings = parts.settings();
    this.#states = new ByteBoundedCache(() => this.#settings.imageCacheMegabytes * bytesOfMegabyte);
    this.embeddingsPath = join(parts.workspacePath, 'cache', 'embeddings');
    this.embeddings = new EmbeddingStore({
      folder: this.embeddingsPath,
      limit: () => this.#settings.embeddingCacheMegabytes * bytesOfMegabyte,
      readOnly: parts.readOnly ?? false,
      log: parts.log,
    });
  }

  async refresh(): Promise<void> {
    this.packs.refresh();
    const usable = (await this.packs.list()).find(({ problem }) => problem === null);
    this.#defaultPackId = usable?.id ?? null;
  }

  defaultPackId(): string {
    if (this.#defaultPackId === null) {
      throw new WorkbenchError(
        'model-missing',
        'There is no model pack that can be used.',
        'Install one on the Models screen.',
      );
    }
    return this.#defaultPackId;
  }

  async method(packId: string, methodId: OwnMethodId, variant: string | null = null): Promise<Method> {
    const loaded = await this.#open(packId, variant);
    const present = loaded.methods.get(methodId);
    if (present) return this.#withStates(await present);
    const loading = this.#load(loaded, methodId, recallFrom(this.embeddings, loaded.pack, loaded.runner));
    loaded.methods.set(methodId, loading);
    // What could not be loaded is tried again the next time.
    loading.catch(() => loaded.methods.delete(methodId));
    return this.#withStates(await loading);
  }

  async segmenter(packId: string): Promise<Segmenter> {
    const { pack, runner } = await this.#open(packId, null);
    requireSegmenter(pack);
    const roles = Object.keys(samRoles) as SamRole[];
    await runner.load(roles);
    const cacheKey = `segmenter/${hashOf(usedFiles(pack, roles))}`;
    const recall = recallFrom(this.embeddings, pack, runner);
    const segmenter = createSegmenter({ runner, role: (name) => pack.role(name), recall, cacheKey });
    return { ...segmenter, prepare: (image) => this.#prepared(segmenter, image) };
  }

  async freshMethod(packId: string, methodId: OwnMethodId, variant: string | null = null): Promise<Method> {
    return this.#load(await this.#open(packId, variant), methodId, recallNothing);
  }

  async describeMethod(
    packId: string,
    methodId: OwnMethodId,
    asked: string | null = null,
  ): Promise<MethodDescription> {
    await this.method(packId, methodId, asked);
    const { pack, runner, variant: opened } = await this.#open(packId, asked);
    const settings = pack.manifest.methods[methodId] ?? {};
    const { id, version } = pack.manifest;
    const { roleNames } = methodDefinitions[methodId];
    // With the same files it is the same run, whatever the variant is called.
    const variant = changesRoles(pack.manifest, opened, roleNames) ? opened : plainVariant;
    const name = nameWithVariant(pack.manifest, variant);
    const roles = new Set<string>(roleNames);
    const providers = (await runner.loaded()).filter(({ role }) => roles.has(role));
    return {
      pack: { id, name, version, hash: packHash(pack, methodId) },
      variant,
      settings,
      settingsHash: hashOf(settings),
      provider: nameOfProviders(providers),
      versions: { onnxruntime: await runtimeVersion() },
    };
  }

  async status(): Promise<RuntimeStatus> {
    const loadedSessions: RuntimeStatus['loadedSessions'] = [];
    for (const { pack, runner } of this.#loaded.values()) {
      for (const loaded of await runner.loaded()) loadedSessions.push({ packId: pack.packId, ...loaded });
    }
    this.#settings = this.#parts.settings();
    const choice = this.#choice();
    const asked = (await listProviders()).find(({ provider }) => provider === choice.provider);
    return {
      provider: nameOfProviders(loadedSessions),
      requested: choice.provider,
      refusal: asked?.reason ?? '',
      threads: threadsOf(choice),
      onnxruntime: await runtimeVersion(),
      loadedSessions,
    };
  }

  problemOf(pack: Pack, methodId: OwnMethodId): WorkbenchError | null {
    const definition = methodDefinitions[methodId];
    try {
      requireRoles(pack, definition);
      return null;
    } catch (error) {
      if (error instanceof WorkbenchError) return error;
      throw error;
    }
  }

  async install(path: string, control?: WorkControl): Promise<string> {
    const packId = await installPack(path, { store: this.packs, fits: requireItsMethods }, control);
    this.#parts.log.info('a pack was installed', { packId });
    return packId;
  }

  async release(packId: string): Promise<void> {
    for (const [key, { pack, runner }] of [...this.#loaded]) {
      if (pack.packId !== packId) continue;
      this.#loaded.delete(key);
      await runner.close();
    }
  }

  async close(): Promise<void> {
    this.#states.clear();
    for (const { pack } of [...this.#loaded.values()]) await this.release(pack.packId);
  }

  #choice(): RuntimeChoice {
    const { threads, executionProvider } = this.#settings;
    return { threads, provider: executionProvider };
  }

  /** The method with its prepared images kept. */
  #withStates(method: Method): Method {
    return {
      id: method.id,
      cacheKey: method.cacheKey,
      prepare: (image) => this.#prepared(method, image),
      ground: (state, expression) => method.ground(state, expression),
    };
  }

  /** The picture as it was prepared before, or is being prepared: two askers wait for the same preparation. */
  async #prepared(maker: StateMaker, image: DecodedImage): Promise<ImageState> {
    const key = `${maker.cacheKey}/${contentHash(image)}`;
    const known = this.#states.get(key) ?? this.#preparing.get(key);
    if (known) return known;
    const started = this.#prepare(maker, image, key);
    this.#preparing.set(key, started);
    return started;
  }

  async #prepare(maker: StateMaker, image: DecodedImage, key: string): Promise<ImageState> {
    try {
      const state = await maker.prepare(image);
      this.#states.set(key, state);
      return state;
    } finally {
      this.#preparing.delete(key);
    }
  }

  variantOf(pack: Pack): string {
    const { packVariants } = this.#parts.settings();
    const chosen = Object.hasOwn(packVariants, pack.packId) ? packVariants[pack.packId] : undefined;
    return chooseVariant(pack.manifest, null, chosen);
  }

  async #open(packId: string, asked: string | null): Promise<LoadedPack> {
    this.#settings = this.#parts.settings();
    const whole = await this.packs.get(packId);
    const variant = asked === null ? this.variantOf(whole) : chooseVariant(whole.manifest, asked, undefined);
    const key = `${packId}/${variant}`;
    const present = this.#loaded.get(key);
    if (present) return present;
    const pack = whole.withVariant(variant);
    const loaded: LoadedPack = {
      variant,
      pack,
      runner: new OnnxRunner(pack, () => this.#choice()),
      methods: new Map(),
      encoders: new Map(),
    };
    this.#loaded.set(key, loaded);
    return loaded;
  }

  async #load(
    { pack, runner, encoders }: LoadedPack,
    methodId: OwnMethodId,
    recall: Recall,
  ): Promise<Method> {
    const definition = methodDefinitions[methodId];
    requireRoles(pack, definition);
    for (const role of definition.roleNames) {
      const file = pack.role(role).tokens?.file;
      if (file && !encoders.has(file)) {
        encoders.set(file, createEncoder(new TextDecoder().decode(await pack.read(file))));
      }
    }
    await runner.load(definition.roleNames);
    return definition.create({
      settings: pack.manifest.methods[methodId],
      runner,
      role: (name) => pack.role(name),
      encode: (name, expression) => encodeWith(pack, encoders, name, expression),
      recall,
      cacheKey: `${methodId}/${packHash(pack, methodId)}`,
    });
  }
}

function encodeWith(
  pack: Pack,
  encoders: ReadonlyMap<string, Encode>,
  name: RoleName,
  expression: string,
): ReturnType<Encode> {
  const { tokens: rule, inputs } = pack.role(name);
  const encode = rule && encoders.get(rule.file);
  if (!encode) throw new WorkbenchError('internal', `${name} has no tokenizer.`);
  const padded = encode(expression, rule);
  const takesAnyLength = inputs.input_ids?.shape.at(-1) === -1;
  return takesAnyLength ? withoutPadding(padded) : padded;
}

/** Throws where the pack lacks a role or a setting of the method, or has one that does not fit it. */
function requireRoles(pack: Pack, definition: MethodDefinition): void {
  const { manifest } = pack;
  const missing = definition.roleNames.filter((role) => !manifest.roles[role]);
  const settings = manifest.methods[definition.id];
  if (missing.length > 0 || settings === undefined) {
    throw new WorkbenchError(
      'model-missing',
      `The pack ${manifest.name} cannot serve ${methodNames[definition.id]}: it lacks ${
        missing.length > 0 ? missing.join(', ') : 'its settings'
      }.`,
      'Choose another pack, or other methods.',
    );
  }
  checkManifest(pack, methodNames[definition.id], () => {
    definition.checkSettings(settings);
    for (const name of definition.roleNames) {
      const need = definition.roles[name];
      if (need) checkRole(name, pack.role(name), need, (other) => manifest.roles[other]);
    }
  });
}

/** Throws where the pack lacks a role of a method that its manifest names, or has one that does not fit it. */
function requireItsMethods(pack: Pack): void {
  for (const method of ownMethodIds) {
    if (pack.manifest.methods[method] !== undefined) requireRoles(pack, methodDefinitions[method]);
  }
}

/** Throws where the pack has no SAM that takes a person's points. */
function requireSegmenter(pack: Pack): void {
  const { roles, name: packName } = pack.manifest;
  const needs = Object.entries(samRoles) as [SamRole, RoleNeed][];
  const missing = needs.map(([name]) => name).filter((name) => !roles[name]);
  if (missing.length > 0) {
    throw new WorkbenchError(
      'model-missing',
      `The pack ${packName} cannot cut out objects: it lacks ${missing.join(', ')}.`,
      'Install a pack with SAM on the Models screen.',
    );
  }
  checkManifest(pack, 'SAM', () => {
    for (const [name, need] of needs) checkRole(name, pack.role(name), need, (other) => roles[other]);
  });
}

/** Says of what a check finds wrong whose manifest it is. */
function checkManifest(pack: Pack, forWhom: string, check: () => void): void {
  try {
    check();
  } catch (error) {
    if (error instanceof WorkbenchError) throw error;
    throw new WorkbenchError(
      'model-damaged',
      `The manifest of ${pack.manifest.name} does not fit ${forWhom}: ${
        error instanceof Error ? error.message : String(error)
      }`,
      'docs/packs.md says what is needed.',
    );
  }
}

/** `cpu`, or `webgpu+cpu` where the CPU does what the other lacks. */
function nameOfProviders(sessions: readonly { provider: string; partly: boolean }[]): string {
  const others = new Set(sessions.map(({ provider }) => provider).filter((provider) => provider !== 'cpu'));
  const onCpu = sessions.some(({ provider, partly }) => partly || provider === 'cpu');
  return [...[...others].sort(), ...(onCpu ? ['cpu'] : [])].join('+');
}
