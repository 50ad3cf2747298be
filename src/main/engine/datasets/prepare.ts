/** From a source to a dataset ready to be stored: read, look at each image, validate. Preview and import share it. */
import { realpath } from 'node:fs/promises';
import { formatCount } from '../../../common/amounts';
import type { ImportSource, WorkControl } from '../../../common/contract';
import { WorkbenchError } from '../../../common/errors';
import { pathInside } from '../expressions/image-files';
import { probeImage } from '../imaging/decode';
import { Breather } from './breathe';
import { innerPath, isFolder } from './files';
import { readerFor } from './formats';
import type { SourceImage, ValidDataset } from './model';
import { applySupplement } from './supplement';
import { validateDataset, type ImageFinding } from './validate';

/** Reading headers waits for the disk more than it computes. */
const probesAtOnce = 16;

export interface Preparation {
  control: WorkControl;
  /** Makes a folder for images that are inside the source's files. */
  extract(): Promise<string>;
}

/** Throws `not-found`, `unsupported` or `unreadable` where the source as a whole cannot be read. */
export async function prepareDataset(source: ImportSource, preparation: Preparation): Promise<ValidDataset> {
  const { path, format, imagesPath, name } = source;
  if (imagesPath !== null && !(await isFolder(imagesPath))) {
    throw new WorkbenchError(
      'not-found',
      `There is no folder ${imagesPath}.`,
      'Choose the folder of the images.',
    );
  }
  let step = '';
  const { control, extract } = preparation;
  const breather = new Breather(control.signal, (items) => {
    if (items > 0) control.say(`${step}: ${formatCount(items)} so far`);
  });
  const beginStep = (name: string, total?: number) => {
    step = name;
    breather.beginStep();
    control.begin(name, total);
  };
  beginStep('Reading annotations');
  const reader = await readerFor(path, format);
  const dataset = await reader.read({ path, imagesPath, breather, extract });
  await applySupplement(dataset, source, breather);
  // Images are served from inside this folder only, so links to the folder itself are resolved once, here.
  dataset.root = await realpath(dataset.root);
  if (name !== null && name.trim() !== '') dataset.name = name.trim();
  for (const image of dataset.images) image.file = innerPath(image.file) ?? image.file;
  beginStep('Looking at images', dataset.images.length);
  const findings = await probeAll(dataset.root, dataset.images, control);
  beginStep('Checking boxes, masks and expressions');
  return validateDataset(dataset, findings, breather);
}

async function probeAll(
  root: string,
  images: readonly SourceImage[],
  control: WorkControl,
): Promise<Map<string, ImageFinding>> {
  const findings = new Map<string, ImageFinding>();
  let next = 0;
  const work = async () => {
    for (let image = images[next++]; image; image = images[next++]) {
      if (control.signal.aborted) throw new WorkbenchError('cancelled', 'It was stopped.');
      if (!findings.has(image.key)) findings.set(image.key, await lookAt(root, image.file));
      control.advance(1);
    }
  };
  await Promise.all(Array.from({ length: probesAtOnce }, work));
  return findings;
}

/** Size of an image of the dataset, or why it cannot be one. */
async function lookAt(root: string, file: string): Promise<ImageFinding> {
  if (innerPath(file) === null) return outside(root, file);
  try {
    const { width, height } = await probeImage(await pathInside(root, file));
    return { width, height };
  } catch (error) {
    if (!(error instanceof WorkbenchError)) throw error;
    if (error.kind === 'refused') return outside(root, file);
    if (error.kind === 'not-found')
      return { kind: 'image-missing', message: `${file} was not found in ${root}` };
    return { kind: `image-${error.kind}`, message: error.message.replace(/\.$/, '') };
  }
}

function outside(root: string, file: string): ImageFinding {
  return { kind: 'image-outside', message: `${file} is not inside the folder ${root}` };
}
