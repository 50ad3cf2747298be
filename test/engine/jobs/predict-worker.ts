/**
 * A process that owns a workspace and runs its predict jobs, as the engine does, with a slow method. It is made to be
 * killed. Arguments: the workspace's folder, the number that stands in its answers. Resumes what it finds; without a
 * job it starts one over all expressions. Writes "predicting" at the first saved answers, and the job when it ended.
 */
import type { Job } from '../../../src/common/contract';
import { decodeStoredImage } from '../../../src/main/engine/expressions/image-files';
import { predict, type PredictRequest, type PredictTools } from '../../../src/main/engine/jobs/predict';
import { JobQueue } from '../../../src/main/engine/jobs/queue';
import { createLogger } from '../../../src/main/engine/logger';
import { openWorkspace } from '../../../src/main/engine/workspace/open';
import { middleMethod } from '../../support/method';

async function main(path: string, score: number): Promise<void> {
  const log = createLogger(null);
  const workspace = await openWorkspace({ path, log });
  const { jobs: store, predictions, runs } = workspace.repositories;
  const method = middleMethod({ delay: 4, score });
  const tools: PredictTools = {
    pendingTasks: (runId, expressionIds) => predictions.pendingTasks(runId, expressionIds),
    save(runId, answers) {
      predictions.save(runId, answers);
      console.info('predicting');
    },
    saveFailure: (runId, expressionId, kind, message) =>
      predictions.saveFailure(runId, expressionId, kind, message),
    decode: (imageId) => decodeStoredImage(workspace, imageId),
    method: async () => method,
    emit: () => undefined,
    log,
  };
  const jobs = new JobQueue({
    store,
    works: {
      import: () => Promise.reject(new Error('This process only predicts.')),
      predict: (request, control) => predict(request as PredictRequest, tools, control),
    },
    emit: () => undefined,
    log,
  });
  jobs.recover(true);
  const [unfinished] = jobs.list();
  const job = unfinished ?? startJob(jobs, runs.list(1)[0]?.id ?? 0, expressionIds());
  const ended: Job = await jobs.finished(job.id);
  console.info(JSON.stringify(ended));
  workspace.close();

  function expressionIds(): number[] {
    return workspace.database.prepare('SELECT id FROM expressions ORDER BY id').pluck().all() as number[];
  }
}

function startJob(jobs: JobQueue, runId: number, expressionIds: number[]): Job {
  const request: PredictRequest = { packId: 'test', runs: [{ runId, method: 'yolo-clip' }], expressionIds };
  return jobs.start('predict', 'Test', request);
}

void main(process.argv[2] ?? '', Number(process.argv[3]));
