/** The dataset of images that a person added: its pictures lie in the workspace's own folder, named by their content. */
import { createHash } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { contentHash } from '../datasets/content-hash';
import type { ValidDataset } from '../datasets/model';
import { encodePng } from '../imaging/encode';
import type { Workspace } from '../workspace/open';
import { ownSource } from '../workspace/repositories/structure';
import type { Held } from './held-images';

const nothing = { images: [], referents: [], expressions: [] };

/** Writes the picture where it is not there yet; returns its file name. A half-written file never has that name. */
export async function keepPicture(folder: string, { image }: Held): Promise<string> {
  const bytes = await encodePng(image);
  const file = `${createHash('sha256').update(bytes).digest('hex')}.png`;
  await mkdir(folder, { recursive: true });
  const half = join(folder, `${file}.half`);
  await writeFile(half, bytes);
  await rename(half, join(folder, file));
  return file;
}

/** The id of the image, made with its dataset where need be. Inside a transaction. */
export function ownImage(workspace: Workspace, folder: string, file: string, { image }: Held): number {
  const { datasets, structure } = workspace.repositories;
  const dataset: ValidDataset = {
    ...nothing,
    format: 'grounding-jsonl',
    name: 'Added images',
    description: 'Images that were dropped onto the window; they are kept in the folder of the workspace.',
    licence: '',
    root: folder,
    repaired: [],
    rejected: [],
  };
  const datasetId =
    structure.ownDataset() ??
    datasets.insert({ ...dataset, sourcePath: ownSource, contentHash: contentHash(nothing) });
  return structure.imageOfFile(datasetId, file) ?? structure.addImage(datasetId, { ...image, file });
}
