/**
 * `node scripts/bench/browse.mjs [--no-import] [expressions…]`: how long it takes to bring in a dataset like RefCOCOg with
 * three files of answers, and how long Browse takes to answer on workspaces of so many expressions (100,000 and
 * 1,000,000). Each part runs in a process of its own, so that its memory is its own. Files lie in the temporary folder.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withModule } from './module.mjs';

const imagesPerExpression = 0.26;

/** @param {number} expressions */
const scaleOf = (expressions) => ({ expressions, images: Math.round(expressions * imagesPerExpression) });

/** @type {Record<string, (module: Record<string, any>, argument: string, folder: string) => Promise<unknown>>} */
const parts = {
  import: (module, expressions) => module.benchImport(scaleOf(Number(expressions))),
  make: (module, expressions, folder) =>
    module.makeScaleWorkspace(folder, scaleOf(Number(expressions)), '/nowhere'),
  unread: (module, _, folder) => module.benchAsk(folder, 'unread'),
  'at-once': (module, _, folder) => module.benchAsk(folder, 'at-once'),
  'after-a-pause': (module, _, folder) => module.benchAsk(folder, 'after-a-pause'),
};

/** @param {string} part @param {number} expressions @param {string} folder */
function runPart(part, expressions, folder) {
  const answer = join(folder, 'answer.json');
  const given = [fileURLToPath(import.meta.url), '--part', part, String(expressions), folder, answer];
  const { status } = spawnSync(process.execPath, ['--max-old-space-size=8000', ...given], {
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error(`The part "${part}" failed.`);
  return JSON.parse(readFileSync(answer, 'utf8'));
}

/** @param {string[]} heads @param {(string | number)[][]} rows */
function table(heads, rows) {
  const cells = [heads, heads.map((_, column) => (column === 0 ? '-' : '-:')), ...rows];
  for (const row of cells) console.log(`| ${row.join(' | ')} |`);
  console.log('');
}

/** @param {number} milliseconds */
const shown = (milliseconds) =>
  milliseconds >= 1_000 ? `${(milliseconds / 1_000).toFixed(1)} s` : `${milliseconds.toFixed(1)} ms`;

/** @param {string} head @param {any[]} measured */
function timesTable(head, measured) {
  table(
    [head, 'times', 'median', '95th percentile', 'most', 'median by the processor', '95th by the processor'],
    measured.map(({ what, count, median, p95, most, processorMedian, processorP95 }) => [
      what,
      count,
      ...[median, p95, most, processorMedian, processorP95].map(shown),
    ]),
  );
}

const [flag, part = '', expressions = '', partFolder = '', answerPath = ''] = process.argv.slice(2);
if (flag === '--part') {
  await withModule('browse', async (module) => {
    const answer = await parts[part]?.(module, expressions, join(partFolder, 'workspace'));
    writeFileSync(answerPath, JSON.stringify(answer ?? null));
  });
} else {
  const given = process.argv.slice(2);
  const sizes = given.filter((each) => /^\d+$/.test(each)).map(Number);
  const folder = mkdtempSync(join(tmpdir(), 'grounding-bench-'));
  console.log(`${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}\n`);
  try {
    if (!given.includes('--no-import')) {
      const durations = runPart('import', 95_457, folder);
      table(
        [
          '95,457 expressions on 25,799 images',
          'by the clock',
          'by the processor',
          'longest turn by the processor',
        ],
        durations.map((/** @type {any} */ { what, seconds, processorSeconds, longestTurn }) => [
          what,
          `${seconds.toFixed(1)} s`,
          `${processorSeconds.toFixed(1)} s`,
          longestTurn === null ? '' : shown(longestTurn),
        ]),
      );
    }
    for (const size of sizes.length > 0 ? sizes : [100_000, 1_000_000]) {
      const own = join(folder, String(size));
      mkdirSync(own);
      runPart('make', size, own);
      const unread = runPart('unread', size, own);
      const atOnce = runPart('at-once', size, own);
      const { measured, memory, open } = runPart('after-a-pause', size, own);
      const { firstSorts } = atOnce;
      const shownSize = size.toLocaleString('en');
      timesTable(`${shownSize} expressions, right after they were stored`, unread.measured);
      timesTable(`${shownSize}, everything for the first time after a start`, atOnce.measured);
      timesTable(`${shownSize}, after a moment`, measured);
      console.log(`Opened in ${shown(open)}.\n`);
      table(
        ['slowest orders for the first time', 'takes'],
        firstSorts
          .slice(0, 6)
          .map((/** @type {any} */ { name, milliseconds }) => [name, shown(milliseconds)]),
      );
      table(
        ['memory', 'megabytes'],
        memory.map((/** @type {any} */ { when, megabytes }) => [when, megabytes]),
      );
      rmSync(own, { recursive: true, force: true });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
