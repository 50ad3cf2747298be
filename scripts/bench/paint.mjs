/**
 * `node scripts/bench/paint.mjs`: strokes and a polygon of 200 corners on a picture of 48 million pixels that three
 * methods have answered, in the real window. Without a display, run it under xvfb-run. The application must have been built.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { runProgram } from '../lib/steps.mjs';
import { openWindow } from '../lib/window.mjs';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const demo = join(root, 'resources', 'datasets', 'emojiref');
const size = { width: 8_000, height: 6_000 };
const strokes = 8;
const movesEach = 60;
const folder = mkdtempSync(join(tmpdir(), 'grounding-bench-'));
const workspace = join(folder, 'workspace');

/** @param {string} name */
const lines = (name) =>
  readFileSync(join(demo, `${name}.jsonl`), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

/** The demo's first picture, enlarged, with its objects' boxes and their expressions. */
async function makeDataset() {
  const dataset = join(folder, 'large');
  mkdirSync(join(dataset, 'images'), { recursive: true });
  const [image] = lines('images');
  const file = 'images/large.jpg';
  await sharp(join(demo, image.file))
    .resize({ ...size, fit: 'fill' })
    .toFile(join(dataset, file));
  const referents = lines('referents')
    .filter((each) => each.image === image.id)
    .map((each) => {
      const box = each.box.map(
        (/** @type {number} */ value, /** @type {number} */ at) =>
          value * (at % 2 === 0 ? size.width / image.width : size.height / image.height),
      );
      return { ...each, box, mask: undefined };
    });
  const ids = new Set(referents.map(({ id }) => id));
  const expressions = lines('expressions').filter(({ referent }) => ids.has(referent));
  const write = (/** @type {string} */ name, /** @type {object[]} */ rows) =>
    writeFileSync(join(dataset, `${name}.jsonl`), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  write('images', [{ ...image, ...size, file }]);
  write('referents', referents);
  write('expressions', expressions);
  writeFileSync(join(dataset, 'dataset.json'), readFileSync(join(demo, 'dataset.json')));
  return dataset;
}

/** @param {string[]} args */
async function command(...args) {
  const cli = join(root, 'bin', 'grounding-workbench.mjs');
  const { code } = await runProgram(process.execPath, [cli, ...args, '--workspace', workspace], {
    cwd: root,
  });
  if (code !== 0) throw new Error(`${args[0]} failed.`);
}

/** Processor time of a process so far, in milliseconds (Linux). @param {number} pid */
function spentBy(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** The engine is the one child of the window's main process that is Node. @param {number} parent */
function engineOf(parent) {
  const children = readFileSync(`/proc/${parent}/task/${parent}/children`, 'utf8')
    .trim()
    .split(' ')
    .map(Number);
  const engine = children.find((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('engine'));
  if (!engine) throw new Error('The engine was not found among the processes.');
  return engine;
}

/** @param {string} name @param {number[]} values */
function tell(name, values) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (/** @type {number} */ share) =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  console.log(`${name}: median ${at(0.5)?.toFixed(0)} ms, worst ${at(1)?.toFixed(0)} ms (${values.length})`);
}

try {
  await command('import', await makeDataset(), '--name', 'Large');
  await command('predict', '--dataset', 'Large');
  const { app, page } = await openWindow(root, { folder });
  try {
    const engine = engineOf(app.process().pid ?? 0);
    const list = page.getByRole('listbox', { name: 'Expressions' });
    await list.getByRole('option').first().waitFor({ timeout: 60_000 });
    await page.evaluate((id) => {
      /** @type {any} */ (window).location.hash = `#/inspect/${id}`;
    }, 1);
    await page.locator('.stage .image').first().waitFor();
    await page.waitForTimeout(5_000);
    const session = await page.context().newCDPSession(page);
    // Of the page's main thread, by the processor: what others do beside it does not count.
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    const spentByPage = async () => {
      const { metrics } = await session.send('Performance.getMetrics');
      return 1_000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0);
    };
    const saved = () => page.getByRole('status', { name: 'Saved', exact: true }).waitFor();
    const bounds = await page.locator('.stage .picture').first().boundingBox();
    if (!bounds) throw new Error('There is no picture.');
    const move = (/** @type {number} */ x, /** @type {number} */ y) =>
      page.mouse.move(bounds.x + bounds.width * x, bounds.y + bounds.height * y);
    await page.keyboard.press('b');
    for (let press = 0; press < 18; press += 1) await page.keyboard.press(']');
    /** @type {Record<'drawing' | 'page' | 'engine' | 'clock', number[]>} */
    const spent = { drawing: [], page: [], engine: [], clock: [] };
    for (let stroke = 0; stroke < strokes; stroke += 1) {
      await move(0.1 + 0.08 * stroke, 0.2);
      await page.mouse.down();
      const before = await spentByPage();
      for (let at = 0; at < movesEach; at += 1) await move(0.1 + 0.08 * stroke + 0.002 * at, 0.2 + 0.01 * at);
      spent.drawing.push(((await spentByPage()) - before) / movesEach);
      const [pageBefore, engineBefore, startedAt] = [await spentByPage(), spentBy(engine), performance.now()];
      await page.mouse.up();
      await saved();
      spent.clock.push(performance.now() - startedAt);
      spent.page.push((await spentByPage()) - pageBefore);
      // What the engine does after its answer, such as writing to the disk, belongs to it too.
      await page.waitForTimeout(500);
      spent.engine.push(spentBy(engine) - engineBefore);
    }
    tell('drawing, a move of the pointer, page by the processor', spent.drawing);
    tell('saving a stroke, page by the processor', spent.page);
    tell('saving a stroke, engine by the processor', spent.engine);
    tell('saving a stroke, by the clock', spent.clock);
    await page.keyboard.press('y');
    for (let corner = 0; corner < 200; corner += 1) {
      const angle = (corner / 200) * 2 * Math.PI;
      await move(0.5 + 0.35 * Math.cos(angle), 0.5 + 0.35 * Math.sin(angle));
      await page.mouse.down();
      await page.mouse.up();
    }
    const before = await spentByPage();
    for (let at = 0; at < movesEach; at += 1) await move(0.4 + 0.002 * at, 0.5);
    tell('200 corners, a move of the pointer, page by the processor', [
      ((await spentByPage()) - before) / movesEach,
    ]);
  } finally {
    await app.close();
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
