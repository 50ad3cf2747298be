/** Finds the packs there are, and reads their files only with the hash that the manifest names. */
import { createHash } from 'node:crypto';
import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { unwatched, type WorkControl } from '../../../common/contract';
import type { ErrorValue } from '../../../common/errors';
import { WorkbenchError } from '../../../common/errors';
import { parseManifest, type Manifest, type Role, type RoleName } from './manifest';
import type { GraphSource } from './session';
import { manifestOfVariant } from './variants';

export type PackProblem = Pick<ErrorValue, 'kind' | 'message' | 'hint'>;

/** A folder that is meant to be a pack: it can be used, or `problem` says why not. */
export interface PackEntry {
  readonly id: string;
  readonly folder: string;
  readonly bundled: boolean;
  /** null where it cannot be read. */
  readonly manifest: Manifest | null;
  readonly problem: PackProblem | null;
}

export const manifestFile = 'manifest.json';
const largestManifest = 1_000_000;

/** Reads a folder's manifest. Throws `model-damaged` or `unsupported`. */
export async function readManifest(folder: string): Promise<Manifest> {
  const file = join(folder, manifestFile);
  try {
    const status = await lstat(file);
    if (!status.isFile() || status.size > largestManifest)
      throw new Error('it is not a file of sensible size');
    return parseManifest(await readFile(file, 'utf8'));
  } catch (error) {
    throw new WorkbenchError(
      'model-damaged',
      `The manifest of ${folder} cannot be used: ${error instanceof Error ? error.message : String(error)}`,
      'docs/packs.md says what a manifest holds.',
      { cause: error },
    );
  }
}

/** A pack whose manifest is sound. */
export class Pack implements GraphSource {
  readonly folder: string;
  readonly bundled: boolean;
  readonly manifest: Manifest;
  /** Files checked in this process: null for a sound one, else what is wrong with it. */
  readonly #checked: Map<string, WorkbenchError | null>;

  constructor(
    folder: string,
    manifest: Manifest,
    bundled: boolean,
    checked = new Map<string, WorkbenchError | null>(),
  ) {
    this.folder = folder;
    this.manifest = manifest;
    this.bundled = bundled;
    this.#checked = checked;
  }

