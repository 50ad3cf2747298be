/** A probe of the demo's first images with the pack as shipped: everything it measures is measured, and kept. */
import { existsSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  blindChoices,
  ownMethodIds,
  samPrompts,
  textChanges,
  type Probe,
} from '../../../src/common/contract';
import type { Result } from '../../../src/common/errors';
import { createEngine, importDemoOnFirstStart, type Engine } from '../../../src/main/engine';
import { formatProbe } from '../../../src/main/engine/commands/probe';
import { temporaryFolder } from '../../support/workspace';

const resourcesPath = resolve(import.meta.dirname, '../../../resources');
const hasPack = existsSync(join(resourcesPath, 'models', 'emojiref-small', 'manifest.json'));

function valueOf<Value>(result: Result<Value>): Value {
  if (!result.ok) throw new Error(`${result.error.kind}: ${result.error.message}`);
  return result.value;
}

describe.runIf(hasPack)('a probe', { timeout: 300_000 }, () => {
  const folder = temporaryFolder();
  let engine: Engine;
  let datasetId: number;
  let probe: Probe;

  beforeAll(async () => {
    engine = await createEngine({ workspacePath: folder, resourcesPath, logPath: null, version: '0.0.0' });
    await engine.jobFinished((await importDemoOnFirstStart(engine, resourcesPath)) ?? 0);
    datasetId = valueOf(await engine.client.datasets.list({}))[0]?.id ?? 0;
    const { jobId } = valueOf(
      await engine.client.probes.start({ datasetId, split: 'test', packId: null, images: 12 }),
    );
    expect(await engine.jobFinished(jobId)).toMatchObject({ state: 'done', done: 12, failed: 0 });
    [probe] = valueOf(await engine.client.probes.list({})) as [Probe];
  });
  afterAll(async () => {
    await engine.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('measures the detector and SAM against every object of the images', () => {
    expect(probe).toMatchObject({ datasetId, split: 'test', images: 12, packId: 'emojiref-small' });
    expect(probe.objects).toBeGreaterThan(12);
    expect(probe.detector?.averagePrecision50.value).toBeGreaterThan(0.9);
    expect(probe.detector?.recall50.value).toBeGreaterThan(0.9);
    expect(probe.segmenter.map(({ prompt }) => prompt)).toEqual([...samPrompts]);
    for (const { meanIou } of probe.segmenter) expect(meanIou.value).toBeGreaterThan(0.75);
  });

  it('asks each method with the text, with its words shuffled and without it', () => {
    expect(probe.blind.map(({ choice }) => choice)).toEqual([...blindChoices]);
    expect(probe.text.map(({ method, change }) => [method, change])).toEqual(
      ownMethodIds.flatMap((method) => textChanges.map((change) => [method, change])),
    );
    for (const { kinds } of [...probe.blind, ...probe.text]) {
      expect(kinds.reduce((sum, { count }) => sum + count, 0)).toBe(probe.expressions);
    }
    const risclip = probe.text.filter(({ method }) => method === 'risclip');
    const [asWritten, , removed] = risclip.map(({ accuracy50 }) => accuracy50.value);
    expect(asWritten).toBeGreaterThan((removed ?? 1) + 0.3);
  });

  it('answers as the predict job does', async () => {
    const { jobId, runIds } = valueOf(
      await engine.client.runs.start({
        methods: ['risclip'],
        packId: null,
        scope: { filter: { datasetId, splits: ['test'] }, limit: 30 },
      }),
    );
    await engine.jobFinished(jobId);
    const evaluation = valueOf(await engine.client.evaluation.compute({ runIds, split: 'test' }));
    const { jobId: again } = valueOf(
      await engine.client.probes.start({ datasetId, split: 'test', packId: null, images: 3 }),
    );
    await engine.jobFinished(again);
    const [few] = valueOf(await engine.client.probes.list({}));
    const own = few?.text.find(({ method, change }) => method === 'risclip' && change === 'none');
    const kinds = new Map(evaluation.runs[0]?.byKind.map(({ value, metrics }) => [value, metrics]));
    // The first images' expressions are the first in the dataset, too.
    for (const { kind, count, accuracy50 } of own?.kinds ?? []) {
      const metrics = kinds.get(kind);
      if (metrics?.count === count) expect(metrics.accuracy50.value).toBe(accuracy50.value);
    }
  });

  it('is shown as tables and can be removed', async () => {
    const text = formatProbe(probe);
    expect(text).toContain('Detector, AP at IoU 0.5');
    expect(text).toMatch(/RisCLIP, words shuffled +\d/);
    valueOf(await engine.client.probes.remove({ probeId: probe.id }));
    expect(valueOf(await engine.client.probes.list({})).map(({ id }) => id)).not.toContain(probe.id);
  });

  it('refuses a dataset that does not exist and a split without images', async () => {
    const nowhere = await engine.client.probes.start({
      datasetId: 999,
      split: null,
      packId: null,
      images: null,
    });
    expect(nowhere).toMatchObject({ ok: false, error: { kind: 'not-found' } });
    const { jobId } = valueOf(
      await engine.client.probes.start({ datasetId, split: 'nothing', packId: null, images: null }),
    );
    expect(await engine.jobFinished(jobId)).toMatchObject({ state: 'failed', error: { kind: 'not-found' } });
  });
});
