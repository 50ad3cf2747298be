/** How long SAM takes from a click to the mask: the demo's pack and, where one is named, a pack of full size. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import type { Segmentation } from '../../src/common/contract';
import type { RunLengthMask } from '../../src/common/geometry/types';
import { createSegment } from '../../src/main/engine/expressions/segment';
import { decodeImage } from '../../src/main/engine/imaging/decode';
import { createMethodProvider } from '../../src/main/engine/models/provider';

const pictures = 12;
const clicksEach = 8;
/** A picture of 48 million pixels: the first of the demo, enlarged. `large` is its id. */
const largeSize = { width: 8_000, height: 6_000 };
const large = pictures;

interface DemoImage {
  file: string;
  width: number;
  height: number;
}

/** `resources`: a folder with `models/<pack>/`; `demo`: the demo dataset's. One line for the encoder, one for the clicks. */
export async function bench(
  { resources, demo }: { resources: string; demo: string },
  tell: (line: string) => void,
): Promise<void> {
  if (!existsSync(join(resources, 'models')))
    throw new Error(`There is no folder ${join(resources, 'models')}.`);
  const images = readFileSync(join(demo, 'images.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .slice(0, pictures)
    .map((line) => JSON.parse(line) as DemoImage);
  const folder = mkdtempSync(join(tmpdir(), 'grounding-bench-'));
  const largeFile = join(folder, 'large.jpg');
  await sharp(join(demo, images[0]!.file))
    .resize({ ...largeSize, fit: 'fill' })
    .toFile(largeFile);
  const provider = await createMethodProvider({
    resourcesPath: resources,
    workspacePath: join(resources, 'no-workspace'),
    settings: () => ({
      threads: 0,
      imageCacheMegabytes: 256,
      embeddingCacheMegabytes: 0,
      executionProvider: 'cpu',
      packVariants: {},
    }),
    log: { info() {}, warn() {}, error: () => '' },
  });
  try {
    const packId = provider.defaultPackId();
    const segment = createSegment({
      decode: (imageId) => decodeImage(imageId === large ? largeFile : join(demo, images[imageId]!.file)),
      segmenter: (id) => provider.segmenter(id),
      defaultPackId: () => packId,
    });
    /** Clicks on 48 million pixels, each with the mask of the one before, as the window sends them. */
    async function onLargePicture(): Promise<string> {
      const imageId = large;
      const { spent: prepared } = await timed(() => segment({ ...nothing, imageId }));
      const spent: Spent[] = [];
      let points: { x: number; y: number; positive: boolean }[] = [];
      let previousMask: RunLengthMask | null = null;
      for (let click = 0; click < clicksEach; click += 1) {
        const place = {
          x: largeSize.width * (0.3 + 0.05 * click),
          y: largeSize.height * 0.5,
          positive: true,
        };
        points = [...points, place];
        const prompt = { ...nothing, imageId, points, previousMask };
        const answer: { found: Segmentation; spent: Spent } = await timed(() => segment(prompt));
        spent.push(answer.spent);
        previousMask = answer.found.candidates[0]?.mask ?? null;
      }
      return `8000 × 6000 ready in ${prepared.clock.toFixed(0)} ms, click to mask ${spread(spent)}`;
    }
    const nothing = { points: [], box: null, previousMask: null, packId: null };
    // The first picture also loads the networks.
    await segment({ ...nothing, imageId: 0, points: [{ x: 5, y: 5, positive: true }] });
    const encoding: Spent[] = [];
    const clicks: Spent[] = [];
    for (const [imageId, { width, height }] of images.entries()) {
      const encoded = await timed(() => segment({ ...nothing, imageId }));
      if (imageId > 0) encoding.push(encoded.spent);
      for (let click = 0; click < clicksEach; click += 1) {
        const points = [
          {
            x: (width * ((click * 5 + imageId) % clicksEach)) / clicksEach + width / 16,
            y: (height * ((click * 3 + imageId) % clicksEach)) / clicksEach + height / 16,
            positive: true,
          },
        ];
        clicks.push((await timed(() => segment({ ...nothing, imageId, points }))).spent);
      }
    }
    tell(`${packId}: picture made ready  ${spread(encoding)}`);
    tell(`${packId}: click to mask       ${spread(clicks)}`);
    tell(`${packId}: ${await onLargePicture()}`);
  } finally {
    await provider.close();
    rmSync(folder, { recursive: true });
  }
}

/** Milliseconds by the clock and, of all threads together, by the processor, which others' work beside it does not change. */
interface Spent {
  clock: number;
  processor: number;
}

async function timed<Found>(work: () => Found | Promise<Found>): Promise<{ found: Found; spent: Spent }> {
  const startedAt = performance.now();
  const before = process.cpuUsage();
  const found = await work();
  const { user, system } = process.cpuUsage(before);
  return { found, spent: { clock: performance.now() - startedAt, processor: (user + system) / 1_000 } };
}

function spread(all: readonly Spent[]): string {
  const at = (share: number, kind: keyof Spent) => {
    const sorted = all.map((spent) => spent[kind]).sort((a, b) => a - b);
    return (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0).toFixed(1);
  };
  const ways = (['clock', 'processor'] as const).map(
    (kind) => `${kind} median ${at(0.5, kind)} ms, 95th percentile ${at(0.95, kind)} ms`,
  );
  return `${ways.join('; ')} (${all.length})`;
}
