/** The same datasets as files: pictures, our JSON lines, and what three methods answered. */
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { link, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import sharp from 'sharp';
import type { ValidDataset } from '../../src/main/engine/datasets/model';
import { pictureHeight, pictureWidth, randomShares, scaleAnswers } from './scale-data';

/** Different pictures; the files of a dataset take turns with them, each with a comment of its own. */
const differentPictures = 24;
const writesAtOnce = 16;

/** Of more images, the files are further names of the same few: else they would fill a disk. */
const mostOwnFiles = 100_000;

/** Writes each image's file. Colours and shapes differ, so that a wrong or missing picture is seen. */
export async function writePictures(folder: string, dataset: ValidDataset): Promise<void> {
  mkdirSync(join(folder, 'pictures'), { recursive: true });
  const pictures = await Promise.all(Array.from({ length: differentPictures }, (_, index) => picture(index)));
  if (dataset.images.length > mostOwnFiles) {
    await Promise.all(pictures.map((bytes, index) => writeFile(join(folder, `picture-${index}.jpg`), bytes)));
  }
  let next = 0;
  const work = async () => {
    for (let image = dataset.images[next++]; image; image = dataset.images[next++]) {
      const which = next % differentPictures;
      const path = join(folder, image.file);
      if (dataset.images.length > mostOwnFiles) await link(join(folder, `picture-${which}.jpg`), path);
      else await writeFile(path, withComment(pictures[which] ?? Buffer.alloc(0), image.key));
    }
  };
  await Promise.all(Array.from({ length: writesAtOnce }, work));
}

/** Rectangles of many colours with the grain of a photograph, without which a file would be tiny. */
function picture(index: number): Promise<Buffer> {
  const share = randomShares(index);
  const pixels = new Uint8Array(pictureWidth * pictureHeight * 3);
  const paint = (left: number, top: number, width: number, height: number) => {
    const colour = [share() * 255, share() * 255, share() * 255];
    for (let y = top; y < Math.min(pictureHeight, top + height); y += 1) {
      for (let x = left; x < Math.min(pictureWidth, left + width); x += 1) {
        pixels.set(colour, (y * pictureWidth + x) * 3);
      }
    }
  };
  paint(0, 0, pictureWidth, pictureHeight);
  const below = (end: number) => Math.floor(share() * end);
  for (let shape = 0; shape < 30; shape += 1) {
    paint(below(pictureWidth), below(pictureHeight), 20 + below(160), 20 + below(120));
  }
  for (let at = 0; at < pixels.length; at += 1) {
    pixels[at] = Math.min(255, Math.max(0, (pixels[at] ?? 0) + (share() - 0.5) * 24));
  }
  return sharp(pixels, { raw: { width: pictureWidth, height: pictureHeight, channels: 3 } })
    .jpeg({ quality: 85 })
    .toBuffer();
}

/** A JPEG with a comment after its first marker. */
function withComment(jpeg: Buffer, text: string): Buffer {
  const comment = Buffer.from(text);
  const head = Buffer.from([0xff, 0xfe, 0, 0]);
  head.writeUInt16BE(comment.length + 2, 2);
  return Buffer.concat([jpeg.subarray(0, 2), head, comment, jpeg.subarray(2)]);
}

/** Writes dataset.json and the three files of lines. */
export function writeLines(folder: string, dataset: ValidDataset): void {
  mkdirSync(folder, { recursive: true });
  const head = { format: 'grounding-jsonl', version: 1, name: dataset.name, licence: dataset.licence };
  writeFileSync(join(folder, 'dataset.json'), JSON.stringify(head));
  const write = (name: string, items: readonly object[]) =>
    writeFileSync(join(folder, name), items.map((item) => `${JSON.stringify(item)}\n`).join(''));
  write(
    'images.jsonl',
    dataset.images.map(({ key, ...image }) => ({ id: key, ...image })),
  );
  write(
    'referents.jsonl',
    dataset.referents.map(({ key, imageKey, category, box }) => ({
      id: key,
      image: imageKey,
      category,
      box: box && [box.x, box.y, box.width, box.height],
    })),
  );
  write(
    'expressions.jsonl',
    dataset.expressions.map(({ key, referentKey, text, kind, attributes }) => ({
      id: key,
      referent: referentKey,
      text,
      kind,
      attributes,
    })),
  );
}

/** Writes what one method answered, as `export-predictions` does. */
export async function writeAnswers(path: string, dataset: ValidDataset, method: number): Promise<void> {
  const stream = createWriteStream(path);
  stream.write('{"predictions":[\n');
  let before = '';
  for (const { expressionKey, box, score } of scaleAnswers(dataset, method)) {
    const given = box && [box.x, box.y, box.width, box.height];
    stream.write(`${before}${JSON.stringify({ expression: expressionKey, box: given, score })}`);
    before = ',\n';
  }
  stream.end('\n]}\n');
  await finished(stream);
}
