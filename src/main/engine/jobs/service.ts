/** The contract's `jobs`. */
import type { contract, DomainService } from '../../../common/contract';
import type { JobQueue } from './queue';

export function createJobsService(jobs: JobQueue): DomainService<typeof contract.jobs> {
  return {
    list: () => jobs.list(),
    cancel({ jobId }) {
      jobs.cancel(jobId);
      return null;
    },
    resume({ jobId }) {
      jobs.resume(jobId);
      return null;
    },
    clear() {
      jobs.clear();
      return null;
    },
  };
}
