import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ImportPreview } from '../../../src/common/contract';
import { WorkbenchError } from '../../../src/common/errors';
import { useJobs } from '../../../src/renderer/stores/jobs';
import { folderName, pathBelow } from '../../../src/renderer/views/datasets/dataset-formats';
import { datasetOf, useImportFlow } from '../../../src/renderer/views/datasets/useImportFlow';
import { exampleJob } from '../support/examples';
import { offerWorkbench, type FakeWorkbench } from '../support/workbench';

const preview: ImportPreview = {
  format: 'refer',
  name: 'refcocog',
  images: 10,
  referents: 20,
  expressions: 30,
  splits: [],
  repaired: [],
  rejected: [],
  repairedCount: 0,
  rejectedCount: 0,
  sample: [],
};
let workbench: FakeWorkbench;

beforeEach(() => {
  setActivePinia(createPinia());
  workbench = offerWorkbench({
    datasets: {
      detect: () => ({ formats: ['refer', 'coco-csv'] }),
      preview: ({ path }) => {
        if (path.endsWith('evil.p')) {
          throw new WorkbenchError('refused', 'The pickle names code to run.', 'Get it from its source.');
        }
        return preview;
      },
      import: () => ({ jobId: 8 }),
    },
    works: { stop: () => null },
  });
});

describe('importing', () => {
  it('detects the format, shows what would come, imports it and gives the dataset', async () => {
    const flow = useImportFlow();
    flow.path.value = ' /data/refcocog ';
    await flow.choosePath();
    expect(flow.step.value).toBe('preview');
    expect(flow.format.value).toBe('refer');
    expect(flow.name.value).toBe('refcocog');
    flow.name.value = 'Mine';
    const over = flow.start();
    await Promise.resolve();
    useJobs().receive(exampleJob(8, { kind: 'import' }));
    useJobs().receive(exampleJob(8, { kind: 'import', state: 'done', result: { datasetId: 4 } }));
    expect(datasetOf(await over)).toBe(4);
    expect(flow.step.value).toBe('ended');
    expect(workbench.inputsOf('datasets.import')).toEqual([
      { path: '/data/refcocog', format: 'refer', imagesPath: null, name: 'Mine' },
    ]);
  });

  it('shows a refusal in place and lets another path be chosen', async () => {
    const flow = useImportFlow();
    flow.path.value = '/data/evil.p';
    await flow.choosePath();
    expect(flow.failure.value).toMatchObject({ kind: 'refused', hint: 'Get it from its source.' });
    expect(flow.step.value).toBe('choose');
    flow.path.value = '/data/refcocog';
    await flow.choosePath();
    expect(flow.failure.value).toBeNull();
    expect(flow.preview.value).toEqual(preview);
  });

  it('makes the preview anew for another format', async () => {
    const flow = useImportFlow();
    flow.path.value = '/data/refcocog';
    await flow.choosePath();
    flow.format.value = 'coco-csv';
    await flow.readAgain();
    expect(workbench.inputsOf('datasets.preview').at(-1)).toMatchObject({ format: 'coco-csv' });
    expect(workbench.inputsOf('datasets.detect')).toHaveLength(1);
  });

  it('that failed gives no dataset', () => {
    expect(datasetOf(exampleJob(8, { state: 'failed' }))).toBeNull();
    expect(datasetOf(null)).toBeNull();
  });
});

describe('names of folders to export to', () => {
  it('are made of the dataset’s name, with the separator of the system', () => {
    expect(folderName('RefCOCOg (UMD), validation')).toBe('refcocog-umd-validation');
    expect(folderName('../..')).toBe('dataset');
    expect(pathBelow('/data/', 'x')).toBe('/data/x');
    expect(pathBelow('C:\\Users\\Ada', 'x')).toBe('C:\\Users\\Ada\\x');
  });

  it('gives up a preview that takes too long, and keeps the path', async () => {
    const flow = useImportFlow();
    flow.path.value = '/data/refcocog';
    const reading = flow.choosePath();
    expect(flow.step.value).toBe('reading');
    flow.stopReading();
    await reading;
    expect(flow.step.value).toBe('choose');
    expect(flow.preview.value).toBeNull();
    expect(flow.failure.value).toBeNull();
    expect(flow.path.value).toBe('/data/refcocog');
    expect(workbench.inputsOf('works.stop')).toEqual([{ work: 'preview' }]);
  });
});
