import { ownMethodIds } from '../../../common/contract';
import { defineCommand } from './command';
import { datasetOption, findDataset, followJob, unwrap } from './session';
import { severalOf, wholeNumber } from './values';

/** Answers what the runs have not answered yet; the same command again goes on. */
export const predictCommand = defineCommand({
  name: 'predict',
  summary: 'Answer what has not been answered yet; run again to go on after an interruption',
  arguments: [],
  options: {
    ...datasetOption,
    methods: { type: 'string', value: '<a,b>', help: `${ownMethodIds.join(', ')}; default: all` },
    pack: { type: 'string', value: '<id>', help: 'model pack; default: the first that can be used' },
    split: { type: 'string', value: '<split>', help: 'only this split' },
    limit: { type: 'string', value: '<n>', help: 'only the first n expressions' },
  },
  examples: [
    'predict',
    'predict --dataset RefCOCOg --split val --methods risclip',
    'predict --limit 100 --json > progress.jsonl',
  ],
  async run(session, { dataset: wanted, methods, pack, split, limit }) {
    const { id: datasetId } = await findDataset(session, wanted);
    const { jobId, runIds } = unwrap(
      await session.engine.client.runs.start({
        methods: severalOf('methods', methods, ownMethodIds) ?? [...ownMethodIds],
        packId: pack ?? null,
        scope: {
          filter: { datasetId, splits: split === undefined ? [] : [split] },
          limit: wholeNumber('limit', limit, 1),
        },
      }),
    );
    const job = await followJob(session, jobId);
    session.output.result('predict', { ...job.result, runIds });
    const leftOut = job.result?.leftOut;
    return job.failed > 0 || (Array.isArray(leftOut) && leftOut.length > 0) ? 3 : 0;
  },
});
