import { methodIds, type MethodId } from '../../../common/contract';
import { WorkbenchError } from '../../../common/errors';
import { findDataset, followJob, unwrap, type Session } from './session';

export interface PredictArguments {
  dataset?: string | undefined;
  methods?: string | undefined;
  pack?: string | undefined;
  split?: string | undefined;
  limit?: string | undefined;
}

/** `a,b` as method ids; all of them when nothing is said. */
export function parseMethods(text: string | undefined): MethodId[] {
  if (text === undefined) return [...methodIds];
  return text.split(',').map((name) => {
    const found = methodIds.find((method) => method === name.trim());
    if (!found) {
      throw new WorkbenchError('invalid', `"${name}" is not a method.`, `Methods: ${methodIds.join(', ')}`);
    }
    return found;
  });
}

/** A whole number of at least 1, or null where the option is absent. */
export function parseCount(name: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  const count = Number(text);
  if (Number.isSafeInteger(count) && count > 0) return count;
  throw new WorkbenchError('invalid', `--${name} wants a whole number of at least 1, not "${text}".`);
}

/** `predict`: answers what the runs have not answered yet; the same command again goes on. */
export async function predictCommand(session: Session, given: PredictArguments): Promise<number> {
  const dataset = await findDataset(session, given.dataset);
  const { jobId, runIds } = unwrap(
    await session.engine.client.runs.start({
      methods: parseMethods(given.methods),
      packId: given.pack ?? null,
      scope: {
        filter: { datasetId: dataset.id, splits: given.split ? [given.split] : [] },
        limit: parseCount('limit', given.limit),
      },
    }),
  );
  const job = await followJob(session, jobId);
  session.output.result('predict', { ...job.result, runIds });
  session.output.say(job.message);
  return job.failed > 0 ? 3 : 0;
}
