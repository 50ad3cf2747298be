import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  chartDocument,
  placeKeys,
  wrapText,
  type ChartKey,
} from '../../../src/renderer/charts/chart-document';
import { nearestIndex, nearestLine } from '../../../src/renderer/charts/curve-reading';
import { flowScale, layoutFlow, type FlowNode } from '../../../src/renderer/charts/flow-layout';
import { densityGrid, indexesInside, isInside, thinned } from '../../../src/renderer/charts/lasso';

function isWellFormed(text: string): boolean {
  const parsed = new DOMParser().parseFromString(text, 'image/svg+xml');
  return parsed.querySelector('parsererror') === null && parsed.documentElement.tagName === 'svg';
}

const space = { width: 400, height: 200, nodeWidth: 10, gap: 10, least: 12, columns: [0, 150, 300] };

describe('a flow diagram', () => {
  const nodes: FlowNode[] = [
    { id: 'all', column: 0, size: 100 },
    { id: 'right', column: 1, size: 60 },
    { id: 'none', column: 1, size: 0 },
    { id: 'wrong', column: 1, size: 39 },
    { id: 'rare', column: 1, size: 1 },
  ];
  const links = [
    { from: 'all', to: 'right', size: 60 },
    { from: 'all', to: 'wrong', size: 39 },
    { from: 'all', to: 'rare', size: 1 },
  ];

  it('fits into its height, and leaves out what nothing flows through', () => {
    const { nodes: placed } = layoutFlow(nodes, links, space);
    expect(placed.map(({ id }) => id)).toEqual(['all', 'right', 'wrong', 'rare']);
    for (const { y, height } of placed) expect(y + height).toBeLessThanOrEqual(space.height + 1e-9);
  });

  it('gives nodes heights in proportion, but none below the least', () => {
    const { nodes: placed } = layoutFlow(nodes, links, space);
    const height = (id: string) => placed.find((node) => node.id === id)?.height ?? 0;
    expect(height('right') / height('wrong')).toBeCloseTo(60 / 39, 9);
    expect(height('rare')).toBe(space.least);
    // 200 less two gaps and the smallest node, shared by 99.
    expect(flowScale(nodes, space)).toBeCloseTo((200 - 20 - 12) / 99, 9);
  });

  it('joins nodes of the columns by closed ribbons as wide as what flows', () => {
    const { links: ribbons } = layoutFlow(nodes, links, space);
    expect(ribbons).toHaveLength(3);
    for (const { path } of ribbons) expect(path).toMatch(/^M10\.00 .*Z$/);
    const scale = flowScale(nodes, space);
    const [first] = ribbons;
    const [, startY = '', endY = ''] = /^M[\d.]+ ([\d.]+).* ([\d.]+)Z$/.exec(first?.path ?? '') ?? [];
    expect(Number(endY) - Number(startY)).toBeCloseTo(60 * scale, 1);
  });
});

describe('a lasso', () => {
  const square = [
    { x: 0, y: 0 },
    { x: 1, y: 0 },
    { x: 1, y: 1 },
    { x: 0, y: 1 },
  ];

  it('holds what is inside, also of a polygon that is bent inwards', () => {
    expect(isInside({ x: 0.5, y: 0.5 }, square)).toBe(true);
    expect(isInside({ x: 1.5, y: 0.5 }, square)).toBe(false);
    const bent = [...square.slice(0, 3), { x: 0.5, y: 0.2 }, { x: 0, y: 1 }];
    expect(isInside({ x: 0.5, y: 0.5 }, bent)).toBe(false);
    expect(isInside({ x: 0.1, y: 0.5 }, bent)).toBe(true);
  });

  it('chooses by index, and a line chooses nothing', () => {
    expect(indexesInside([0.2, 2, 0.9], [0.2, 0.5, 0.9], square)).toEqual([0, 2]);
    expect(indexesInside([0.2], [0.2], square.slice(0, 2))).toEqual([]);
  });

  it('does not depend on where the polygon begins', () => {
    const point = fc.record({
      x: fc.double({ min: 0, max: 1, noNaN: true }),
      y: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(
        fc.array(point, { minLength: 3, maxLength: 12 }),
        point,
        fc.nat(11),
        (polygon, place, by) => {
          const turn = by % polygon.length;
          const turned = [...polygon.slice(turn), ...polygon.slice(0, turn)];
          expect(isInside(place, turned)).toBe(isInside(place, polygon));
        },
      ),
    );
  });

  it('keeps the corners that matter', () => {
    const line = Array.from({ length: 101 }, (_, step) => ({ x: step / 100, y: 0 }));
    expect(thinned(line, 0.1).length).toBeLessThanOrEqual(11);
    expect(thinned(line, 0.1)[0]).toEqual({ x: 0, y: 0 });
  });

  it('counts every point of a dense cloud once', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(share, share), { maxLength: 60 }), (points) => {
        const grid = densityGrid(
          points.map(([x]) => x),
          points.map(([, y]) => y),
          7,
        );
        expect(grid.reduce((sum, { count }) => sum + count, 0)).toBe(points.length);
        for (const { column, row } of grid) {
          expect(column).toBeLessThan(7);
          expect(row).toBeLessThan(7);
        }
      }),
    );
  });
});

describe('reading a curve', () => {
  it('finds the nearest place and the nearest line', () => {
    expect(nearestIndex([0, 0.5, 1], 0.7)).toBe(1);
    expect(nearestIndex([], 0.7)).toBe(0);
    expect(nearestLine([10, null, 40], 30)).toBe(2);
    expect(nearestLine([null, null], 30)).toBe(-1);
  });
});

describe('a chart as a file', () => {
  const key = (name: string): ChartKey => ({
    name,
    colour: '#0a66c2',
    kind: 'line',
    dash: '3 3',
    letter: 'Y',
  });

  it('stands alone: title, marks, key and caption, and nothing from outside', () => {
    const text = chartDocument({
      title: 'Risk & <coverage>',
      marks: '<path d="M0 0L1 1"/>',
      width: 300,
      height: 200,
      keys: [key('YOLO+CLIP')],
      caption: 'revision 3 · IoU >= threshold',
    });
    expect(text).toContain('Risk &amp; &lt;coverage&gt;');
    expect(text).toContain('stroke-dasharray="3 3"');
    expect(text).toContain('revision 3 · IoU &gt;= threshold');
    expect(text).not.toMatch(/href|url\(|<script|<style|var\(--/);
    expect(isWellFormed(text)).toBe(true);
  });

  it('is well formed whatever the texts hold', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (title, caption) => {
        const text = chartDocument({ title, marks: '', width: 100, height: 50, keys: [key(title)], caption });
        expect(isWellFormed(text)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('puts keys on further lines where they do not fit', () => {
    const places = placeKeys([key('a'), key('b'), key('c'.repeat(40))], 200);
    expect(places.map(({ line }) => line)).toEqual([0, 0, 1]);
    expect(places[2]?.x).toBe(0);
  });

  it('wraps captions between words', () => {
    expect(wrapText('one two three', 8)).toEqual(['one two', 'three']);
    expect(wrapText('', 8)).toEqual([]);
  });
});