  /** The pack with a variant's files in its roles. */
  withVariant(variant: string): Pack {
    return new Pack(this.folder, manifestOfVariant(this.manifest, variant), this.bundled, this.#checked);
  }

  get packId(): string {
    return this.manifest.id;
  }

  role(name: RoleName): Role {
    const role = this.manifest.roles[name];
    if (!role) {
      throw new WorkbenchError(
        'model-missing',
        `The pack ${this.manifest.name} has no ${name}.`,
        'Choose a pack that has all roles of the method.',
      );
    }
    return role;
  }

  /** Bytes of a file with the manifest's hash. Throws `model-missing` or `model-damaged`. */
  async read(file: string): Promise<Uint8Array> {
    try {
      const bytes = await this.#readChecked(file);
      this.#checked.set(file, null);
      return bytes;
    } catch (error) {
      if (error instanceof WorkbenchError) this.#checked.set(file, error);
      throw error;
    }
  }

  /** Checks every file's hash, and remembers what came out. */
  async verify(control: WorkControl = unwatched): Promise<void> {
    control.begin('Comparing hashes', bytesOf(this.manifest));
    for (const [file, { bytes }] of Object.entries(this.manifest.files)) {
      control.signal.throwIfAborted();
      control.say(`Checking ${file}`);
      try {
        await this.read(file);
      } catch (error) {
        if (!(error instanceof WorkbenchError)) throw error;
      }
      control.advance(bytes);
    }
  }

  /** true: all files checked and sound; false: one is not; null: not all are checked yet. */
  get verified(): boolean | null {
    if (this.damage) return false;
    return Object.keys(this.manifest.files).every((file) => this.#checked.has(file)) ? true : null;
  }

  /** The first thing found wrong with a file. */
  get damage(): WorkbenchError | null {
    return [...this.#checked.values()].find((problem) => problem !== null) ?? null;
  }

  isDamaged(file: string): boolean {
    return Boolean(this.#checked.get(file));
  }

  async #readChecked(file: string): Promise<Uint8Array> {
    const entry = Object.hasOwn(this.manifest.files, file) ? this.manifest.files[file] : undefined;
    if (!entry) throw new WorkbenchError('model-missing', `${this.packId} does not list ${file}.`);
    const path = join(this.folder, file);
    const status = await lstat(path).catch(() => null);
    if (!status?.isFile()) {
      throw new WorkbenchError(
        'model-missing',
        `${file} of the pack ${this.manifest.name} is missing.`,
        'Install the pack again.',
      );
    }
    // Two gigabytes are what an ONNX file can hold and what is read at once.
    const bytes = status.size === entry.bytes ? await readFile(path) : null;
    if (!bytes || createHash('sha256').update(bytes).digest('hex') !== entry.sha256) {
      throw new WorkbenchError(
        'model-damaged',
        `${file} of the pack ${this.manifest.name} is not the file that its manifest names: the hash differs.`,
        this.bundled ? 'Install the workbench again.' : 'Remove the pack and install it again.',
      );
    }
    return bytes;
  }
}

/** Of all files that a manifest lists. */
export function bytesOf({ files }: Pick<Manifest, 'files'>): number {
  return Object.values(files).reduce((sum, { bytes }) => sum + bytes, 0);
}

/** The packs of two folders: those that come with the workbench and those of the workspace. */
export class PackStore {
  readonly #bundledPath: string;
  readonly installedPath: string;
  #entries: Promise<PackEntry[]> | null = null;
  readonly #packs = new Map<string, Pack>();

  constructor(bundledPath: string, installedPath: string) {
    this.#bundledPath = bundledPath;
    this.installedPath = installedPath;
  }

  /** Bundled ones first, each kind by id. */
  list(): Promise<PackEntry[]> {
    this.#entries ??= this.#scan();
    return this.#entries;
  }

  /** Looks at the folders anew, after one was added or removed. */
  refresh(): void {
    this.#entries = null;
    this.#packs.clear();
  }

  /** Throws `model-missing`, or what is wrong with its manifest. */
  async get(packId: string): Promise<Pack> {
    const entry = (await this.list()).find(({ id }) => id === packId);
    if (!entry) {
      throw new WorkbenchError(
        'model-missing',
        `There is no model pack ${packId}.`,
        'Install it on the Models screen, or choose another one.',
      );
    }
    if (entry.problem)
      throw new WorkbenchError(entry.problem.kind, entry.problem.message, entry.problem.hint);
    if (!entry.manifest) throw new WorkbenchError('internal', `The pack ${packId} has no manifest.`);
    const known = this.#packs.get(packId);
    if (known) return known;
    const pack = new Pack(entry.folder, entry.manifest, entry.bundled);
    this.#packs.set(packId, pack);
    return pack;
  }

  async #scan(): Promise<PackEntry[]> {
    const entries: PackEntry[] = [];
    for (const [root, bundled] of [
      [this.#bundledPath, true],
      [this.installedPath, false],
    ] as const) {
      const names = await readdir(root, { withFileTypes: true }).catch(() => []);
      for (const name of names
        .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
        .map((entry) => entry.name)
        .sort()) {
        entries.push(await readEntry(join(root, name), name, bundled, entries));
      }
    }
    return entries;
  }
}

async function readEntry(
  folder: string,
  name: string,
  bundled: boolean,
  earlier: readonly PackEntry[],
): Promise<PackEntry> {
  // For a pack that cannot be used: its own id may be missing or another pack's.
  const id = `folder:${name}`;
  try {
    const manifest = await readManifest(folder);
    const isTaken = earlier.some((entry) => entry.id === manifest.id);
    if (!isTaken) return { id: manifest.id, folder, bundled, manifest, problem: null };
    const problem: PackProblem = {
      kind: 'conflict',
      message: `There is another pack with the id ${manifest.id}.`,
      hint: bundled ? '' : 'Remove this one, or give it another id in its manifest.',
    };
    return { id, folder, bundled, manifest, problem };
  } catch (error) {
    if (!(error instanceof WorkbenchError)) throw error;
    const { kind, message, hint } = error;
    return { id, folder, bundled, manifest: null, problem: { kind, message, hint } };
  }
}
