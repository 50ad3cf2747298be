/** Puts the engine together: the one file that knows all its parts. */
import { join } from 'node:path';
import { downloadRequest, unwatched, type EngineServices } from '../../common/contract';
import { BrowseAhead } from './browse/ahead';
import { Works } from '../../common/works/works';
import { createBrowseService } from './browse/service';
import { rowsOfViews } from './browse/view-rows';
import type { Emit, EngineOptions, Logger } from './context';
import { takeBackUnfinished } from './corrections/change-many';
import { createCorrectionsService } from './corrections/service';
import { importWork } from './datasets/import';
import { clearRemoved } from './datasets/clear-removed';
import { createDatasetsService } from './datasets/service';
import { HeldImages } from './dropped/held-images';
import { createDroppedService } from './dropped/service';
import { createEvaluationService } from './evaluation/service';
import { createAnswerQuestion } from './expressions/answer-question';
import { decodeStoredImage, imagePath } from './expressions/image-files';
import { createImagesService } from './expressions/images';
import { createExpressionsService } from './expressions/service';
import { ColourFile } from './expressions/colour-file';
import { ColoursAhead } from './expressions/colours-ahead';
import { ThumbnailStore } from './expressions/thumbnail-store';
import { predict, type PredictRequest, type PredictTools } from './jobs/predict';
import { JobQueue, type JobStore } from './jobs/queue';
import { createRunsService } from './jobs/runs-service';
import { createJobsService } from './jobs/service';
import { createWorksService } from './jobs/works-service';
import { createLogger } from './logger';
import { installFromUrlWork, sweepInstalls } from './models/install-from-url';
import { demoSample } from './models/latency';
import { createMethodProvider } from './models/provider';
import { createModelsService } from './models/service';
import { merge, mergeRequest } from './parts/merge';
import { probe, type ProbeRequest } from './probes/probe';
import { createProbesService, probeTools } from './probes/service';
import { createReportsService } from './reports/service';
import { openWorkspace } from './workspace/open';
import { createWorkspaceService } from './workspace/service';

export interface EngineParts {
  services: EngineServices;
  jobs: JobQueue;
  works: Works;
  log: Logger;
  close(): Promise<void>;
}

