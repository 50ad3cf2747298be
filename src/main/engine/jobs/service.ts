/** The contract's `jobs`. */
import type { contract, DomainService } from '../../../common/contract';
import type { Repositories } from '../workspace/repositories';
import { isPredictRequest } from './predict';
import type { JobQueue } from './queue';

/** So many failures can be looked through; more have a reason in common. */
const mostFailures = 1_000;

export function createJobsService(parts: {
  jobs: JobQueue;
  repositories: Pick<Repositories, 'failures'>;
}): DomainService<typeof contract.jobs> {
  const { jobs, repositories } = parts;
  return {
    list: () => jobs.list(),
    cancel({ jobId }) {
      jobs.cancel(jobId);
      return null;
    },
    pause({ jobId }) {
      jobs.pause(jobId);
      return null;
    },
    resume({ jobId }) {
      jobs.resume(jobId);
      return null;
    },
    failures({ jobId }) {
      const request = jobs.requestOf(jobId);
      if (!isPredictRequest(request)) return { count: 0, failures: [] };
      const runIds = request.runs.map(({ runId }) => runId);
      return repositories.failures.of(runIds, request.expressionIds, mostFailures);
    },
    clear() {
      jobs.clear();
      return null;
    },
  };
}
