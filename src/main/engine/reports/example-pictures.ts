/** Examples as picture files beside a report, for formats that draw nothing over a picture themselves. */
import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { WorkControl } from '../../../common/contract';
import { shrinkMask } from '../../../common/geometry/mask-columns';
import { decodeRunLength } from '../../../common/geometry/rle';
import type { Box, RunLengthMask, Size } from '../../../common/geometry/types';
import { decodeOwn, encodeJpeg, stretchOwn } from '../imaging/encode';
import type { DecodedImage } from '../imaging/image';
import { colourOf, paintDot, paintFrame, paintMask, paintOver, type Line } from '../imaging/marks';
import type { ReportContents } from './contents';
import { exampleGroups, type Example } from './examples';
import { looks, type Subject } from './looks';
import { isPictureFile, pictureFile, pictureFolder, type PictureOf } from './picture-files';
import { makeFolder, writeWhole } from './write';

/** Longer side of a file in pixels: four beside each other on A4 have some 200 of them an inch. */
const fileSize = 320;
const quality = 70;

/** Writes the pictures into a folder beside the report, where there are any; returns that folder's path. */
export async function writeExamplePictures(
  contents: ReportContents,
  folder: string,
  control: WorkControl,
): Promise<string[]> {
  const target = join(folder, pictureFolder);
  // Those of an older report, which may have had more.
  if (existsSync(target)) {
    for (const name of await readdir(target)) if (isPictureFile(name)) await rm(join(target, name));
  }
  if (exampleGroups.every((group) => contents.examples[group].every(({ picture }) => !picture))) return [];
  await makeFolder(target);
  const number = exampleGroups.reduce((sum, group) => sum + contents.examples[group].length, 0);
  control.begin('Writing pictures of examples', number);
  for (const group of exampleGroups) {
    for (const [place, example] of contents.examples[group].entries()) {
      control.signal.throwIfAborted();
      for (const { of, image } of await picturesOf(example, contents)) {
        const bytes = await encodeJpeg(image, fileSize, quality);
        await writeWhole(target, basename(pictureFile(group, place, of)), [bytes]);
      }
      control.advance(1);
    }
  }
  return [target];
}

async function picturesOf(
  example: Example,
  { evaluation }: ReportContents,
): Promise<{ of: PictureOf; image: DecodedImage }[]> {
  const { picture, answers } = example;
  if (!picture) return [];
  const methods = evaluation.runs.map(({ method }) => method);
  const plain = await decodeOwn(picture, fileSize);
  const all = copyOf(plain);
  tint(all, example.truthMask, 'ground-truth');
  paintBox(all, answers.imageSize, answers.truth.box, 'ground-truth');
  answers.answers.forEach(({ box }, index) => paintBox(all, answers.imageSize, box, methods[index]));
  const pictures: { of: PictureOf; image: DecodedImage }[] = [{ of: 'boxes', image: all }];
  for (const [index, run] of evaluation.runs.entries()) {
    pictures.push({ of: { runId: run.runId }, image: await wayTo(example, plain, index, run.method) });
  }
  return pictures;
}

/** How one run came to its answer: map, proposals, mask, both boxes and points, in the page's order. */
async function wayTo(
  { answers, views }: Example,
  plain: DecodedImage,
  index: number,
  method: Subject,
): Promise<DecodedImage> {
  const view = views[index];
  const image = copyOf(plain);
  if (view?.map) paintOver(image, await stretchOwn(view.map, image));
  const scale = scaleTo(image, answers.imageSize);
  for (const box of view?.proposals ?? []) {
    paintFrame(image, scale.box(box), underProposal);
    paintFrame(image, scale.box(box), proposal);
  }
  tint(image, view?.mask ?? null, method);
  paintBox(image, answers.imageSize, answers.truth.box, 'ground-truth');
  paintBox(image, answers.imageSize, answers.answers[index]?.box ?? null, method);
  for (const { x, y, positive } of view?.points ?? []) {
    paintDot(image, { x: x * scale.x, y: y * scale.y }, dotSize, positive ? white : black);
  }
  return image;
}

const copyOf = (image: DecodedImage): DecodedImage => ({ ...image, data: Uint8Array.from(image.data) });

const white = [255, 255, 255] as const;
const black = [16, 19, 24] as const;
const maskOpacity = 0.3;
/** Pixels. */
const dotSize = 6;
const proposal: Line = { colour: white, opacity: 1, width: 1, dash: [] };
const underProposal: Line = { colour: black, opacity: 0.5, width: 3, dash: [] };

const overlay = (subject: Subject) => colourOf(looks[subject].overlay);

function tint(picture: DecodedImage, mask: RunLengthMask | null, subject: Subject): void {
  if (mask) paintMask(picture, decodeRunLength(shrinkMask(mask, picture)), overlay(subject), maskOpacity);
}

/** Each line has a dark halo, so that it shows on any ground. `box`: in pixels of the image. */
function paintBox(picture: DecodedImage, image: Size, box: Box | null, subject: Subject | undefined): void {
  if (!box || !subject) return;
  const dash = looks[subject].dash.split(' ').map(Number).filter(Boolean);
  const placed = scaleTo(picture, image).box(box);
  paintFrame(picture, placed, { colour: black, opacity: 0.62, width: 4, dash });
  paintFrame(picture, placed, { colour: overlay(subject), opacity: 1, width: 2, dash });
}

/** From pixels of the image to those of its shrunken picture. */
function scaleTo(picture: Size, image: Size) {
  const [x, y] = [picture.width / image.width, picture.height / image.height];
  const box = (one: Box): Box => ({
    x: one.x * x,
    y: one.y * y,
    width: one.width * x,
    height: one.height * y,
  });
  return { x, y, box };
}
