/** A preview of much: other calls are answered meanwhile, it says how far it is, and it can be given up. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { writePickle } from '../../../src/main/engine/datasets/pickle-writer';
import { image, openDatasets, writeFolder } from './support';

const count = 200_000;
const rows = Array.from({ length: count }, (_, index) => `a.png,the dog ${index},1,2,3,4\n`).join('');
const references = () =>
  Array.from({ length: count }, (_, index) => ({
    ref_id: index,
    ann_id: 1,
    image_id: 1,
    split: 'val',
    sentences: [{ sent_id: index, sent: `the dog ${index}` }],
  }));
const instances = {
  images: [{ id: 1, file_name: 'a.png' }],
  annotations: [{ id: 1, image_id: 1, category_id: 1, bbox: [1, 2, 3, 4] }],
  categories: [{ id: 1, name: 'dog' }],
};

it.each([
  ['folder-csv', () => ({ 'x.csv': `image,expression,x,y,width,height\n${rows}` })],
  ['refer', () => ({ 'refs(x).p': writePickle(references()), 'instances.json': instances })],
] as const)('reads %s while other work goes on, until it is told to stop', async (format, files) => {
  const path = await writeFolder({ ...files(), 'a.png': image(40, 30) });
  const { preview, works, progress, workspace } = await openDatasets();
  const reading = preview({ path, format }).then(
    () => 'read',
    ({ kind }: { kind: string }) => kind,
  );
  // Each of these turns is one in which the engine could answer another call.
  let turns = 0;
  while (!progress.some((message) => /: [\d,]+ so far/.test(message))) {
    await sleep(1);
    turns += 1;
  }
  expect(turns).toBeGreaterThan(1);
  works.stop('preview');
  expect(await reading).toBe('cancelled');
  expect(progress.find(Boolean)).toBe('Reading annotations');
  expect(workspace.repositories.datasets.list()).toEqual([]);
});
