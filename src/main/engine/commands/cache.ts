import type { EmbeddingCacheStatus } from '../../../common/contract';
import { defineCommand } from './command';
import { unwrap, type Session } from './session';
import { usage } from './usage';

const megabyte = 1_000_000;

export function formatCache({ path, bytes, entries, limit }: EmbeddingCacheStatus): string {
  const room = limit === 0 ? 'nothing is kept, by the settings' : `of at most ${limit / megabyte} MB`;
  return `${entries} encoded images, ${(bytes / megabyte).toFixed(1)} MB, ${room}\n${path}`;
}

function show({ output }: Session, status: EmbeddingCacheStatus): number {
  output.result('cache', status);
  output.print(formatCache(status));
  return 0;
}

export const cacheCommand = defineCommand({
  name: 'cache',
  summary: 'Show or clear what is kept of encoded images',
  arguments: [{ name: 'action', help: 'show (default) or clear', optional: true }],
  options: {},
  examples: ['cache', 'cache clear'],
  async run(session, _values, [action = 'show']) {
    const { models } = session.engine.client;
    if (action === 'show') return show(session, unwrap(await models.embeddingCache({})));
    if (action === 'clear') return show(session, unwrap(await models.clearEmbeddingCache({})));
    throw usage('cache', `"${action}" is not something that cache does.`);
  },
});
