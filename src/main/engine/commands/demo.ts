/**
 * `demo`: the main job from end to end without a window. Predicts a fixed sample of the demo's test split with
 * all methods, prints the results and writes the report.
 */
import { join } from 'node:path';
import { methodIds } from '../../../common/contract';
import { evaluateCommand, reportCommand } from './evaluate';
import { findDataset, followJob, unwrap, type Session } from './session';

export const demoName = 'EmojiRef';
const sampleScenes = 100;

export async function demoCommand(
  session: Session,
  given: { all: boolean; demoPath: string; out: string },
): Promise<number> {
  const { engine, output } = session;
  const datasets = unwrap(await engine.client.datasets.list({}));
  if (!datasets.some((dataset) => dataset.name === demoName)) {
    output.say('Importing the demo dataset');
    const { jobId } = unwrap(await engine.client.datasets.import({ path: given.demoPath }));
    await followJob(session, jobId);
  }
  const dataset = await findDataset(session, demoName);
  const filter = { datasetId: dataset.id, splits: ['test'] };
  const { ids } = unwrap(await engine.client.browse.ids({ filter }));
  const expressionIds = given.all ? ids : await firstScenes(session, ids);
  output.say(
    given.all
      ? `Predicting all ${ids.length} test expressions with three methods`
      : `Predicting ${expressionIds.length} expressions on ${sampleScenes} test scenes with three methods (--all for all)`,
  );
  const { jobId } = unwrap(
    await engine.client.runs.start({ methods: [...methodIds], scope: { filter, expressionIds } }),
  );
  const job = await followJob(session, jobId);
  output.say(job.message);
  await evaluateCommand(session, { dataset: demoName, split: 'test' });
  await reportCommand(session, { dataset: demoName, split: 'test', out: given.out });
  output.say(`The report is at ${join(given.out, 'report.html')}`);
  return job.failed > 0 ? 3 : 0;
}

/** The expressions of the first scenes in dataset order: a sample that is the same on every machine. */
async function firstScenes({ engine }: Session, ids: readonly number[]): Promise<number[]> {
  const chosen: number[] = [];
  const scenes = new Set<number>();
  for (let start = 0; start < ids.length; start += 500) {
    const rows = unwrap(await engine.client.browse.rows({ ids: ids.slice(start, start + 500), runIds: [] }));
    for (const row of rows) {
      scenes.add(row.imageId);
      if (scenes.size > sampleScenes) return chosen;
      chosen.push(row.id);
    }
  }
  return chosen;
}
