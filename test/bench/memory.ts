/** How much memory the engine holds while it answers many pictures with every method, one after the other. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownMethodIds } from '../../src/common/contract';
import { decodeImage } from '../../src/main/engine/imaging/decode';
import { createMethodProvider } from '../../src/main/engine/models/provider';

export interface MemoryBench {
  /** Folder with `models/`. */
  resources: string;
  /** Paths; met again from the first when they are fewer than `count`. */
  pictures: readonly string[];
  count: number;
  tell(line: string): void;
}

const every = 100;
const megabytes = (bytes: number) => `${(bytes / 1_000_000).toFixed(0)} MB`;

/** Resident memory after each hundred pictures; the picture cache holds what the default setting lets it. */
export async function bench({ resources, pictures, count, tell }: MemoryBench): Promise<void> {
  const workspacePath = await mkdtemp(join(tmpdir(), 'bench-memory-'));
  const provider = await createMethodProvider({
    resourcesPath: resources,
    workspacePath,
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
    let peak = 0;
    for (let index = 0; index < count; index += 1) {
      const image = await decodeImage(pictures[index % pictures.length]!);
      for (const id of ownMethodIds) {
        const method = await provider.method(packId, id);
        await method.ground(await method.prepare(image), `the small red dog number ${index}`);
      }
      const { rss, heapUsed, external } = process.memoryUsage();
      peak = Math.max(peak, rss);
      if ((index + 1) % every === 0)
        tell(`${index + 1} pictures: ${megabytes(rss)}, of it JavaScript ${megabytes(heapUsed + external)}`);
    }
    tell(`${packId}: at most ${megabytes(peak)} over ${count} pictures`);
  } finally {
    await provider.close();
    await rm(workspacePath, { recursive: true, force: true });
  }
}
