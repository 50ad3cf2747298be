/** Any fourth method is evaluated here: from COCO results and from a CSV to numbers and a report under its own name. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reportOptions } from '../../../src/common/contract';
import type { Result } from '../../../src/common/errors';
import { createEngine, importDemoOnFirstStart, type Engine } from '../../../src/main/engine';
import { lookOfRuns } from '../../../src/renderer/charts/series';
import { temporaryFolder } from '../../support/workspace';

const resourcesPath = resolve(import.meta.dirname, '../../../resources');
const lines = (name: string) =>
  readFileSync(join(resourcesPath, 'datasets/emojiref', name), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { id: string; referent: string; box: number[] });

function valueOf<Value>(result: Result<Value>): Value {
  if (!result.ok) throw new Error(`${result.error.kind}: ${result.error.message}`);
  return result.value;
}

describe('a fourth method', { timeout: 120_000 }, () => {
  const folder = temporaryFolder();
  let engine: Engine;
  let datasetId: number;
  const truths = new Map(lines('referents.jsonl').map(({ id, box }) => [id, box]));
  const asked = lines('expressions.jsonl')
    .filter(({ referent }) => referent)
    .slice(0, 40);
  const take = async (file: string, content: string, name: string) => {
    const path = join(folder, file);
    writeFileSync(path, content);
    return valueOf(await engine.client.runs.importPredictions({ datasetId, path, name })).runId;
  };

  beforeAll(async () => {
    const workspacePath = join(folder, 'workspace');
    engine = await createEngine({ workspacePath, resourcesPath, logPath: null, version: '0.0.0' });
    await engine.jobFinished((await importDemoOnFirstStart(engine, resourcesPath)) ?? 0);
    datasetId = valueOf(await engine.client.datasets.list({}))[0]?.id ?? 0;
  });
  afterAll(async () => {
    await engine.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('has numbers, marks and a report under its own name, from COCO results and from a CSV', async () => {
    // Right in three of four; the others lie in the corner.
    const corner = [0, 0, 1, 1];
    const boxOf = (referent: string, index: number) => (index % 4 === 3 ? corner : truths.get(referent));
    const results = asked.map(({ id, referent }, index) => ({
      image_id: 1,
      category_id: 1,
      expression_id: id,
      bbox: boxOf(referent, index),
      score: 0.9,
    }));
    const rows = asked.map(({ id, referent }) => [id, ...(truths.get(referent) ?? []), 1].join(','));
    const runIds = [
      await take('results.json', JSON.stringify(results), 'Qwen-VL'),
      await take('answers.csv', `expression,x,y,width,height,score\n${rows.join('\n')}\n`, 'Florence'),
    ];

    const { runs } = valueOf(await engine.client.evaluation.compute({ runIds }));
    expect(runs.map(({ packName, overall }) => [packName, overall.count, overall.accuracy50.value])).toEqual([
      ['Qwen-VL', 40, 0.75],
      ['Florence', 40, 1],
    ]);
    // Told apart without colour too.
    const looks = lookOfRuns(runs);
    expect(looks.map(({ name }) => name)).toEqual(['Qwen-VL', 'Florence']);
    expect(new Set(looks.map(({ letter }) => letter)).size).toBe(2);
    expect(new Set(looks.map(({ colour, dash }) => `${colour} ${dash}`)).size).toBe(2);

    const target = join(folder, 'report');
    const options = reportOptions.parse({ evaluation: { runIds } });
    valueOf(await engine.client.reports.export({ options, folder: target, formats: ['html', 'json'] }));
    const page = readFileSync(join(target, 'report.html'), 'utf8');
    for (const text of ['Qwen-VL', 'Florence', '75.0']) expect(page).toContain(text);
  });
});
