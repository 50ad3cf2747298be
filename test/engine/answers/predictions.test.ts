/** Predictions made elsewhere: taken as a run of their own, evaluated, and written and taken again without a change. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { predictionFormats } from '../../../src/common/contract';
import type { Result } from '../../../src/common/errors';
import { createEngine, importDemoOnFirstStart, type Engine } from '../../../src/main/engine';
import { temporaryFolder } from '../../support/workspace';

const resourcesPath = resolve(import.meta.dirname, '../../../resources');
const lines = (name: string) =>
  readFileSync(join(resourcesPath, 'datasets/emojiref', name), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

function valueOf<Value>(result: Result<Value>): Value {
  if (!result.ok) throw new Error(`${result.error.kind}: ${result.error.message}`);
  return result.value;
}

describe('predictions made elsewhere', { timeout: 120_000 }, () => {
  const folder = temporaryFolder();
  let engine: Engine;
  let datasetId: number;
  const truths = new Map(lines('referents.jsonl').map((referent) => [referent['id'], referent]));
  const asked = lines('expressions.jsonl')
    .filter(({ referent }) => referent)
    .slice(0, 60);

  beforeAll(async () => {
    engine = await createEngine({
      workspacePath: join(folder, 'workspace'),
      resourcesPath,
      logPath: null,
      version: '0.0.0',
    });
    await engine.jobFinished((await importDemoOnFirstStart(engine, resourcesPath)) ?? 0);
    datasetId = valueOf(await engine.client.datasets.list({}))[0]?.id ?? 0;
  });
  afterAll(async () => {
    await engine.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const write = (name: string, content: unknown) => {
    const path = join(folder, name);
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    return path;
  };
  const take = async (path: string, name: string) =>
    valueOf(await engine.client.runs.importPredictions({ datasetId, path, name }));
  const accuracy = async (runId: number) =>
    valueOf(await engine.client.evaluation.compute({ runIds: [runId] })).runs[0]?.overall;

  it('the ground truth as predictions is right everywhere, with its masks', async () => {
    const path = write(
      'truth.json',
      asked.map(({ id, referent }) => ({
        expression: id,
        box: truths.get(referent)?.['box'],
        mask: truths.get(referent)?.['mask'],
        score: 0.5,
      })),
    );
    const taken = await take(path, 'Oracle');
    expect(taken).toMatchObject({ answered: 60, rejectedCount: 0 });
    expect(await accuracy(taken.runId)).toMatchObject({
      count: 60,
      accuracy50: { value: 1 },
      meanIou: { value: 1 },
      maskMeanIou: { value: 1 },
    });
    const runs = valueOf(await engine.client.runs.list({ datasetId }));
    expect(runs.find(({ id }) => id === taken.runId)).toMatchObject({
      method: 'imported',
      packName: 'Oracle',
      predictions: 60,
    });
    // The same file again is the same run.
    expect((await take(path, 'Oracle')).runId).toBe(taken.runId);
  });

  it('a run that is written comes back the same in each form', async () => {
    const [first] = valueOf(await engine.client.runs.list({ datasetId }));
    const before = await accuracy(first?.id ?? 0);
    for (const format of predictionFormats) {
      const path = join(folder, `again.${format === 'csv' ? 'csv' : `${format}.json`}`);
      expect(
        valueOf(await engine.client.runs.exportPredictions({ runId: first?.id ?? 0, path, format })),
      ).toEqual({ path, predictions: 60 });
      const taken = await take(path, `as ${format}`);
      expect(taken).toMatchObject({ answered: 60, rejectedCount: 0 });
      const after = await accuracy(taken.runId);
      expect(after?.meanIou).toEqual(before?.meanIou);
      if (format !== 'csv') expect(after?.maskMeanIou).toEqual(before?.maskMeanIou);
      const again = await engine.client.runs.exportPredictions({ runId: taken.runId, path, format });
      expect(again).toMatchObject({ ok: false, error: { kind: 'refused' } });
    }
  });

  it('an answer for an object answers its expressions, or the one it quotes; the surest of several counts', async () => {
    const [one] = asked;
    const ofReferent = lines('expressions.jsonl').filter(({ referent }) => referent === one?.['referent']);
    const box = truths.get(one?.['referent'])?.['box'];
    const whole = await take(
      write('objects.json', [{ annotation_id: one?.['referent'], bbox: box, score: 0.1 }]),
      'By object',
    );
    expect(whole.answered).toBe(ofReferent.length);
    const quoted = await take(
      write('quoted.json', [
        { ann_id: one?.['referent'], sentence: one?.['text'], bbox: [0, 0, 1, 1], score: 0.2 },
        { ann_id: one?.['referent'], sentence: one?.['text'], bbox: box, score: 0.9 },
      ]),
      'By sentence',
    );
    expect(quoted.answered).toBe(1);
    expect((await accuracy(quoted.runId))?.accuracy50.value).toBe(1);
  });

  it('what cannot be taken is told with its place, and the rest is taken', async () => {
    const taken = await take(
      write(
        'some.csv',
        `expression,x,y,width,height,score\n${String(asked[0]?.['id'])},1,2,3,4,0.5\nnobody,1,2,3,4,0.5\n${String(asked[1]?.['id'])},a,2,3,4,1\n${String(asked[2]?.['id'])},,,,,\n`,
      ),
      'Some',
    );
    expect(taken).toMatchObject({ answered: 2, rejectedCount: 2 });
    expect(taken.rejected.map(({ where, kind }) => [where, kind])).toEqual(
      expect.arrayContaining([
        ['some.csv:3', 'unknown-expression'],
        ['some.csv:4', 'box-invalid'],
      ]),
    );
  });

  it('the number of a REFER reference is not taken for that of an object', async () => {
    const taken = await take(
      write('references.json', [
        { ref_id: asked[1]?.['referent'], bbox: [1, 2, 3, 4], score: 1 },
        { expression: asked[0]?.['id'], bbox: [1, 2, 3, 4], score: 1 },
      ]),
      'By reference',
    );
    expect(taken).toMatchObject({ answered: 1, rejectedCount: 1 });
    expect(taken.rejected).toMatchObject([{ kind: 'unknown-expression', where: 'references.json entry 1' }]);
  });

  it('a file without an answer to this dataset is refused and leaves no run', async () => {
    const before = valueOf(await engine.client.runs.list({ datasetId })).length;
    for (const [name, content] of [
      ['none.json', [{ expression: 'nobody', box: [1, 2, 3, 4] }]],
      ['no-list.json', { answers: [] }],
      ['broken.json', '{"predictions": ['],
      ['no-columns.csv', 'a,b\n1,2\n'],
    ] as const) {
      const path = write(name, content);
      expect(await engine.client.runs.importPredictions({ datasetId, path, name })).toMatchObject({
        ok: false,
      });
    }
    expect(valueOf(await engine.client.runs.list({ datasetId }))).toHaveLength(before);
  });
});
