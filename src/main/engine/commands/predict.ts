import { resolve } from 'node:path';
import { ownMethodIds, shard, type Shard } from '../../../common/contract';
import { makePart, notePart } from '../parts/part';
import { defineCommand } from './command';
import { datasetOption, findDataset, followJob, unwrap } from './session';
import { usage } from './usage';
import { severalOf, wholeNumber } from './values';

/** `3/8` as the fourth of eight shards; null where the option is absent. */
function shardOf(text: string | undefined): Shard | null {
  if (text === undefined) return null;
  const [, index, count] = /^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? [];
  const parsed = shard.safeParse({ index: Number(index), count: Number(count) });
  if (parsed.success) return parsed.data;
  throw usage('predict', `--shard wants i/n with i from 0 to n−1, such as 0/8, not "${text}".`);
}

/** Answers what the runs have not answered yet; the same command again goes on. */
export const predictCommand = defineCommand({
  name: 'predict',
  summary: 'Answer what has not been answered yet; run again to go on after an interruption',
  arguments: [],
  options: {
    ...datasetOption,
    methods: { type: 'string', value: '<a,b>', help: `${ownMethodIds.join(', ')}; default: all` },
    pack: { type: 'string', value: '<id>', help: 'model pack; default: the first that can be used' },
    variant: {
      type: 'string',
      value: '<name>',
      help: 'variant of the pack, such as int8; default: the one chosen for it',
    },
    split: { type: 'string', value: '<split>', help: 'only this split' },
    limit: { type: 'string', value: '<n>', help: 'only the first n expressions' },
    shard: {
      type: 'string',
      value: '<i/n>',
      help: 'only the share of machine i of n, from 0 to n−1; always the same images',
    },
    part: {
      type: 'string',
      value: '<folder>',
      help: 'with --shard: a workspace of its own for it, made from --workspace, for `merge`',
    },
  },
  examples: [
    'predict',
    'predict --dataset RefCOCOg --split val --methods risclip',
    'predict --limit 100 --json > progress.jsonl',
    'predict --split val --shard 3/8 --part parts/3',
  ],
  async workspace({ shard: share, part }, _given, folder) {
    if (part === undefined) return folder;
    if (share === undefined) throw usage('predict', '--part goes with --shard.');
    const own = resolve(part);
    await makePart(folder, own);
    return own;
  },
  async run(session, { dataset: wanted, methods, pack, variant, split, limit, shard: share }) {
    const { id: datasetId, name, contentHash } = await findDataset(session, wanted);
    const own = shardOf(share);
    const most = wholeNumber('limit', limit, 1);
    const { jobId, runIds } = unwrap(
      await session.engine.client.runs.start({
        methods: severalOf('methods', methods, ownMethodIds) ?? [...ownMethodIds],
        packId: pack ?? null,
        variant: variant ?? null,
        scope: {
          filter: { datasetId, splits: split === undefined ? [] : [split] },
          limit: most,
          shard: own,
        },
      }),
    );
    if (own) {
      const { path } = unwrap(await session.engine.client.workspace.info({}));
      const runs = unwrap(await session.engine.client.runs.list({ datasetId }))
        .filter(({ id }) => runIds.includes(id))
        .map(({ method, packHash }) => ({ method, packHash }));
      const scope = { split: split ?? null, limit: most };
      await notePart(path, { schema: 1, shard: own, dataset: { name, contentHash }, runs, scope });
    }
    const job = await followJob(session, jobId);
    session.output.result('predict', { ...job.result, runIds });
    const leftOut = job.result?.leftOut;
    return job.failed > 0 || (Array.isArray(leftOut) && leftOut.length > 0) ? 3 : 0;
  },
});
