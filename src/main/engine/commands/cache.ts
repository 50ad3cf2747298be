import { countOf } from '../../../common/amounts';
import type { EmbeddingCacheStatus, ThumbnailCacheStatus } from '../../../common/contract';
import { defineCommand } from './command';
import { unwrap, type Session } from './session';
import { usage } from './usage';

const megabyte = 1_000_000;

/** What can be cleared: encoded images, small pictures, or both. */
const kinds = ['all', 'encoded', 'pictures'] as const;

interface CacheStatus extends EmbeddingCacheStatus {
  pictures: ThumbnailCacheStatus;
}

function line(what: string, { bytes, limit }: { bytes: number; limit: number }): string {
  const room = limit === 0 ? 'nothing is kept, by the settings' : `of at most ${limit / megabyte} MB`;
  return `${what}, ${(bytes / megabyte).toFixed(1)} MB, ${room}`;
}

function formatCache({ pictures, ...encoded }: CacheStatus): string {
  return [
    line(countOf(encoded.entries, 'encoded image'), encoded),
    encoded.path,
    line(countOf(pictures.entries, 'small picture'), pictures),
  ].join('\n');
}

async function statusOf({ engine }: Session): Promise<CacheStatus> {
  const { models, images } = engine.client;
  return { ...unwrap(await models.embeddingCache({})), pictures: unwrap(await images.cache({})) };
}

export const cacheCommand = defineCommand({
  name: 'cache',
  summary: 'Show or clear what is kept of encoded images and small pictures',
  arguments: [
    { name: 'action', help: 'show (default) or clear', optional: true },
    { name: 'what', help: 'to clear: all (default), encoded or pictures', optional: true },
  ],
  options: {},
  examples: ['cache', 'cache clear', 'cache clear pictures'],
  async run(session, _values, [action = 'show', what = 'all']) {
    if (action !== 'show' && action !== 'clear') {
      throw usage('cache', `"${action}" is not something that cache does.`);
    }
    if (!kinds.some((kind) => kind === what)) throw usage('cache', `"${what}" is not kept.`);
    const { models, images } = session.engine.client;
    if (action === 'clear') {
      if (what !== 'pictures') unwrap(await models.clearEmbeddingCache({}));
      if (what !== 'encoded') unwrap(await images.clearCache({}));
    }
    const status = await statusOf(session);
    session.output.result('cache', status);
    session.output.print(formatCache(status));
    return 0;
  },
});
