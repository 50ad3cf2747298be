/** A predict job whose process is killed goes on where it stopped: nothing lost, nothing answered twice. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Job } from '../../../src/common/contract';
import { bundleForNode, startProcess, type Bundle } from '../../support/child-process';
import {
  addTestDataset,
  addTestRun,
  imageHeight,
  imageWidth,
  openTestWorkspace,
  temporaryFolder,
} from '../../support/workspace';

let bundle: Bundle;
let folder: string;

beforeAll(async () => {
  bundle = await bundleForNode('test/engine/jobs/predict-worker.ts');
  folder = temporaryFolder();
  const background = { r: 90, g: 120, b: 40 };
  await sharp({ create: { width: imageWidth, height: imageHeight, channels: 3, background } })
    .png()
    .toFile(join(folder, 'one.png'));
});
afterAll(() => {
  bundle.dispose();
  rmSync(folder, { recursive: true, force: true });
});

interface Answer {
  id: number;
  expression_id: number;
  score: number;
}

it('over several kills', { timeout: 300_000 }, async () => {
  const path = join(folder, 'workspace');
  let workspace = await openTestWorkspace(path);
  const dataset = addTestDataset(workspace, { images: 150, root: folder, fileName: () => 'one.png' });
  addTestRun(workspace, dataset.datasetId, 'yolo-clip');
  workspace.close();

  let before: Answer[] = [];
  for (const worker of [1, 2, 3]) {
    const running = startProcess(bundle, [path, String(worker)]);
    await running.line((line) => line === 'predicting');
    await new Promise((resolve) => setTimeout(resolve, worker * 37));
    await running.kill();
    workspace = await openTestWorkspace(path);
    const answers = workspace.database.prepare('SELECT id, expression_id, score FROM predictions').all();
    const kept = (answers as Answer[]).filter(({ id }) => before.some((one) => one.id === id));
    expect(kept).toEqual(before);
    expect(answers.length).toBeGreaterThan(before.length);
    expect(answers.length).toBeLessThan(600);
    expect(workspace.repositories.jobs.list()[0]?.state).toBe('running');
    before = answers as Answer[];
    workspace.close();
  }

  const last = startProcess(bundle, [path, '4']);
  const ended = JSON.parse(await last.line((line) => line.startsWith('{'))) as Job;
  await last.ended;
  expect(ended).toMatchObject({
    state: 'done',
    failed: 0,
    // Counted from the start of the job, not of its last attempt.
    total: 600,
    done: 600,
  });
  workspace = await openTestWorkspace(path);
  const answers = workspace.database
    .prepare('SELECT id, expression_id, score FROM predictions ORDER BY expression_id')
    .all() as Answer[];
  expect(answers.map((answer) => answer.expression_id)).toEqual(dataset.expressionIds);
  expect(answers.filter(({ score }) => score < 4)).toHaveLength(before.length);
  expect(await workspace.checkIntegrity()).toEqual({ ok: true, problems: [] });
  workspace.close();
});
