import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FrameTurns, LimitedTurns } from '../../../src/renderer/views/browse/turns';

const turnsOf = (distances: readonly number[], begun: number[]) =>
  distances.map((at) => ({ distance: () => at, begin: () => void begun.push(at) }));
const tick = () => Promise.resolve();

describe('turns by frames', () => {
  let frames: FrameRequestCallback[];
  let now: number;
  beforeEach(() => {
    [frames, now] = [[], 1_000];
    vi.stubGlobal('requestAnimationFrame', (frame: FrameRequestCallback) => frames.push(frame));
    vi.spyOn(performance, 'now').mockImplementation(() => now);
  });
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });
  function frame(milliseconds: number) {
    now += milliseconds;
    for (const each of frames.splice(0)) each(now);
  }

  it('begin at once where they are few', async () => {
    const begun: number[] = [];
    const turns = new FrameTurns();
    for (const turn of turnsOf([3, 1, 2], begun)) turns.ask(turn);
    expect(begun).toEqual([]);
    await tick();
    expect(begun).toEqual([1, 2, 3]);
  });

  it('begin with the nearest, and go on in the next frames', async () => {
    const begun: number[] = [];
    const turns = new FrameTurns();
    for (const turn of turnsOf(
      Array.from({ length: 40 }, (_, index) => 40 - index),
      begun,
    ))
      turns.ask(turn);
    await tick();
    const first = begun.length;
    expect(first).toBeLessThan(20);
    expect(begun[0]).toBe(1);
    frame(16);
    const second = begun.length - first;
    frame(60);
    const third = begun.length - first - second;
    // More after a short frame, fewer after a long one.
    expect(second).toBeGreaterThan(first);
    expect(third).toBeLessThan(second);
    for (let more = 0; more < 10; more += 1) frame(16);
    expect(begun).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
  });

  it('that are taken back never begin', async () => {
    const begun: number[] = [];
    const turns = new FrameTurns();
    const [wanted, unwanted] = turnsOf([1, 2], begun);
    turns.ask(wanted!);
    turns.ask(unwanted!)();
    await tick();
    expect(begun).toEqual([1]);
  });
});

describe('turns of a limited number', () => {
  it('begin as others end, the nearest first', async () => {
    const begun: number[] = [];
    const turns = new LimitedTurns(2);
    const ends = turnsOf([5, 1, 4, 2], begun).map((turn) => turns.ask(turn));
    await tick();
    expect(begun).toEqual([1, 2]);
    ends[1]?.();
    // One that ends twice makes room for one.
    ends[1]?.();
    await tick();
    expect(begun).toEqual([1, 2, 4]);
  });

  it('that are given up before make no room', async () => {
    const begun: number[] = [];
    const turns = new LimitedTurns(1);
    const ends = turnsOf([1, 2, 3], begun).map((turn) => turns.ask(turn));
    await tick();
    ends[1]?.();
    await tick();
    expect(begun).toEqual([1]);
    ends[0]?.();
    await tick();
    expect(begun).toEqual([1, 3]);
  });
});
