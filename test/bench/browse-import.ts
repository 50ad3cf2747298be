/**
 * How long it takes to bring in a dataset as large as RefCOCOg, and three files of answers to it; to label all of it, to take
 * that back, and to remove it.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEngine, type Engine } from '../../src/main/engine';
import { unwrap } from '../../src/main/engine/commands/session';
import { scaleDataset, type Scale } from '../support/scale-data';
import { writeAnswers, writeLines, writePictures } from '../support/scale-files';

const methods = 3;

/** An engine on a workspace, without the models that it does not need here. */
export function openEngine(path: string): Promise<Engine> {
  return createEngine({
    workspacePath: path,
    resourcesPath: join(path, 'no-resources'),
    version: 'bench',
    logPath: null,
    resumeJobs: false,
  });
}

/** Seconds by the clock, and seconds that the processor worked for this process alone, whatever else ran beside it. */
export interface Duration {
  what: string;
  seconds: number;
  processorSeconds: number;
  /** Milliseconds of the processor in which no other call was answered; null: not measured. */
  longestTurn: number | null;
}

/** Files are written first, which is not measured. */
export async function benchImport(scale: Scale): Promise<Duration[]> {
  const folder = mkdtempSync(join(tmpdir(), 'grounding-bench-'));
  try {
    const source = join(folder, 'dataset');
    const dataset = scaleDataset(scale, source, 'Scale');
    writeLines(source, dataset);
    await writePictures(source, dataset);
    const answers = Array.from({ length: methods }, (_, method) => join(folder, `method-${method}.json`));
    for (const [method, path] of answers.entries()) await writeAnswers(path, dataset, method);
    return await measureImport(join(folder, 'workspace'), source, answers);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measureImport(
  workspacePath: string,
  source: string,
  answers: readonly string[],
): Promise<Duration[]> {
  const engine = await openEngine(workspacePath);
  const durations: Duration[] = [];
  const measured = async <Value>(what: string, work: () => Promise<Value>): Promise<Value> => {
    const [start, before] = [performance.now(), process.cpuUsage()];
    const value = await work();
    const { user, system } = process.cpuUsage(before);
    durations.push({
      what,
      seconds: (performance.now() - start) / 1e3,
      processorSeconds: (user + system) / 1e6,
      longestTurn: null,
    });
    return value;
  };
  try {
    const job = await measured('dataset', async () => {
      const { jobId } = unwrap(await engine.client.datasets.import({ path: source }));
      return engine.jobFinished(jobId);
    });
    if (job.state !== 'done') throw new Error(`The import ended as ${job.state}: ${job.message}`);
    const datasetId = Number(job.result?.['datasetId']);
    for (const [method, path] of answers.entries()) {
      const name = `method ${method + 1}`;
      const taken = await measured(`answers of ${name}`, async () =>
        unwrap(await engine.client.runs.importPredictions({ datasetId, path, name })),
      );
      if (taken.rejectedCount > 0) throw new Error(`${taken.rejectedCount} answers were rejected.`);
    }
    const inTurns = async <Value>(what: string, work: () => Promise<Value>): Promise<Value> => {
      const watched = watchTurns();
      const value = await measured(what, work);
      const last = durations.at(-1);
      if (last) last.longestTurn = watched();
      return value;
    };
    const { browse, corrections, datasets } = engine.client;
    const expressionIds = Array.from(unwrap(await browse.ids({ filter: { datasetId } })).ids);
    for (const [what, change] of [
      ['label all', { kind: 'failure-label', label: 'other' }],
      ['review all', { kind: 'review-state', state: 'reviewed' }],
    ] as const) {
      const { stepIds } = await inTurns(what, async () =>
        unwrap(await corrections.applyToMany({ expressionIds, change, label: what })),
      );
      await inTurns(`${what}, taken back`, async () => unwrap(await corrections.undoSteps({ stepIds })));
    }
    await inTurns('remove the dataset', async () => unwrap(await datasets.remove({ datasetId })));
  } finally {
    await engine.close();
  }
  return durations;
}

/** Gives the longest stretch, in milliseconds of the processor, since it was called. */
function watchTurns(): () => number {
  let [longest, isOver] = [0, false];
  let before = process.cpuUsage();
  const turn = () => {
    const { user, system } = process.cpuUsage(before);
    longest = Math.max(longest, (user + system) / 1e3);
    before = process.cpuUsage();
    if (!isOver) setImmediate(turn);
  };
  setImmediate(turn);
  return () => {
    isOver = true;
    return longest;
  };
}
