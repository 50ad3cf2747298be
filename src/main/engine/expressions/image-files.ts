/** The files behind images. The only way from an id to a file: nothing outside the dataset's folder is read. */
import { realpath } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { WorkbenchError } from '../../../common/errors';
import { decodeImage } from '../imaging/decode';
import type { DecodedImage } from '../imaging/image';
import type { Workspace } from '../workspace/open';

/**
 * The image's real path. Throws `not-found` for an unknown id or a missing file, `refused` for a file name or a
 * link that leads out of the dataset's folder.
 */
export async function imagePath(workspace: Workspace, imageId: number): Promise<string> {
  const { root, info } = storedImage(workspace, imageId);
  return pathInside(root, info.fileName);
}

/** The image's pixels; throws `damaged` where the file is no longer the one that was imported. */
export async function decodeStoredImage(workspace: Workspace, imageId: number): Promise<DecodedImage> {
  const { root, info } = storedImage(workspace, imageId);
  const decoded = await decodeImage(await pathInside(root, info.fileName));
  if (decoded.width === info.width && decoded.height === info.height) return decoded;
  throw new WorkbenchError(
    'damaged',
    `The image has ${decoded.width}×${decoded.height} pixels; when it was imported it had ${info.width}×${info.height}.`,
    'Its boxes would not fit. Put the old file back, or import the dataset anew.',
  );
}

function storedImage(workspace: Workspace, imageId: number) {
  const image = workspace.repositories.expressions.image(imageId);
  if (!image) throw new WorkbenchError('not-found', `There is no image ${imageId}.`);
  return image;
}

/** The real path of a file in a folder, links followed on both sides before they are compared. */
export async function pathInside(root: string, fileName: string): Promise<string> {
  if (fileName.includes('\0')) throw refused(fileName.replaceAll('\0', '␀'));
  const folder = await realPathOf(root, `The folder ${root} is missing.`);
  const wanted = resolve(folder, fileName);
  if (!isInside(folder, wanted)) throw refused(fileName);
  const path = await realPathOf(wanted, `The image ${fileName} is missing.`);
  if (!isInside(folder, path)) throw refused(fileName);
  return path;
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function refused(fileName: string): WorkbenchError {
  return new WorkbenchError(
    'refused',
    `The image ${fileName} lies outside the folder of its dataset.`,
    'Only files inside that folder are read.',
  );
}

async function realPathOf(path: string, missing: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error;
    throw new WorkbenchError(
      'not-found',
      missing,
      'Put it back, or import the dataset from where it is now.',
    );
  }
}
