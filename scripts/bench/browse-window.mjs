/**
 * `node scripts/bench/browse-window.mjs [expressions]`: the grid of 100,000 expressions in the real window, scrolled by
 * wheel, by the scroll bar and by key. Without a display, run it under xvfb-run. The application must have been built.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openWindow } from '../lib/window.mjs';
import { withModule } from './module.mjs';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const expressions = Number(process.argv[2] ?? 100_000);
const folder = process.argv[3] ?? mkdtempSync(join(tmpdir(), 'grounding-bench-'));

if (!process.argv[3]) {
  await withModule('browse', (module) =>
    module.makeScaleWorkspaceWithPictures(join(folder, 'workspace'), {
      expressions,
      images: Math.round(expressions * 0.26),
    }),
  );
}
const { app, page } = await openWindow(root, { folder });
console.log(`${cpus().length} × ${cpus()[0]?.model}, software rendering\n`);
console.log(
  '| scrolling | frames | median | 95th percentile | worst | over 50 ms | tiles with nothing | with colours only | whole after | longest task by the processor |',
);
console.log('| - | -: | -: | -: | -: | -: | -: | -: | -: | -: |');
try {
  const list = page.getByRole('listbox', { name: 'Expressions' });
  await list.getByRole('option').first().waitFor({ timeout: 120_000 });
  await page.evaluate(watchFrames);
  // Until the colours of all pictures are known, as they are a while after an import.
  while (!(await page.evaluate(coloursAreKnown))) await page.waitForTimeout(2_000);
  const mainThread = await watchMainThread();

  /** @param {string} what @param {() => Promise<void>} work */
  async function recorded(what, work) {
    await mainThread.start();
    await page.evaluate(() => /** @type {any} */ (window).frames.start());
    await work();
    const whole = await page.evaluate(() => /** @type {any} */ (window).frames.whole());
    const { times, blank, coloured, tiles } = await page.evaluate(() =>
      /** @type {any} */ (window).frames.stop(),
    );
    const busiest = await mainThread.stop();
    const sorted = [...times].sort((a, b) => a - b);
    const at = (/** @type {number} */ share) =>
      sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
    const share = (/** @type {number} */ part, /** @type {number} */ all) =>
      `${all === 0 ? 0 : ((100 * part) / all).toFixed(1)} %`;
    const slow = times.filter((/** @type {number} */ time) => time > 50).length;
    const cells = [at(0.5), at(0.95), at(1)].map((time) => `${time.toFixed(0)} ms`);
    console.log(
      `| ${what} | ${times.length} | ${cells.join(' | ')} | ${share(slow, times.length)} | ${share(blank, tiles)} | ${share(coloured, tiles)} | ${whole.toFixed(0)} ms | ${busiest.toFixed(0)} ms |`,
    );
    await page.waitForTimeout(1_500);
  }

  const bounds = await list.boundingBox();
  if (!bounds) throw new Error('The list is not shown.');
  const offset = () => list.evaluate((element) => element.scrollTop);
  await page.mouse.move(bounds.x + bounds.width / 2, bounds.y + bounds.height / 2);
  await recorded('standing still', () => page.waitForTimeout(3_000));
  /** @param {number} pixels @param {number} times */
  const wheel = async (pixels, times) => {
    for (let turn = 0; turn < times; turn += 1) {
      await page.mouse.wheel(0, pixels);
      await page.waitForTimeout(16);
    }
  };
  await recorded('wheel, slowly (100 pixels a turn)', () => wheel(100, 120));
  await recorded('wheel, fast (600 pixels a turn)', () => wheel(600, 120));
  await recorded('wheel, back over what was seen', () => wheel(-600, 120));
  await recorded('scroll bar, dragged over a third of the list', async () => {
    const x = bounds.x + bounds.width - 5;
    await page.mouse.move(x, bounds.y + 8);
    await page.mouse.down();
    for (let step = 1; step <= 120; step += 1) {
      await page.mouse.move(x, bounds.y + 8 + (step / 120) * (bounds.height / 3));
      await page.waitForTimeout(16);
    }
    await page.mouse.up();
  });
  if ((await offset()) < 10_000) throw new Error('The scroll bar was not taken hold of.');
  await list.focus();
  await recorded('Page Down, 20 times', async () => {
    for (let turn = 0; turn < 20; turn += 1) {
      await page.keyboard.press('PageDown');
      await page.waitForTimeout(120);
    }
  });
  await recorded('End and Home, 5 times each', async () => {
    for (let turn = 0; turn < 10; turn += 1) {
      await page.keyboard.press(turn % 2 === 0 ? 'End' : 'Home');
      await page.waitForTimeout(250);
    }
  });
  const metrics = await app.evaluate(({ app: electron }) =>
    electron
      .getAppMetrics()
      .map(({ type, name, memory }) => ({ type, name, kilobytes: memory.workingSetSize })),
  );
  console.log('\n| process | memory |\n| - | -: |');
  for (const { type, name, kilobytes } of metrics) {
    console.log(`| ${name ?? type} | ${Math.round(kilobytes / 1_000)} MB |`);
  }
} finally {
  await app.close();
  if (!process.argv[3]) rmSync(folder, { recursive: true, force: true });
}

