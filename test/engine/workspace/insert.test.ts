import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { browseFilter, browseSort } from '../../../src/common/contract';
import { packEvidence, unpackEvidence } from '../../../src/main/engine/workspace/evidence';
import type { Workspace } from '../../../src/main/engine/workspace/open';
import { scaleDataset } from '../../support/scale-data';
import { addTestRun, newTestWorkspace, testPrediction } from '../../support/workspace';

let workspace: Workspace;
let dispose: () => void;

beforeEach(async () => ({ workspace, dispose } = await newTestWorkspace()));
afterEach(() => dispose());

function insert(name: string, hash: string): number {
  return workspace.repositories.datasets.insert({
    ...scaleDataset({ images: 30, expressions: 100 }, '/nowhere', name),
    sourcePath: '/nowhere',
    contentHash: hash,
  });
}

function found(datasetId: number, text: string): number[] {
  return [
    ...workspace.repositories.browse.ids(browseFilter.parse({ datasetId, text }), browseSort.parse({})),
  ];
}

describe('a dataset that is stored', () => {
  it('is found by its words, in its own dataset only', () => {
    const [first, second] = [insert('First', 'a'), insert('Second', 'b')];
    const texts = workspace.database
      .prepare("SELECT count(*) FROM expressions WHERE dataset_id = ? AND text LIKE '%sitting%'")
      .pluck();
    expect(texts.get(first)).toBeGreaterThan(5);
    expect(found(first, 'sitting')).toHaveLength(texts.get(first) as number);
    expect(found(second, 'sitt')).toHaveLength(texts.get(second) as number);
    expect(() =>
      workspace.database.exec(
        "INSERT INTO expression_texts(expression_texts, rank) VALUES('integrity-check', 1)",
      ),
    ).not.toThrow();
  });

  it('leaves texts that are added one by one to be found as before', () => {
    const datasetId = insert('First', 'a');
    const image = workspace.database.prepare('SELECT min(id) FROM images').pluck().get() as number;
    const { structure } = workspace.repositories;
    const id = structure.nextExpressionId();
    structure.addExpression(id, structure.newExpression(image, null, 'a quokka'), 1);
    expect(found(datasetId, 'quokka')).toEqual([id]);
  });

  it('is not there at all where it cannot be stored whole, and texts are still followed', () => {
    const dataset = scaleDataset({ images: 30, expressions: 100 }, '/nowhere', 'Twice');
    const [first] = dataset.expressions;
    if (first) dataset.expressions.push(first);
    expect(() =>
      workspace.repositories.datasets.insert({ ...dataset, sourcePath: '/nowhere', contentHash: 'c' }),
    ).toThrow(/UNIQUE/);
    expect(workspace.repositories.datasets.list()).toEqual([]);
    const triggers = workspace.database
      .prepare("SELECT count(*) FROM sqlite_schema WHERE name = 'expression_texts_added'")
      .pluck();
    expect(triggers.get()).toBe(1);
  });
});

describe('evidence', () => {
  it('comes back as it was, short or long', () => {
    const box = { x: 1, y: 2, width: 3, height: 4 };
    const short = testPrediction('imported', box).evidence;
    const proposals = Array.from({ length: 50 }, (_, index) => ({
      box,
      score: index / 50,
      category: 'cat',
      similarity: 0.2,
      probability: 0.02,
    }));
    const long = { method: 'yolo-clip' as const, proposals };
    expect(unpackEvidence(packEvidence(short))).toEqual(short);
    expect(packEvidence(short).toString()).toBe(JSON.stringify(short));
    expect(unpackEvidence(packEvidence(long))).toEqual(long);
    expect(packEvidence(long).length).toBeLessThan(JSON.stringify(long).length / 4);
  });

  it('of every method is told apart from what is deflated', () => {
    const datasetId = insert('First', 'a');
    const [expressionId = 0] = found(datasetId, '');
    for (const method of ['yolo-clip', 'blip-sam', 'risclip', 'imported'] as const) {
      const runId = addTestRun(workspace, datasetId, method);
      const prediction = testPrediction(method, { x: 1, y: 2, width: 30, height: 40 });
      const [text] = workspace.database
        .prepare('SELECT text FROM expressions WHERE id = ?')
        .pluck()
        .all(expressionId);
      workspace.repositories.predictions.save(runId, [{ expressionId, text: String(text), prediction }]);
      const [kept] = workspace.repositories.predictions.ofExpression(expressionId, [runId]);
      expect(kept?.evidence).toEqual(prediction.evidence);
    }
  });
});
