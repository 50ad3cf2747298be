/** Masks and boxes that lie about themselves. What is wrong with a mask does not cost the box, nor the rest. */
import { expect, it } from 'vitest';
import { exactPolygons } from '../../../../src/common/geometry/mask-polygons';
import { encodeRunLength } from '../../../../src/common/geometry/rle';
import { jsonl } from '../support';
import { picture, taken } from './support';

const size = [30, 40];
const pixels = 1_200;
const square = [0, 0, 10, 0, 10, 10, 0, 10];
/** Across the image and back, as often as its numbers allow. */
const zigzag = Array.from({ length: 190_000 }, (_, index) =>
  index % 4 < 2 ? (index % 2) * 30 : 40 - (index % 2) * 30,
);

/** `referent`: fields of the one object, as JSON where JSON has no way to write them from numbers. */
async function importing(referent: object | string) {
  const line = JSON.stringify({ id: 1, image: 1, ...(typeof referent === 'object' && referent) });
  return taken(
    {
      'dataset.json': { format: 'grounding-jsonl', version: 1 },
      'a.png': picture,
      'images.jsonl': jsonl({ id: 1, file: 'a.png' }),
      'referents.jsonl': typeof referent === 'string' ? line.replace('}', `, ${referent}}`) : line,
      'expressions.jsonl': jsonl({ id: 1, referent: 1, text: 'the dog' }),
    },
    'grounding-jsonl',
  );
}

it.each([
  ['run lengths that are too few', { size, counts: [10, 20] }],
  ['run lengths that are too many', { size, counts: [10, pixels] }],
  ['a negative run', { size, counts: [-5, pixels + 5] }],
  ['half a pixel', { size, counts: [0.5, pixels - 0.5] }],
  // 2³² + 5 is 5 where numbers have 32 bits.
  ['a run that wraps around', { size, counts: [2 ** 32 + 5, pixels - 5] }],
  ['a run beyond every number', `{"size": [30, 40], "counts": [1e999, ${pixels}]}`],
  ['nothing in the string', { size, counts: '' }],
  ['characters that are none of the code', { size, counts: 'é~\u0000' }],
  ['a string cut off', { size, counts: 'PQ`' }],
  ['a string that wraps around', { size, counts: 'oooooo3'.repeat(3) }],
  ['a million empty runs', { size, counts: '0'.repeat(1_000_000) }],
  ['a polygon of two points', [[0, 0, 5, 5]]],
  ['an odd count of numbers', [[...square, 3]]],
  ['a point far away', [[0, 0, 1e9, 0, 1e9, 1e9]]],
  ['a point beyond every number', '[[0, 0, 1e999, 0, 5, 5]]'],
  ['100,001 points', [Array.from({ length: 200_002 }, (_, index) => index % 30)]],
  ['an outline of four million pixels', [zigzag]],
])('leaves out a mask with %s and keeps the box', async (_name, mask) => {
  const text = typeof mask === 'string' ? mask : JSON.stringify(mask);
  const { found, repaired, rejected } = await importing(`"box": [1, 2, 3, 4], "mask": ${text}`);
  expect(rejected).toEqual([]);
  expect(repaired).toEqual(['mask-invalid: referents.jsonl:1']);
  expect(found.expressions).toBe(1);
});

it.each([
  ['a size that is another image’s', { size: [1e9, 1e9], counts: [1e18] }, 'mask-size'],
  ['a size below nothing', { size: [-30, -40], counts: [pixels] }, 'mask-size'],
  ['no pixel', { size, counts: [pixels] }, 'mask-empty'],
])('leaves out a mask with %s', async (_name, mask, kind) => {
  const { found, repaired } = await importing({ box: [1, 2, 3, 4], mask });
  expect(repaired).toEqual([`${kind}: referents.jsonl:1`]);
  expect(found.expressions).toBe(1);
});

it.each([
  ['negative width', [5, 5, -3, 4], 'box-empty'],
  ['no height', [5, 5, 3, 0], 'box-empty'],
  ['a place outside', [100, 100, 5, 5], 'box-outside'],
  ['a place before the image', [-100, -100, 5, 5], 'box-outside'],
])('rejects a box with %s', async (_name, box, kind) => {
  const { found, rejected } = await importing({ box });
  expect(rejected).toEqual([`${kind}: referents.jsonl:1`, 'referent-rejected: expressions.jsonl:1']);
  expect(found.expressions).toBe(0);
});

it.each([
  ['sticks out', [-5, -5, 100, 100]],
  ['has sides as long as numbers go', [0, 0, 1e308, 1e308]],
])('clips a box that %s', async (_name, box) => {
  const { found, repaired } = await importing({ box });
  expect(repaired).toEqual(['box-clipped: referents.jsonl:1']);
  expect(found.expressions).toBe(1);
});

it('unites thousands of polygons', async () => {
  const dots = Array.from({ length: 20_000 }, (_, index) => {
    const [x, y] = [index % 40, Math.floor(index / 40) % 30];
    return [x, y, x + 1, y, x + 1, y + 1, x, y + 1];
  });
  const { repaired, found } = await importing({ box: [1, 2, 3, 4], mask: dots });
  expect(repaired).toEqual([]);
  expect(found.referents).toBe(1);
});

it('draws no outline around noise when it is exported', () => {
  const [width, height] = [400, 400];
  let state = 1;
  const data = Uint8Array.from({ length: width * height }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return state & 64 ? 1 : 0;
  });
  // The export writes run lengths instead.
  expect(exactPolygons(encodeRunLength({ width, height, data }))).toBeNull();
});