/** In the page: whether the engine knows the colours of every picture; else it goes on finding them out. */
async function coloursAreKnown() {
  const api = /** @type {any} */ (window).workbench;
  const result = await api.images.colours({ from: 1_000_000_000 });
  return result.ok && result.value.complete;
}

/** Milliseconds of processor time in the longest task of the page's main thread: what other processes do is not in it. */
async function watchMainThread() {
  return {
    start: () =>
      app.evaluate(({ contentTracing }) =>
        contentTracing.startRecording({ included_categories: ['toplevel', 'devtools.timeline'] }),
      ),
    stop: async () => {
      const path = await app.evaluate(({ contentTracing }) => contentTracing.stopRecording());
      /** @type {{ traceEvents: any[] }} */
      const { traceEvents } = JSON.parse(readFileSync(path, 'utf8'));
      rmSync(path);
      const thread = traceEvents.find(
        ({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain',
      );
      const tasks = traceEvents.filter(
        ({ ph, pid, tid }) => ph === 'X' && pid === thread?.pid && tid === thread?.tid,
      );
      return Math.max(0, ...tasks.map(({ tdur = 0 }) => tdur)) / 1_000;
    },
  };
}

/** In the page: notes how long each frame takes, and how many tiles in sight have no picture when it is drawn. */
function watchFrames() {
  let [running, before] = [false, 0];
  /** @type {number[]} */
  let times = [];
  // Of the tiles in sight of all frames: with nothing where the picture will be, and with its colours.
  let [blank, coloured, tiles, blankNow, colouredNow] = [0, 0, 0, 0, 0];
  const list = document.getElementById('expression-list');
  const look = (/** @type {number} */ now) => {
    if (!running || !list) return;
    if (before > 0) times.push(now - before);
    before = now;
    const { top, bottom } = list.getBoundingClientRect();
    [blankNow, colouredNow] = [0, 0];
    for (const row of list.querySelectorAll('.rows > .row:not(.spare)')) {
      const place = row.getBoundingClientRect();
      if (place.bottom < top || place.top > bottom) continue;
      for (const tile of row.querySelectorAll('.tile')) {
        tiles += 1;
        if (tile.querySelector('.colours')) colouredNow += 1;
        else if (tile.matches('.waiting') || !tile.querySelector('.shown img')) blankNow += 1;
      }
    }
    blank += blankNow;
    coloured += colouredNow;
    requestAnimationFrame(look);
  };
  /** @type {any} */ (window).frames = {
    start() {
      [running, before, times, blank, coloured, tiles] = [true, 0, [], 0, 0, 0];
      requestAnimationFrame(look);
    },
    /** Milliseconds until every tile in sight has its picture. */
    whole: () =>
      new Promise((resolve) => {
        const begun = performance.now();
        const again = () =>
          requestAnimationFrame(() =>
            blankNow + colouredNow === 0 ? resolve(performance.now() - begun) : again(),
          );
        again();
      }),
    stop() {
      running = false;
      return { times, blank, coloured, tiles };
    },
  };
}
