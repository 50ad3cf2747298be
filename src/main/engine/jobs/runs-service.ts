/** The contract's `runs`: which runs there are, and starting the job that fills them. */
import {
  methodNames,
  browseSort,
  type BrowseFilter,
  type BrowseSort,
  type contract,
  type DomainService,
  type OwnMethodId,
  type RunScope,
} from '../../../common/contract';
import { formatCount } from '../../../common/amounts';
import { WorkbenchError } from '../../../common/errors';
import type { Emit } from '../context';
import type { Workspace } from '../workspace/open';
import { exportPredictions, importPredictions } from '../answers/service';
import { reasonLeftOut, type PredictRequest } from './predict';
import type { JobQueue } from './queue';

/** What a run is pinned to: the pack's method as it would run now. */
export interface MethodDescription {
  pack: { id: string; name: string; version: string; hash: string };
  variant: string;
  settings: Record<string, unknown>;
  settingsHash: string;
  provider: string;
  versions: Record<string, string>;
}

export interface RunsServiceParts {
  workspace: Workspace;
  jobs: JobQueue;
  emit: Emit;
  expressionIds(filter: BrowseFilter, sort: BrowseSort): number[];
  defaultPackId(): string;
  /** Throws `model-missing` where the pack lacks a role of the method. */
  describeMethod(packId: string, method: OwnMethodId, variant: string | null): Promise<MethodDescription>;
}

export function createRunsService(parts: RunsServiceParts): DomainService<typeof contract.runs> {
  const { runs } = parts.workspace.repositories;
  return {
    list: ({ datasetId }) => runs.list(datasetId),
    async start({ methods, packId, variant, scope }) {
      const pack = packId ?? parts.defaultPackId();
      const whole = idsInScope(scope, parts.expressionIds);
      if (whole.length === 0) {
        throw new WorkbenchError(
          'invalid',
          'No expression is in the scope.',
          'Loosen the filter and try again.',
        );
      }
      // With more shards than images some have nothing to do, and that is no mistake.
      const expressionIds = scope.shard
        ? parts.workspace.repositories.transfer.ofShard(scope.filter.datasetId, whole, scope.shard)
        : whole;
      const chosen: PredictRequest['runs'] = [];
      const leftOut: string[] = [];
      let refusal: unknown = null;
      for (const method of new Set(methods)) {
        try {
          const described = await parts.describeMethod(pack, method, variant);
          const run = runs.findOrCreate({ datasetId: scope.filter.datasetId, method, ...described });
          chosen.push({ runId: run.id, method, variant: described.variant });
        } catch (error) {
          // Only what is wrong with the method's models; a disk that is full stops everything.
          if (!(error instanceof WorkbenchError)) throw error;
          leftOut.push(reasonLeftOut(method, error));
          refusal ??= error;
        }
      }
      if (chosen.length === 0) throw refusal;
      const request: PredictRequest = { packId: pack, runs: chosen, expressionIds, leftOut };
      const title = `${chosen.map(({ method }) => methodNames[method]).join(', ')} on ${expressionIds.length === 1 ? '1 expression' : `${formatCount(expressionIds.length)} expressions`}`;
      const job = parts.jobs.start('predict', title, request);
      parts.emit('data.changed', { what: 'runs', expressionIds: [] });
      return { jobId: job.id, runIds: chosen.map(({ runId }) => runId) };
    },
    setNote({ runId, note }) {
      const run = runs.get(runId);
      if (!run)
        throw new WorkbenchError('not-found', `There is no run ${runId}.`, 'It may have been removed.');
      runs.setNote(runId, note);
      parts.emit('data.changed', { what: 'runs', expressionIds: [] });
      return { before: run.note };
    },
    async importPredictions(input, control) {
      try {
        return await importPredictions(parts.workspace.repositories, input, control);
      } finally {
        // Also where it was stopped: some answers are there then.
        parts.emit('data.changed', { what: 'runs', expressionIds: [] });
        parts.emit('data.changed', { what: 'predictions', expressionIds: [] });
      }
    },
    exportPredictions: (input, control) => exportPredictions(parts.workspace.repositories, input, control),
    merge({ paths }) {
      const title = `Merge ${paths.length} ${paths.length === 1 ? 'workspace' : 'workspaces'}`;
      return { jobId: parts.jobs.start('merge', title, { paths }).id };
    },
    remove({ runId }) {
      runs.remove(runId);
      parts.emit('data.changed', { what: 'runs', expressionIds: [] });
      return null;
    },
  };
}

function idsInScope(scope: RunScope, idsOf: RunsServiceParts['expressionIds']): number[] {
  const matching = idsOf(scope.filter, browseSort.parse({}));
  const named = scope.expressionIds === null ? null : new Set(scope.expressionIds);
  const ids = named ? matching.filter((expressionId) => named.has(expressionId)) : matching;
  return scope.limit === null ? ids : ids.slice(0, scope.limit);
}
