/**
 * `demo`: the main job from end to end without a window. Predicts a fixed sample of the demo's test split with
 * all methods, prints the results and writes the report.
 */
import { join } from 'node:path';
import { countOf } from '../../../common/amounts';
import { ownMethodIds } from '../../../common/contract';
import { defineCommand } from './command';
import { evaluate, type EvaluationValues } from './evaluate';
import { formatsOption, writeReport } from './report';
import { findDataset, followJob, unwrap, type Session } from './session';

const demoName = 'EmojiRef';
const sampleScenes = 100;
const rowsAtOnce = 500;

/** The expressions of the first scenes in dataset order: a sample that is the same on every machine. */
async function firstScenes({ engine }: Session, ids: readonly number[]): Promise<number[]> {
  const chosen: number[] = [];
  const scenes = new Set<number>();
  for (let start = 0; start < ids.length; start += rowsAtOnce) {
    const chunk = ids.slice(start, start + rowsAtOnce);
    for (const row of unwrap(await engine.client.browse.rows({ ids: chunk, runIds: [] }))) {
      scenes.add(row.imageId);
      if (scenes.size > sampleScenes) return chosen;
      chosen.push(row.id);
    }
  }
  return chosen;
}

async function importDemo(session: Session): Promise<void> {
  const { engine, output, resourcesPath } = session;
  const datasets = unwrap(await engine.client.datasets.list({}));
  if (datasets.some((dataset) => dataset.name === demoName)) return;
  output.say('Importing the demo dataset');
  const path = join(resourcesPath, 'datasets', 'emojiref');
  const { jobId } = unwrap(await engine.client.datasets.import({ path, name: demoName }));
  await followJob(session, jobId);
}

export const demoCommand = defineCommand({
  name: 'demo',
  summary: 'The whole job on the bundled demo: 100 test scenes, three methods, a report',
  arguments: [],
  options: {
    all: { type: 'boolean', help: 'the whole test split instead of 100 scenes' },
    out: { type: 'string', value: '<folder>', help: 'where the report goes; default: grounding-report' },
    ...formatsOption,
  },
  examples: ['demo', 'demo --all --out demo-report', 'demo --formats html,pdf'],
  async run(session, { all, out = 'grounding-report', formats }) {
    const { engine, output } = session;
    await importDemo(session);
    const { id: datasetId } = await findDataset(session, demoName);
    const filter = { datasetId, splits: ['test'] };
    const ids = Array.from(unwrap(await engine.client.browse.ids({ filter })).ids);
    const expressionIds = all ? ids : await firstScenes(session, ids);
    output.say(
      all
        ? `Predicting all ${countOf(ids.length, 'test expression')} with three methods`
        : `Predicting ${countOf(expressionIds.length, 'expression')} on ${sampleScenes} test scenes with three methods (--all for all)`,
    );
    const { jobId } = unwrap(
      await engine.client.runs.start({ methods: [...ownMethodIds], scope: { filter, expressionIds } }),
    );
    const job = await followJob(session, jobId);
    const selection: EvaluationValues = {
      dataset: demoName,
      split: 'test',
      runs: undefined,
      unit: undefined,
      comparator: undefined,
      boxes: undefined,
      coverage: undefined,
      'ground-truth': undefined,
      revision: undefined,
      saved: undefined,
      preset: undefined,
    };
    output.print('');
    await evaluate(session, selection);
    output.print('');
    await writeReport(session, {
      ...selection,
      out,
      formats,
      sections: undefined,
      title: undefined,
      examples: undefined,
      chosen: undefined,
    });
    return job.failed > 0 ? 3 : 0;
  },
});
