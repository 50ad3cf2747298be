/** How long SAM takes from a click to the mask: the demo's pack and, where one is named, a pack of full size. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSegment } from '../../src/main/engine/expressions/segment';
import { decodeImage } from '../../src/main/engine/imaging/decode';
import { createMethodProvider } from '../../src/main/engine/models/provider';

const pictures = 12;
const clicksEach = 8;

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
      decode: (imageId) => decodeImage(join(demo, images[imageId]!.file)),
      segmenter: (id) => provider.segmenter(id),
      defaultPackId: () => packId,
    });
    const nothing = { points: [], box: null, previousMask: null, packId: null };
    // The first picture also loads the networks.
    await segment({ ...nothing, imageId: 0, points: [{ x: 5, y: 5, positive: true }] });
    const encoding: number[] = [];
    const clicks: number[] = [];
    for (const [imageId, { width, height }] of images.entries()) {
      const startedAt = performance.now();
      await segment({ ...nothing, imageId });
      if (imageId > 0) encoding.push(performance.now() - startedAt);
      for (let click = 0; click < clicksEach; click += 1) {
        const points = [
          {
            x: (width * ((click * 5 + imageId) % clicksEach)) / clicksEach + width / 16,
            y: (height * ((click * 3 + imageId) % clicksEach)) / clicksEach + height / 16,
            positive: true,
          },
        ];
        clicks.push((await segment({ ...nothing, imageId, points })).milliseconds);
      }
    }
    tell(`${packId}: picture made ready  ${spread(encoding)}`);
    tell(`${packId}: click to mask       ${spread(clicks)}`);
  } finally {
    await provider.close();
  }
}

function spread(values: readonly number[]): string {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) =>
    (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0).toFixed(1);
  return `median ${at(0.5)} ms, 95th percentile ${at(0.95)} ms (${values.length})`;
}
