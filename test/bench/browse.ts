/** How long Browse takes to answer, and what memory that takes, through the engine's checked calls. */
import DatabaseConstructor from 'better-sqlite3';
import { join } from 'node:path';
import type { BrowseFilterInput, BrowseSort } from '../../src/common/contract';
import type { Result } from '../../src/common/errors';
import { unwrap } from '../../src/main/engine/commands/session';
import { openEngine } from './browse-import';
import { conditionsOf, everySort, searches, varied } from './browse-requests';
import { randomShares } from '../support/scale-data';

export { benchImport } from './browse-import';
export { makeScaleWorkspace, makeScaleWorkspaceWithPictures } from '../support/scale-workspace';

const requests = 240;
/** Of each kind of condition, and of each order. */
const requestsOfKind = 20;
const steps = 200;
const rowsOfScreen = 200;
const corrected = 12;
/** Milliseconds that a person looks at the first list. */
const pause = 10_000;

/**
 * Median, 95th percentile and most of what was measured, in milliseconds by the clock; and the 95th percentile by the
 * processor, in which nothing is that other processes do.
 */
export interface Measured {
  what: string;
  count: number;
  median: number;
  p95: number;
  most: number;
  processorMedian: number;
  processorP95: number;
}

/**
 * In which state Browse is asked, each in a process of its own: nothing of the workspace was ever read; what was read is kept
 * on the disk, and everything is asked at once and for the first time; or a person looks at the first list for a moment.
 */
export type AskedHow = 'unread' | 'at-once' | 'after-a-pause';

export interface AskResult {
  expressions: number;
  /** Milliseconds. */
  open: number;
  measured: Measured[];
  /** Each order of everything the first time that it is asked for, the slowest first. */
  firstSorts: { name: string; milliseconds: number }[];
  /** Megabytes resident. */
  memory: { when: string; megabytes: number }[];
}

