/** Committed human work survives SIGKILL at any moment, whole, however often it happens. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { rmSync } from 'node:fs';
import type { Workspace } from '../../../src/main/engine/workspace/open';
import { bundleForNode, startProcess, type Bundle } from '../../support/child-process';
import {
  addTestDataset,
  addTestRun,
  openTestWorkspace,
  temporaryFolder,
  testPrediction,
} from '../../support/workspace';

const kills = 200;
let bundle: Bundle;

beforeAll(async () => {
  bundle = await bundleForNode('test/engine/promises/correction-writer.ts');
});
afterAll(() => bundle.dispose());

async function makeWorkspace(): Promise<string> {
  const path = temporaryFolder();
  const workspace = await openTestWorkspace(path);
  // Boxes grow with the revision; an image as wide as this keeps them from being clipped.
  const dataset = addTestDataset(workspace, { images: 4 });
  workspace.database.exec('UPDATE images SET width = 1000000');
  const runId = addTestRun(workspace, dataset.datasetId, 'yolo-clip');
  const answers = dataset.expressionIds.map((expressionId) => ({
    expressionId,
    text: workspace.repositories.expressions.get(expressionId)?.text ?? '',
    prediction: testPrediction('yolo-clip', { x: 1, y: 1, width: 50, height: 10 }),
  }));
  workspace.repositories.predictions.save(runId, answers);
  workspace.close();
  return path;
}

/** Every revision whole: its row, its step, the counter and the measures agree, and nothing acknowledged is missing. */
async function check(workspace: Workspace, acknowledged: number): Promise<number> {
  expect(await workspace.checkIntegrity()).toEqual({ ok: true, problems: [] });
  const one = (sql: string) => workspace.database.prepare(sql).pluck().get() as number;
  const revision = one('SELECT revision FROM state');
  expect(revision).toBeGreaterThanOrEqual(acknowledged);
  expect(one('SELECT count(*) FROM ground_truth WHERE revision > 0')).toBe(revision);
  expect(one('SELECT count(*) FROM ground_truth WHERE revision > 0 AND box_width <> revision + 1')).toBe(0);
  expect(one('SELECT count(*) FROM correction_steps')).toBe(revision);
  expect(one('SELECT max(current_revision) FROM referents')).toBe(revision);
  const torn = `SELECT count(*) FROM predictions
    JOIN expressions ON expressions.id = expression_id JOIN referents ON referents.id = expressions.referent_id
    JOIN ground_truth ON ground_truth.referent_id = referents.id AND revision = current_revision
    WHERE revision > 0
      AND abs(iou - min(50.0, ground_truth.box_width) / max(50.0, ground_truth.box_width)) > 1e-9`;
  expect(one(torn)).toBe(0);
  return revision;
}

/** Kills one writer after the other; the next one already waits for its start, so that no time is lost. */
async function killOften(times: number, seed: number): Promise<{ kills: number; revision: number }> {
  const path = await makeWorkspace();
  let random = seed;
  let revision = 0;
  let writer = startProcess(bundle, [path]);
  for (let kill = 0; kill < times; kill += 1) {
    const next = startProcess(bundle, [path]);
    writer.process.stdin.write('go\n');
    const before = revision;
    await writer.line((line) => Number(line) > before);
    random = (random * 48_271) % 2_147_483_647;
    await new Promise((wait) => setTimeout(wait, random % 25));
    await writer.kill();
    // The last line may have been cut short by the kill: then its number is smaller, never greater.
    const acknowledged = Math.max(...writer.lines.map(Number));
    const workspace = await openTestWorkspace(path);
    revision = await check(workspace, acknowledged);
    workspace.close();
    writer = next;
  }
  await writer.kill();
  rmSync(path, { recursive: true, force: true });
  return { kills: times, revision };
}

it(`keeps every acknowledged correction over ${kills} kills`, { timeout: 600_000 }, async () => {
  const [first, second] = await Promise.all([killOften(kills / 2, 11), killOften(kills / 2, 47)]);
  expect(first.kills + second.kills).toBe(kills);
  expect(first.revision + second.revision).toBeGreaterThanOrEqual(kills);
});
