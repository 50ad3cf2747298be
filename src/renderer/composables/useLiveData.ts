/** Keeps the stores true: reads them at the start and after the engine came back, and passes events on to them. */
import { onScopeDispose, watch } from 'vue';
import type { WorkbenchEvents } from '../../common/contract';
import { listen } from '../api/client';
import { useBrowse } from '../stores/browse';
import { useDatasets } from '../stores/datasets';
import { useEngine } from '../stores/engine';
import { isActive, useJobs } from '../stores/jobs';
import { useNotices } from '../stores/notices';
import { useRuns } from '../stores/runs';
import { useSettings } from '../stores/settings';
import { useWorks } from '../stores/works';

/** While predictions are written, the runs' counts are read anew at most this often (milliseconds). */
const runsPause = 1_500;

export function useLiveData() {
  const engine = useEngine();
  const datasets = useDatasets();
  const runs = useRuns();
  const browse = useBrowse();
  const jobs = useJobs();
  const works = useWorks();
  const settings = useSettings();
  const notices = useNotices();
  let pause: ReturnType<typeof setTimeout> | undefined;

  function readAll() {
    void settings.load();
    void jobs.load();
    void works.load();
    void datasets.load();
    void runs.load();
  }

  function receiveData(change: WorkbenchEvents['data.changed']) {
    browse.receive(change);
    if (change.what === 'datasets') void datasets.load();
    // A person added expressions, or took them out again: the list has others now.
    if (change.what === 'datasets' && change.expressionIds.length > 0) void notices.attempt(browse.refresh);
    if (change.what === 'settings') void settings.load();
    if (change.what === 'runs') void runs.load();
    if (change.what === 'predictions') {
      pause ??= setTimeout(() => {
        pause = undefined;
        void runs.load();
      }, runsPause);
    }
  }

  function receiveJob(job: WorkbenchEvents['jobs.changed']) {
    const wasActive = jobs.active.some((each) => each.id === job.id);
    jobs.receive(job);
    if (wasActive && !isActive(job) && job.kind === 'predict') void runs.load().then(() => browse.refresh());
  }

  const stop = [
    listen('engine.status', engine.receive),
    listen('jobs.changed', receiveJob),
    listen('work.progress', works.receive),
    listen('data.changed', receiveData),
  ];
  watch(
    () => engine.starts,
    () => {
      readAll();
      browse.invalidate(null);
      void browse.refresh();
    },
  );
  onScopeDispose(() => {
    for (const end of stop) end();
    clearTimeout(pause);
  });
  readAll();
}
