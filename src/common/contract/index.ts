import { evaluation } from './analysis';
import { app } from './app';
import { browse } from './browse';
import { corrections } from './corrections';
import { datasets } from './datasets';
import { dropped } from './dropped';
import type { AnyCall, Domain, DomainClient, DomainService } from './define';
import { reports } from './evaluation';
import type { EventName, WorkbenchEvents } from './events';
import { expressions, images } from './expressions';
import { jobs } from './jobs';
import { models } from './models';
import { probes } from './probes';
import { runs } from './runs';
import { works } from './works';
import { workspace } from './workspace';

/** Every call there is, by domain and name. */
export const contract = {
  app,
  browse,
  corrections,
  datasets,
  dropped,
  evaluation,
  expressions,
  images,
  jobs,
  models,
  probes,
  reports,
  runs,
  works,
  workspace,
} as const;

export type Contract = typeof contract;
export type DomainName = keyof Contract;

/** `window.workbench`: each domain's calls, and a way to listen. */
export type WorkbenchApi = {
  [Name in DomainName]: DomainClient<Contract[Name]>;
} & {
  /** Returns the function that stops listening. */
  on<Name extends EventName>(name: Name, listener: (payload: WorkbenchEvents[Name]) => void): () => void;
};

/** What the engine implements: all domains but `app`. */
export type EngineServices = {
  [Name in Exclude<DomainName, 'app'>]: DomainService<Contract[Name]>;
};

/** The definition of a call, or undefined where there is none: own properties only, so `__proto__` finds nothing. */
export function findCall(domain: string, name: string): AnyCall | undefined {
  if (!Object.hasOwn(contract, domain)) return undefined;
  const calls: Domain = contract[domain as DomainName];
  return Object.hasOwn(calls, name) ? calls[name] : undefined;
}

export * from './analysis';
export * from './app';
export * from './browse';
export * from './corrections';
export * from './datasets';
export * from './define';
export * from './dropped';
export * from './error-types';
export * from './evaluation';
export * from './events';
export * from './expressions';
export * from './jobs';
export * from './methods';
export * from './metrics';
export * from './models';
export * from './place';
export * from './providers';
export * from './probes';
export * from './runs';
export * from './work-names';
export * from './works';
export * from './workspace';
