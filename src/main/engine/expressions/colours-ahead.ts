/**
 * Finds out the colours of all pictures, a few at a time, while nobody asks for pictures and no job runs; of those that are
 * in sight at once.
 */
import { availableParallelism } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { coloursAlong, type PictureColours } from '../../../common/picture-colours';
import { coloursOf } from '../imaging/decode';
import type { Workspace } from '../workspace/open';
import type { ColourFile } from './colour-file';
import { pathInside } from './image-files';

/** Milliseconds without a picture being asked for before the work goes on. */
const stillness = 400;
const imagesAtOnce = 500;
/** Pictures that are read beside each other. */
const picturesAtOnce = availableParallelism();

const selectImages = `
  SELECT images.id, root, file, width, height FROM images JOIN datasets ON datasets.id = dataset_id`;

interface ImageRow {
  id: number;
  root: string;
  file: string;
  width: number;
  height: number;
}

export class ColoursAhead {
  readonly #workspace: Workspace;
  readonly #file: ColourFile;
  readonly #isBusy: () => boolean;
  #running: Promise<void> | null = null;
  #closed = false;
  #lastAsked = 0;
  /** Number and greatest id of the images whose colours are all known. */
  #done = '';
  /** Under way: the same picture is not read twice. */
  readonly #reading = new Map<number, Promise<void>>();

  /** `isBusy`: whether something more important is under way. */
  constructor(workspace: Workspace, file: ColourFile, isBusy: () => boolean) {
    this.#workspace = workspace;
    this.#file = file;
    this.#isBusy = isBusy;
  }

  /** A picture is asked for: the work waits. */
  giveWay(): void {
    this.#lastAsked = performance.now();
  }

  /** Begins, or goes on; true: there is nothing left to do. */
  start(): boolean {
    if (this.#closed) return true;
    const images = this.#images();
    if (images === this.#done) return true;
    this.#running ??= this.#work()
      .then((isWhole) => {
        if (isWhole) this.#done = images;
      })
      .finally(() => (this.#running = null));
    return false;
  }

  /** Finds out those of these images that are not known, whatever else is under way. */
  async first(imageIds: readonly number[]): Promise<void> {
    if (imageIds.length === 0 || this.#closed) return;
    const images = this.#workspace.database
      .prepare(`${selectImages} WHERE images.id IN (SELECT value FROM json_each(?))`)
      .all(JSON.stringify(imageIds)) as ImageRow[];
    await this.#readSome(images, () => Promise.resolve(!this.#closed));
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#running;
    await Promise.all(this.#reading.values());
  }

  #images(): string {
    const counted = this.#workspace.database.prepare("SELECT count(*) || ' ' || max(id) FROM images").pluck();
    return String(counted.get());
  }

  /** false: it was ended before the last. */
  async #work(): Promise<boolean> {
    const read = this.#workspace.database.prepare(
      `${selectImages} WHERE images.id > ? AND removed_at IS NULL ORDER BY images.id LIMIT ${imagesAtOnce}`,
    );
    for (let last = 0; ;) {
      if (this.#closed) return false;
      const images = read.all(last) as ImageRow[];
      last = images.at(-1)?.id ?? last;
      if (!(await this.#readSome(images, () => this.#mayGoOn()))) return false;
      if (images.length < imagesAtOnce) break;
      await pause(0);
    }
    this.#file.save();
    return true;
  }

  /** Reads those that are not known, a few beside each other; false: it was ended before the last. */
  async #readSome(images: readonly ImageRow[], mayGoOn: () => Promise<boolean>): Promise<boolean> {
    const unknown = images.filter((image) => !this.#file.has(image.id, markOf(image)));
    for (let from = 0; from < unknown.length; from += picturesAtOnce) {
      if (!(await mayGoOn())) return false;
      await Promise.all(unknown.slice(from, from + picturesAtOnce).map((image) => this.#read(image)));
    }
    return true;
  }

  #read(image: ImageRow): Promise<void> {
    const known = this.#reading.get(image.id);
    if (known) return known;
    const mark = markOf(image);
    if (this.#file.has(image.id, mark)) return Promise.resolve();
    const reading = coloursOfImage(image, mark)
      .then((colours) => this.#file.add(colours))
      .finally(() => this.#reading.delete(image.id));
    this.#reading.set(image.id, reading);
    return reading;
  }

  async #mayGoOn(): Promise<boolean> {
    while (!this.#closed && (this.#isBusy() || performance.now() - this.#lastAsked < stillness)) {
      await pause(stillness, undefined, { ref: false });
    }
    return !this.#closed;
  }
}

async function coloursOfImage(image: ImageRow, mark: number): Promise<PictureColours> {
  const known = { imageId: image.id, mark, shape: image.height / image.width };
  try {
    return { ...known, colours: await coloursOf(await pathInside(image.root, image.file), coloursAlong) };
  } catch {
    // A picture that cannot be read is told of where it is shown.
    return { ...known, colours: new Uint8Array() };
  }
}

/** Another number where the id has become that of another image (FNV-1a). */
function markOf({ root, file, width, height }: ImageRow): number {
  let mark = 0x811c9dc5;
  for (const byte of Buffer.from(`${root}\n${file}\n${width}\n${height}`)) {
    mark = Math.imul(mark ^ byte, 0x01000193);
  }
  return mark >>> 0;
}
