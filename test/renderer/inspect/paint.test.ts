import { beforeEach, describe, expect, it } from 'vitest';
import { runLengthBox } from '../../../src/common/geometry/rle';
import { useEditor } from '../../../src/renderer/stores/corrections-editor';
import { usePaint } from '../../../src/renderer/stores/corrections-paint';
import { useMaskTool } from '../../../src/renderer/stores/corrections-tool';
import { useInspect } from '../../../src/renderer/stores/inspect';
import { maskOf, originalBox, type FakeWorkbench } from './fake-workbench';
import { settled, setUp } from './setup';

let workbench: FakeWorkbench;
let paint: ReturnType<typeof usePaint>;
let maskTool: ReturnType<typeof useMaskTool>;

beforeEach(async () => {
  ({ workbench } = setUp());
  await useInspect().open(1);
  paint = usePaint();
  maskTool = useMaskTool();
});

const applied = () => workbench.calls.filter((call) => call === 'corrections.apply').length;
const truth = () => workbench.truths.get(1);

describe('a polygon that is being drawn', () => {
  const at = (x: number, y: number) => ({ x, y });

  it('has corners that can be moved, put in and taken out before it is closed', () => {
    maskTool.take('polygon');
    for (const corner of [at(10, 10), at(60, 10), at(60, 50)]) paint.addCorner(corner);
    paint.holdCorner(1);
    paint.moveCorner(at(70, 12));
    paint.letGo();
    expect(paint.corners).toEqual([at(10, 10), at(70, 12), at(60, 50)]);
    paint.insertCorner(3, at(30, 30));
    paint.moveCorner(at(20, 40));
    paint.letGo();
    expect(paint.corners).toEqual([at(10, 10), at(70, 12), at(60, 50), at(20, 40)]);
    paint.removeCorner(1);
    expect(paint.corners).toEqual([at(10, 10), at(60, 50), at(20, 40)]);
    expect(applied()).toBe(0);
  });

  it('has its corner back when the drag is cancelled, and is dropped by the next Escape', () => {
    maskTool.take('polygon');
    for (const corner of [at(10, 10), at(60, 10), at(60, 50)]) paint.addCorner(corner);
    paint.holdCorner(0);
    paint.moveCorner(at(30, 30));
    paint.cancel();
    expect(paint.corners[0]).toEqual(at(10, 10));
    paint.insertCorner(1, at(40, 20));
    paint.cancel();
    expect(paint.corners).toHaveLength(3);
    paint.cancel();
    expect(paint.corners).toEqual([]);
  });
});

it('the brush stays within what a picture of this size needs', () => {
  paint.brushSize = 9_000;
  expect(paint.brushSize).toBe(paint.largestBrush);
  for (let press = 0; press < 60; press += 1) paint.resizeBrush(-1);
  expect(paint.brushSize).toBe(1);
});

describe('brush and eraser', () => {
  it('make one step of a stroke, and a box that was the mask’s extent follows', async () => {
    maskTool.take('brush');
    paint.brushSize = 10;
    paint.beginStroke({ x: 70, y: 40 }, false);
    for (let x = 71; x <= 100; x += 1) paint.continueStroke([{ x, y: 40 }]);
    expect(applied()).toBe(0);
    paint.endStroke();
    await settled();
    expect(applied()).toBe(1);
    expect(truth()?.box).toEqual({ ...originalBox, width: 85 });
    expect(truth()?.mask && runLengthBox(truth()!.mask!)).toEqual(truth()?.box);
    expect(workbench.undoState().undo).toBe('Brush mask');
  });

  it('leave a box of its own alone', async () => {
    await useInspect().open(2);
    maskTool.take('brush');
    const { box } = workbench.truths.get(2)!;
    paint.beginStroke({ x: 10, y: 10 }, false);
    paint.endStroke();
    await settled();
    expect(workbench.truths.get(2)?.box).toEqual(box);
    expect(workbench.truths.get(2)?.mask).not.toBeNull();
  });

  it('change sides with the right button', async () => {
    maskTool.take('eraser');
    paint.beginStroke({ x: 90, y: 40 }, true);
    paint.endStroke();
    await settled();
    expect(workbench.undoState().undo).toBe('Brush mask');
    maskTool.take('brush');
    paint.beginStroke({ x: 90, y: 40 }, true);
    paint.endStroke();
    await settled();
    expect(truth()?.mask).toEqual(maskOf(originalBox));
  });

  it('save nothing where nothing changed or the stroke was dropped', async () => {
    maskTool.take('eraser');
    paint.beginStroke({ x: 150, y: 80 }, false);
    paint.endStroke();
    maskTool.take('brush');
    paint.beginStroke({ x: 150, y: 80 }, false);
    paint.drop();
    paint.endStroke();
    await settled();
    expect(applied()).toBe(0);
  });

  it('have a size between its limits that is remembered', () => {
    for (let press = 0; press < 99; press += 1) paint.resizeBrush(1);
    expect(paint.brushSize).toBe(200);
    for (let press = 0; press < 99; press += 1) paint.resizeBrush(-1);
    expect(paint.brushSize).toBe(1);
  });
});

describe('a polygon', () => {
  it('is one step when it is closed', async () => {
    maskTool.take('polygon');
    for (const [x, y] of [
      [20, 60],
      [40, 60],
      [40, 70],
      [20, 70],
    ] as const)
      paint.addCorner({ x, y });
    paint.closePolygon();
    await settled();
    expect(applied()).toBe(1);
    expect(truth()?.box).toEqual({ ...originalBox, height: 40 });
    expect(paint.corners).toEqual([]);
  });

  it('takes back corner by corner, and is dropped when another tool is taken', () => {
    maskTool.take('polygon');
    paint.addCorner({ x: 1, y: 1 });
    paint.addCorner({ x: 2, y: 2 });
    paint.dropCorner();
    expect(paint.corners).toEqual([{ x: 1, y: 1 }]);
    maskTool.take('brush');
    expect(paint.corners).toEqual([]);
  });
});

describe('the mask as a whole', () => {
  it('is cleared with the box kept', async () => {
    paint.clearMask();
    await settled();
    expect(truth()).toMatchObject({ box: originalBox, mask: null });
    expect(workbench.undoState().undo).toBe('Clear mask');
  });

  it('gives its extent to the box', async () => {
    workbench.truths.set(1, { box: { ...originalBox, x: 5 }, mask: maskOf(originalBox), revision: 0 });
    await useInspect().refresh();
    paint.boxFromMask();
    await settled();
    expect(truth()).toMatchObject({ box: originalBox, mask: maskOf(originalBox) });
    expect(useEditor().box).toEqual(originalBox);
  });
});