/** `workspacePath`: a workspace made by `makeScaleWorkspace`, in a process that has done nothing else. */
export async function benchAsk(workspacePath: string, how: AskedHow): Promise<AskResult> {
  const memory: AskResult['memory'] = [];
  const noteMemory = (when: string) => {
    memory.push({ when, megabytes: Math.round(process.memoryUsage().rss / 1e6) });
  };
  noteMemory('before the workspace is open');
  const start = performance.now();
  const engine = await openEngine(workspacePath);
  const open = performance.now() - start;
  noteMemory('open');
  const times = new Map<string, number[]>();
  const processorTimes = new Map<string, number[]>();
  const measure = async <Value>(what: string, ask: () => Promise<Result<Value>>): Promise<Value> => {
    const [before, processorBefore] = [performance.now(), process.cpuUsage()];
    // As the answer goes to the window.
    const value = structuredClone(unwrap(await ask()));
    const { user, system } = process.cpuUsage(processorBefore);
    const note = (all: Map<string, number[]>, time: number) =>
      all.set(what, [...(all.get(what) ?? []), time]);
    note(times, performance.now() - before);
    note(processorTimes, (user + system) / 1e3);
    return value;
  };
  try {
    const { browse, corrections, datasets, runs: runCalls } = engine.client;
    const [dataset] = await measure('list of datasets', () => datasets.list({}));
    if (!dataset) throw new Error('The workspace is empty.');
    const datasetId = dataset.id;
    const runs = unwrap(await runCalls.list({ datasetId }));
    const runIds = runs.map(({ id }) => id);
    const everything: BrowseFilterInput = { datasetId };
    const { ids } = await measure('first list', () => browse.ids({ filter: everything }));
    const facets = await measure('first counts', () => browse.facets({ filter: everything, runIds }));
    noteMemory('first list and counts');
    const firstSorts: AskResult['firstSorts'] = [];
    const result = (): AskResult => ({
      expressions: ids.length,
      open,
      measured: [...times].map(([what, all]) => summary(what, all, processorTimes.get(what) ?? [])),
      firstSorts,
      memory,
    });

    if (how === 'unread') {
      await measure('what is read ahead, until it is kept', async () => {
        await untilKept(workspacePath);
        return { ok: true, value: null };
      });
      return result();
    }
    const conditions = conditionsOf(runs, facets, randomShares(7));
    const list = (what: string, filter: Partial<BrowseFilterInput>, sort?: BrowseSort) =>
      measure(what, () => browse.ids({ filter: { datasetId, ...filter }, ...(sort && { sort }) }));
    if (how === 'at-once') {
      for (const text of searches) await list('each text search for the first time', { text });
      for (const { make } of conditions) await list('each condition for the first time', make());
      const what = 'each order for the first time';
      for (const { name, sort } of everySort(runs)) {
        await measure(what, () => browse.ids({ filter: everything, sort }));
        firstSorts.push({ name, milliseconds: times.get(what)?.at(-1) ?? 0 });
      }
      firstSorts.sort((a, b) => b.milliseconds - a.milliseconds);
      return result();
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
    for (const { sort } of everySort(runs)) {
      await measure('each order for the first time, after a pause', () =>
        browse.ids({ filter: everything, sort }),
      );
    }

    for (const { name, make } of conditions) {
      for (let request = 0; request < requestsOfKind; request += 1) await list(`filter by ${name}`, make());
    }
    const sorts = everySort(runs);
    for (let request = 0; request < requestsOfKind; request += 1) {
      for (const { sort } of sorts) {
        const { make } = conditions[request % conditions.length] ?? { make: () => ({}) };
        await list(`order by ${sort.by}, filtered`, make(), sort);
      }
    }
    const asked = varied(datasetId, runs, facets);
    for (let request = 0; request < requests; request += 1) {
      const { value } = asked.next();
      await measure('any combination: filter and order', () => browse.ids(value));
      await measure('any combination: its counts', () => browse.facets({ filter: value.filter, runIds }));
    }
    for (let step = 0; step < steps; step += 1) {
      const index = Math.floor(((step * 0.618) % 1) * (ids.length - rowsOfScreen));
      await measure('next by index, with its row', () => browse.rows({ ids: [ids[index + 1] ?? 0], runIds }));
      if (step % 4 > 0) continue;
      const screen = Array.from(ids.subarray(index, index + rowsOfScreen));
      await measure('200 rows for the grid', () => browse.rows({ ids: screen, runIds }));
    }
    for (let change = 0; change < corrected; change += 1) {
      const [row] = unwrap(await browse.rows({ ids: [ids[change * 1_000] ?? 0], runIds }));
      if (!row?.referentId) continue;
      const box = { x: 5, y: 5, width: 50 + change, height: 60 };
      const given = { kind: 'ground-truth', referentId: row.referentId, expectedRevision: 0, box } as const;
      const label = 'Draw box';
      await measure('a correction', () =>
        corrections.apply({ change: { ...given, mask: null, source: 'drawn' }, label }),
      );
      const sort: BrowseSort = {
        by: 'iou',
        runId: runIds[change % runIds.length] ?? null,
        descending: false,
      };
      await measure('order by IoU after a correction', () => browse.ids({ filter: everything, sort }));
    }
    noteMemory('after all requests');
    return result();
  } finally {
    await engine.close();
  }
}

/** The engine reads ahead while nobody asks; it has ended when the last part, the order by text, is kept. */
async function untilKept(workspacePath: string): Promise<void> {
  const database = new DatabaseConstructor(join(workspacePath, 'workspace.sqlite'), { readonly: true });
  const kept = database
    .prepare("SELECT count(*) FROM kept_parts WHERE what IN ('texts', 'attributes')")
    .pluck();
  try {
    while ((kept.get() as number) < 2) await new Promise((resolve) => setTimeout(resolve, 100));
  } finally {
    database.close();
  }
}

function summary(what: string, all: readonly number[], processor: readonly number[]): Measured {
  const at = (times: readonly number[], share: number) =>
    times.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(share * times.length) - 1)] ?? 0;
  return {
    what,
    count: all.length,
    median: at(all, 0.5),
    p95: at(all, 0.95),
    most: at(all, 1),
    processorMedian: at(processor, 0.5),
    processorP95: at(processor, 0.95),
  };
}
