/** The documented schema of report.json against what is really written: nothing undescribed, nothing missing. */
import { readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { metricNames, reportOptions } from '../../../src/common/contract';
import { reportJson } from '../../../src/main/engine/reports/json';
import { createReportsService } from '../../../src/main/engine/reports/service';
import { temporaryFolder } from '../../support/workspace';
import { sampleReport } from '../../unit/reports/sample';
import { createWorld } from '../evaluation/world';

const text = readFileSync('docs/report.schema.json', 'utf8');
const schema = z.fromJSONSchema(JSON.parse(text) as Parameters<typeof z.fromJSONSchema>[0]);

let folder = '';
beforeEach(() => (folder = temporaryFolder()));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function written(evaluation: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
  const world = createWorld();
  const service = createReportsService({
    workspace: world,
    version: '1.2.3',
    imagePath: async () => resolve('test/fixtures/images/colour.jpg'),
  });
  const options = reportOptions.parse({ evaluation: { runIds: world.runIds, ...evaluation } });
  await service.export({ options, folder, formats: ['json'] });
  return JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as Record<string, unknown>;
}

it('holds for what is written, under every protocol', async () => {
  for (const evaluation of [
    {},
    { unit: 'image', comparator: '>', boxes: 'inclusive' },
    { unit: 'referent', coverage: 'all', groundTruth: 'original' },
  ]) {
    const { error } = schema.safeParse(await written(evaluation));
    expect(error?.issues ?? []).toEqual([]);
  }
});

it('holds for a report that has every kind of number', () => {
  const { evaluation } = sampleReport();
  expect(schema.safeParse(JSON.parse(JSON.stringify(evaluation))).error?.issues ?? []).toEqual([]);
  for (const name of metricNames) expect(text).toContain(`"${name}"`);
});

it('holds for the example in the documentation', () => {
  const example: unknown = JSON.parse(readFileSync('docs/example-report/report.json', 'utf8'));
  expect(schema.safeParse(example).error?.issues ?? []).toEqual([]);
});

it('describes notes, errors, agreement, slices that stand out and corrections, which are in it', async () => {
  const made: unknown = JSON.parse(reportJson(sampleReport()));
  expect(schema.safeParse(made).error?.issues ?? []).toEqual([]);
  expect(made).toMatchObject({ notes: [{ runId: 1, note: 'with the new thresholds' }, {}, {}] });
  const report = await written();
  expect(report).toMatchObject({
    errors: [{ runId: 1 }, { runId: 2 }, { runId: 3 }],
    agreement: { count: 24 },
    deviations: [],
    correctionEffect: null,
    corrections: [],
    notes: [],
  });
  expect(schema.safeParse({ ...report, errors: [{ runId: 1 }] }).success).toBe(false);
});

it('refuses what is missing, of another type or not described', async () => {
  const report = await written();
  const { pairs, ...withoutPairs } = report;
  expect(pairs).toHaveLength(3);
  expect(schema.safeParse(withoutPairs).success).toBe(false);
  expect(schema.safeParse({ ...report, schema: 2 }).success).toBe(false);
  expect(schema.safeParse({ ...report, other: 1 }).success).toBe(false);
  const [run] = report['runs'] as Record<string, unknown>[];
  expect(schema.safeParse({ ...report, runs: [{ ...run, iouHistogram: [1] }] }).success).toBe(false);
});
