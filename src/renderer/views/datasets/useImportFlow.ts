/** From a path to a dataset: detect the format, look at what would be imported, import it. */
import { computed, ref, shallowRef } from 'vue';
import type { DatasetFormat, ImportPreview, Job } from '../../../common/contract';
import { api } from '../../api/client';
import { useJobs } from '../../stores/jobs';
import { useWorks } from '../../stores/works';

export type ImportStep = 'choose' | 'reading' | 'preview' | 'importing' | 'ended';

export function useImportFlow() {
  const jobs = useJobs();
  const step = ref<ImportStep>('choose');
  const path = ref('');
  const imagesPath = ref('');
  const name = ref('');
  const format = ref<DatasetFormat | null>(null);
  const formats = shallowRef<DatasetFormat[]>([]);
  const preview = shallowRef<ImportPreview | null>(null);
  const failure = shallowRef<unknown>(null);
  const jobId = ref<number | null>(null);
  const job = computed<Job | null>(() => jobs.list.find(({ id }) => id === jobId.value) ?? null);
  /** Answers to older questions are dropped. */
  let newest = 0;

  function source() {
    return {
      path: path.value.trim(),
      format: format.value,
      imagesPath: imagesPath.value.trim() || null,
      name: name.value.trim() || null,
    };
  }

  function reset() {
    stopReading();
    step.value = 'choose';
    path.value = '';
    imagesPath.value = '';
    name.value = '';
    forget();
    jobId.value = null;
  }

  /** Gives up the preview that is being made; what was typed stays. */
  function stopReading() {
    newest += 1;
    if (step.value !== 'reading') return;
    step.value = 'choose';
    // What it would say is not asked for any more.
    void useWorks().stop('preview');
  }

  function forget() {
    format.value = null;
    formats.value = [];
    preview.value = null;
    failure.value = null;
  }

  /** A new path: everything that was known about the old one is forgotten. */
  async function choosePath() {
    if (path.value.trim() === '') return;
    forget();
    await read(async () => {
      const found = await api.datasets.detect({ path: path.value.trim() });
      formats.value = found.formats;
      format.value = found.formats[0] ?? null;
    });
  }

  /** Another format, name or folder of images: only the preview is made anew. */
  function readAgain() {
    return read(() => Promise.resolve());
  }

  async function read(prepare: () => Promise<void>) {
    const ticket = (newest += 1);
    step.value = 'reading';
    failure.value = null;
    try {
      await prepare();
      if (ticket !== newest) return;
      const read = await api.datasets.preview(source());
      if (ticket !== newest) return;
      preview.value = read;
      if (name.value === '') name.value = read.name;
      step.value = 'preview';
    } catch (thrown) {
      if (ticket !== newest) return;
      preview.value = null;
      failure.value = thrown;
      step.value = 'choose';
    }
  }

  /** Resolves with the job when it is over; null if it could not be started. */
  async function start(): Promise<Job | null> {
    failure.value = null;
    try {
      const started = await api.datasets.import(source());
      jobId.value = started.jobId;
      step.value = 'importing';
      const over = await jobs.ended(started.jobId);
      step.value = 'ended';
      return over;
    } catch (thrown) {
      failure.value = thrown;
      return null;
    }
  }

  return {
    step,
    path,
    imagesPath,
    name,
    format,
    formats,
    preview,
    failure,
    job,
    reset,
    stopReading,
    choosePath,
    readAgain,
    start,
  };
}

/** The dataset that an import job made; null where it made none. */
export function datasetOf(job: Job | null): number | null {
  const datasetId = job?.result?.['datasetId'];
  return typeof datasetId === 'number' ? datasetId : null;
}
