import type { Database } from 'better-sqlite3';
import type { Job } from '../../../../common/contract';
import type { JobStore } from '../../jobs/queue';
import { fromJson } from '../columns';

interface JobRow {
  id: number;
  job: string;
  request: string;
}

/** Jobs as JSON: nothing searches inside them, and their shape is the contract's. */
export class JobsRepository implements JobStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  create(job: Omit<Job, 'id'>, request: unknown): Job {
    const { lastInsertRowid } = this.#database
      .prepare('INSERT INTO jobs (state, job, request) VALUES (?, ?, ?)')
      .run(job.state, JSON.stringify(job), JSON.stringify(request ?? null));
    return { ...job, id: Number(lastInsertRowid) };
  }

  update(job: Job): void {
    this.#database
      .prepare('UPDATE jobs SET state = ?, job = ? WHERE id = ?')
      .run(job.state, JSON.stringify(job), job.id);
  }

  /** Newest first. Requests are left alone: one of a job over a large dataset is long. */
  list(): Job[] {
    const rows = this.#database.prepare('SELECT id, job FROM jobs ORDER BY id DESC').all();
    return (rows as Omit<JobRow, 'request'>[]).map(({ id, job }) => ({ ...fromJson<Job>(job), id }));
  }

  get(jobId: number): { job: Job; request: unknown } | null {
    const row = this.#database.prepare('SELECT id, job, request FROM jobs WHERE id = ?').get(jobId) as
      JobRow | undefined;
    return row ? { job: { ...fromJson<Job>(row.job), id: row.id }, request: fromJson(row.request) } : null;
  }

  clearEnded(): void {
    this.#database.prepare("DELETE FROM jobs WHERE state IN ('done', 'failed', 'cancelled')").run();
  }
}
