/**
 * The engine: everything behind the contract but windows and dialogs. Plain Node, hosted by a process of its own
 * under the window, by the command line, and in-process by tests.
 */
import { join } from 'node:path';
import { existsSync } from 'node:fs';
import {
  contract,
  findCall,
  type DomainClient,
  type EngineServices,
  type EventName,
  type Job,
  type WorkbenchEvents,
  type WorkControl,
} from '../../common/contract';
import { toErrorValue, WorkbenchError, type Result } from '../../common/errors';
import { composeServices } from './compose';
import type { EngineOptions } from './context';

export type EngineEventListener = (name: EventName, payload: WorkbenchEvents[EventName]) => void;

export type EngineClient = {
  [Name in keyof EngineServices]: DomainClient<(typeof contract)[Name]>;
};

export interface Engine {
  /** Answers any call of the contract but those of `app`; never rejects. */
  call(domain: string, name: string, input: unknown): Promise<Result<unknown>>;
  /** The same, typed, for those in the same process. */
  readonly client: EngineClient;
  onEvent(listener: EngineEventListener): () => void;
  /** Resolves when a job is neither waiting nor running. */
  jobFinished(jobId: number): Promise<Job>;
  close(): Promise<void>;
}

type AnyService = Record<string, (input: unknown, control?: WorkControl) => unknown>;

/** `listener`: hears from the start, also how far a backup is that is restored first. */
export async function createEngine(
  options: EngineOptions,
  listener: EngineEventListener | null = null,
): Promise<Engine> {
  const listeners = new Set<EngineEventListener>(listener ? [listener] : []);
  const emit = <Name extends EventName>(name: Name, payload: WorkbenchEvents[Name]) => {
    for (const listener of listeners) listener(name, payload);
  };
  const parts = await composeServices(options, emit);

  async function call(domain: string, name: string, input: unknown): Promise<Result<unknown>> {
    try {
      const definition = findCall(domain, name);
      if (!definition || definition.host !== 'engine') {
        throw new WorkbenchError('invalid', `There is no call ${domain}.${name}.`);
      }
      const parsed = definition.input.safeParse(input);
      if (!parsed.success) {
        const first = parsed.error.issues[0];
        const where = first?.path.join('.') || 'input';
        throw new WorkbenchError('invalid', `${domain}.${name}: ${where}: ${first?.message ?? 'not valid'}`);
      }
      const service = parts.services[domain as keyof EngineServices] as unknown as AnyService;
      const answer = service[name];
      if (!answer) throw new WorkbenchError('internal', `${domain}.${name} is not implemented.`);
      const { work } = definition;
      const value = work
        ? await parts.works.run(work, (control) => answer(parsed.data, control))
        : await answer(parsed.data);
      return { ok: true, value };
    } catch (thrown) {
      const isExpected =
        thrown instanceof WorkbenchError && (thrown.kind === 'invalid' || thrown.kind === 'cancelled');
      const id = isExpected ? '' : parts.log.error(`${domain}.${name}`, thrown);
      return { ok: false, error: toErrorValue(thrown, id) };
    }
  }

  return {
    call,
    client: clientOf(call),
    onEvent(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    jobFinished: (jobId) => parts.jobs.finished(jobId),
    close: () => parts.close(),
  };
}

/** A typed client over `call`, made by mapping over the contract. */
function clientOf(call: Engine['call']): EngineClient {
  const client: Record<string, Record<string, unknown>> = {};
  for (const [domain, calls] of Object.entries(contract)) {
    client[domain] = Object.fromEntries(
      Object.keys(calls).map((name) => [name, (input: unknown) => call(domain, name, input)]),
    );
  }
  return client as unknown as EngineClient;
}

/** Imports the shipped demo into a workspace that holds nothing yet; returns the job's id, or null. */
export async function importDemoOnFirstStart(engine: Engine, resourcesPath: string): Promise<number | null> {
  const path = join(resourcesPath, 'datasets', 'emojiref');
  const datasets = await engine.client.datasets.list({});
  if (!datasets.ok || datasets.value.length > 0 || !existsSync(join(path, 'dataset.json'))) return null;
  const jobs = await engine.client.jobs.list({});
  // A demo whose import was interrupted is resumed by the job queue, and one that was removed stays away.
  if (jobs.ok && jobs.value.some((job) => job.kind === 'import' && job.state !== 'failed')) return null;
  const started = await engine.client.datasets.import({ path });
  return started.ok ? started.value.jobId : null;
}
