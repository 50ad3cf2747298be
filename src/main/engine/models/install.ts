/** Installs a pack: everything is checked in a folder of its own before it gets its name. */
import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, lstat, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { unwatched, type WorkControl } from '../../../common/contract';
import { WorkbenchError } from '../../../common/errors';
import { archiveLimits, unpackArchive, type ArchiveLimits } from './archive';
import type { RoleName } from './manifest';
import { bytesOf, manifestFile, Pack, readManifest, type PackStore } from './packs';
import { OnnxRunner } from './session';
import { variantNames } from './variants';

export interface InstallParts {
  store: PackStore;
  /** Throws where the pack does not fit what it says it is for. */
  fits?(pack: Pack): void;
  limits?: ArchiveLimits;
}

/**
 * Installs from a folder or a zip and returns the pack's id. Every hash is compared and every graph loaded once.
 * Throws `unsupported` (no pack), `refused` (meant to do harm), `damaged`, `model-damaged`, `model-missing` or
 * `conflict` (the id is taken), or what the signal was aborted with; then nothing of it remains.
 */
export async function installPack(
  path: string,
  parts: InstallParts,
  control: WorkControl = unwatched,
): Promise<string> {
  const { store } = parts;
  await mkdir(store.installedPath, { recursive: true });
  const work = join(store.installedPath, `.installing-${randomUUID()}`);
  await mkdir(work);
  try {
    const status = await lstat(path);
    if (status.isDirectory()) await copyFolder(path, work, control);
    else await unpackArchive(path, work, parts.limits ?? archiveLimits, control);
    const manifest = await readManifest(work);
    await removeUnlisted(work, manifest.files);
    if ((await store.list()).some(({ id }) => id === manifest.id)) {
      throw new WorkbenchError(
        'conflict',
        `There is a pack ${manifest.id} already.`,
        'Remove it first, or give the new one another id in its manifest.',
      );
    }
    control.signal.throwIfAborted();
    const pack = new Pack(work, manifest, false);
    parts.fits?.(pack);
    await pack.verify(control);
    if (pack.damage) throw pack.damage;
    for (const variant of variantNames(manifest)) {
      control.begin('Loading every graph once');
      await loadOnce(pack, variant);
      control.signal.throwIfAborted();
    }
    await rename(work, join(store.installedPath, manifest.id));
    store.refresh();
    return manifest.id;
  } catch (error) {
    await rm(work, { recursive: true, force: true });
    throw error;
  }
}

/**
 * Loads every graph of a variant, so that what is wrong with one shows now. On the CPU, which is always there: what is
 * checked is the pack.
 */
async function loadOnce(pack: Pack, variant: string): Promise<void> {
  const own = Object.keys(pack.manifest.variants[variant]?.files ?? pack.manifest.roles) as RoleName[];
  const runner = new OnnxRunner(pack.withVariant(variant), () => ({ threads: 0, provider: 'cpu' }));
  try {
    await runner.load(own);
  } finally {
    await runner.close();
  }
}

/** Copies the manifest and the files that it lists; a link is not followed. */
async function copyFolder(from: string, to: string, control: WorkControl): Promise<void> {
  if (!(await lstat(join(from, manifestFile)).catch(() => null))?.isFile()) {
    throw new WorkbenchError(
      'unsupported',
      `${from} is not a model pack: it has no manifest.json.`,
      'Choose a folder or zip that holds one.',
    );
  }
  const manifest = await readManifest(from);
  control.begin('Copying files', bytesOf(manifest));
  for (const file of [manifestFile, ...Object.keys(manifest.files)]) {
    control.signal.throwIfAborted();
    const source = join(from, file);
    const status = await lstat(source).catch(() => null);
    if (status?.isSymbolicLink()) {
      throw new WorkbenchError('refused', `${source} is a link.`, 'Use a folder with the files themselves.');
    }
    if (!status?.isFile()) {
      throw new WorkbenchError('model-missing', `${file} is missing from ${from}.`, 'Get the whole pack.');
    }
    await copyFile(source, join(to, file), constants.COPYFILE_EXCL);
    if (file !== manifestFile) control.advance(status.size);
  }
}

/** What the manifest does not list has no hash and does not stay. */
async function removeUnlisted(folder: string, listed: Readonly<Record<string, unknown>>): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name !== manifestFile && !Object.hasOwn(listed, name)) await rm(join(folder, name));
  }
}
