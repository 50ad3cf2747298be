/** The tour is offered once to a person, and never where it is not wanted. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TourKeeper } from '../../src/main/app/tour';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tour-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the tour', () => {
  it('is due until it has been taken or skipped, over restarts', () => {
    const file = join(folder, 'tour-over');
    const first = new TourKeeper(file, []);
    expect(first.isDue).toBe(true);
    expect(new TourKeeper(file, []).isDue).toBe(true);
    first.end();
    expect(first.isDue).toBe(false);
    expect(new TourKeeper(file, []).isDue).toBe(false);
  });

  it('is never due in a window that was opened without it', () => {
    expect(new TourKeeper(join(folder, 'tour-over'), ['electron', '.', '--no-tour']).isDue).toBe(false);
  });

  it('is over for this window even where nothing can be written', () => {
    const told = vi.spyOn(console, 'error').mockImplementation(() => {});
    const keeper = new TourKeeper(join(folder, 'missing', 'tour-over'), []);
    keeper.end();
    expect(keeper.isDue).toBe(false);
    expect(told).toHaveBeenCalledOnce();
    told.mockRestore();
  });
});
