/** How long Browse takes to answer on a large workspace: filters, orders, the text search, counts and rows. */
import { browseFilter, browseSort, type BrowseFilterInput } from '../../src/common/contract';
import { addTestDataset, addTestRun, newTestWorkspace } from '../support/workspace';

type Conditions = Omit<BrowseFilterInput, 'datasetId'>;

const times = 25;

/** `images` with four expressions each and the answers of three methods to all of them. One line for each question. */
export async function bench(size: { images: number }, tell: (line: string) => void): Promise<void> {
  const { workspace, dispose } = await newTestWorkspace();
  try {
    const { datasetId, expressionIds } = addTestDataset(workspace, size);
    const runIds = (['yolo-clip', 'blip-sam', 'risclip'] as const).map((method) =>
      addTestRun(workspace, datasetId, method),
    );
    workspace.database.exec(`
      INSERT INTO predictions (run_id, expression_id, box_x, box_y, box_width, box_height, iou, answer_type,
        missing_reason, answered_text, timings)
      SELECT runs.id, expressions.id, 1, 1, 10, 10, (expressions.id * 7919 * runs.id % 1000) / 999.0,
        iif((expressions.id * 7919 * runs.id % 1000) / 999.0 >= 0.5, 1, 7), '', text, '[]'
      FROM runs, expressions ORDER BY runs.id, expressions.id`);
    tell(`${expressionIds.length} expressions on ${size.images} images, ${runIds.length} runs`);

    const { browse } = workspace.repositories;
    for (const [what, ask] of [
      ['first ids', () => browse.ids(browseFilter.parse({ datasetId }), browseSort.parse({}))],
      ['first facets', () => browse.facets(browseFilter.parse({ datasetId }), runIds)],
      ['first text', () => browse.ids(browseFilter.parse({ datasetId }), browseSort.parse({ by: 'text' }))],
    ] as const) {
      const start = performance.now();
      ask();
      tell(
        `${what} ${(performance.now() - start).toFixed(0)} ms  rss ${(process.memoryUsage().rss / 1e6).toFixed(0)} MB ab ${(process.memoryUsage().arrayBuffers / 1e6).toFixed(0)}`,
      );
    }
    const [first = 0, second = 0, third = 0] = runIds;
    const filterOf = (given: Conditions) => browseFilter.parse({ datasetId, ...given });
    const sortOf = (given: object = {}) => browseSort.parse(given);
    const wrongAndRight: Conditions = {
      results: [
        { runId: first, outcome: 'wrong' },
        { runId: third, outcome: 'right' },
      ],
    };
    const all = filterOf({});
    const ids = browse.ids(all, sortOf());
    const questions: Record<string, () => unknown> = {
      'filter: none': () => browse.ids(all, sortOf()),
      'filter: kind and split': () => browse.ids(filterOf({ kinds: ['colour'], splits: ['test'] }), sortOf()),
      'filter: words': () => browse.ids(filterOf({ text: 'red lef' }), sortOf()),
      'filter: phrase': () => browse.ids(filterOf({ text: '"left of"' }), sortOf()),
      'filter: length': () => browse.ids(filterOf({ lengthFrom: 3 }), sortOf()),
      'filter: an attribute': () => browse.ids(filterOf({ attributes: { chance: ['0.5'] } }), sortOf()),
      'filter: one wrong, one right': () => browse.ids(filterOf(wrongAndRight), sortOf()),
      'filter: disagreement of three': () => browse.ids(filterOf({ disagreement: runIds }), sortOf()),
      'order: IoU': () => browse.ids(all, sortOf({ by: 'iou', runId: second })),
      'order: spread of IoU': () => browse.ids(all, sortOf({ by: 'spread', descending: true })),
      'order: text': () => browse.ids(all, sortOf({ by: 'text' })),
      'order: length, then IoU': () =>
        browse.ids(all, sortOf({ by: 'length' }), [sortOf({ by: 'iou', runId: first })]),
      'grouped by image': () => browse.idsByImage(all, sortOf(), []),
      'counts: all': () => browse.facets(all, runIds),
      'counts: one wrong, one right': () => browse.facets(filterOf(wrongAndRight), runIds),
      'rows: 200 in the middle': () => {
        const middle = ids.length >> 1;
        return browse.rows(Array.from(ids.subarray(middle, middle + 200)), runIds);
      },
    };
    for (const [name, ask] of Object.entries(questions)) tell(lineOf(name, measured(ask)));
  } finally {
    dispose();
  }
}

/** Milliseconds by the clock, ascending. */
function measured(ask: () => unknown): number[] {
  ask();
  return Array.from({ length: times }, () => {
    const start = performance.now();
    ask();
    return performance.now() - start;
  }).sort((a, b) => a - b);
}

function lineOf(name: string, sorted: readonly number[]): string {
  const at = (share: number) => (sorted[Math.ceil(share * sorted.length) - 1] ?? 0).toFixed(1).padStart(8);
  return `${name.padEnd(32)} median ${at(0.5)} ms   95th percentile ${at(0.95)} ms`;
}