/** Opens the workspace and everything on it; throws what keeps it from being opened. */
export async function composeServices(options: EngineOptions, announce: Emit): Promise<EngineParts> {
  const { workspacePath, resourcesPath, version, readOnly = false } = options;
  const log = createLogger(options.logPath);
  try {
    const works = new Works((work) => announce('work.progress', work));
    const { restore } = options;
    const opening = { path: workspacePath, readOnly, restore, log };
    const workspace =
      restore === undefined
        ? await openWorkspace(opening)
        : await works.run('restore', (control) => openWorkspace({ ...opening, control }));
    const isBusy = () => jobs.list().some(({ state }) => state === 'running');
    const ahead = new BrowseAhead(workspace, isBusy);
    const emit: Emit = (name, payload) => {
      announce(name, payload);
      if (name === 'data.changed' || name === 'jobs.changed') ahead.start();
    };
    const { browse, expressions, jobs: store, latencies, predictions, settings } = workspace.repositories;
    const provider = await createMethodProvider({
      resourcesPath,
      workspacePath,
      settings: () => ({ ...settings.get(), ...options.settings }),
      readOnly,
      log,
    });
    const decode = (imageId: number) => decodeStoredImage(workspace, imageId);
    const tools: PredictTools = {
      pendingTasks: (runId, expressionIds) => predictions.pendingTasks(runId, expressionIds),
      save: (runId, answers) => predictions.save(runId, answers),
      saveFailure: (runId, expressionId, kind, message) =>
        predictions.saveFailure(runId, expressionId, kind, message),
      decode,
      method: (packId, methodId, variant) => provider.method(packId, methodId, variant),
      emit,
      log,
    };
    const probing = probeTools({ workspace, provider, emit }, decode);
    const jobs = new JobQueue({
      store,
      works: {
        import: importWork({ workspace, emit, log }),
        install: installFromUrlWork({
          installedPath: provider.packs.installedPath,
          async install(path, signal) {
            const packId = await provider.install(path, { ...unwatched, signal });
            await provider.refresh();
            emit('data.changed', { what: 'packs', expressionIds: [] });
            const { name, version } = (await provider.packs.get(packId)).manifest;
            return { packId, title: `${name} ${version}` };
          },
        }),
        merge: (request, control) => merge(mergeRequest.parse(request), { workspace, emit, log }, control),
        predict: (request, control) => predict(request as PredictRequest, tools, control),
        probe: (request, control) => probe(request as ProbeRequest, probing, control),
      },
      emit,
      log,
    });
    const thumbnails = new ThumbnailStore({
      path: join(workspacePath, 'cache', 'thumbnails.sqlite'),
      limit: () => (readOnly ? 0 : settings.get().thumbnailCacheMegabytes * 1_000_000),
      log,
    });
    const colourFile = new ColourFile(
      readOnly ? null : join(workspacePath, 'cache', 'picture-colours.bin'),
      log,
    );
    const coloursAhead = new ColoursAhead(workspace, colourFile, isBusy);
    const imageFile = (imageId: number) => imagePath(workspace, imageId);
    const sample = async () => {
      const first = expressions.first();
      return first ? { image: await decode(first.imageId), text: first.text } : demoSample(resourcesPath);
    };
    const held = new HeldImages();
    const answerQuestion = createAnswerQuestion({
      method: (packId, methodId) => provider.method(packId, methodId),
      defaultPackId: () => provider.defaultPackId(),
      log,
    });
    const corrections = createCorrectionsService({ workspace, emit });
    const models = createModelsService({ provider, emit, readOnly, jobs, latencies, sample });
    const services: EngineServices = {
      browse: createBrowseService(workspace, ahead),
      corrections,
      datasets: createDatasetsService({ workspace, jobs, emit, log }),
      dropped: createDroppedService({ workspace, held, answerQuestion, corrections }),
      evaluation: createEvaluationService({
        workspace,
        version,
        views: (datasetId, runs) => rowsOfViews(workspace, datasetId, runs),
      }),
      expressions: createExpressionsService({
        workspace,
        decode,
        answerQuestion,
        heldImage: (heldId) => held.get(heldId).image,
        segmenter: (packId) => provider.segmenter(packId),
        defaultPackId: () => provider.defaultPackId(),
      }),
      images: createImagesService(workspace, thumbnails, { file: colourFile, ahead: coloursAhead }),
      jobs: createJobsService({ jobs, repositories: workspace.repositories }),
      models,
      probes: createProbesService({ workspace, jobs, emit, provider }),
      reports: createReportsService({
        workspace,
        version,
        views: (datasetId, runs) => rowsOfViews(workspace, datasetId, runs),
        imagePath: imageFile,
        licences: async (datasetId) => ({
          dataset: workspace.repositories.datasets.get(datasetId)?.licence ?? '',
          packs: Object.fromEntries((await models.packs({})).map(({ id, licence }) => [id, licence])),
        }),
      }),
      runs: createRunsService({
        workspace,
        jobs,
        emit,
        expressionIds: (filter, sort) => Array.from(browse.ids(filter, sort)),
        defaultPackId: () => provider.defaultPackId(),
        describeMethod: (packId, methodId, variant) => provider.describeMethod(packId, methodId, variant),
      }),
      works: createWorksService(works),
      workspace: createWorkspaceService({ workspace, emit }),
    };
    if (!readOnly) {
      await sweepInstalls(provider.packs.installedPath, unfinishedDownloads(store));
      await takeBackUnfinished(workspace);
      jobs.recover(options.resumeJobs ?? true);
      ahead.start();
      clearRemoved(workspace, log);
    }
    return {
      services,
      jobs,
      works,
      log,
      async close() {
        await jobs.close();
        await provider.close();
        await coloursAhead.close();
        colourFile.close();
        thumbnails.close();
        workspace.close();
        log.close();
      },
    };
  } catch (error) {
    log.error('the engine could not be started', error);
    log.close();
    throw error;
  }
}

/** SHA-256 of what was to be downloaded by jobs that can go on. */
function unfinishedDownloads(store: JobStore): Set<string> {
  const found = new Set<string>();
  for (const { id, kind, state } of store.list()) {
    if (kind !== 'install' || state === 'done' || state === 'cancelled') continue;
    const request = downloadRequest.safeParse(store.get(id)?.request);
    if (request.success) found.add(request.data.sha256);
  }
  return found;
}
