/**
 * `node scripts/bench/window.mjs [pictures]`: in the real window, from a key press to the next picture painted, and from
 * a click to SAM's preview painted. Without a display, run it under xvfb-run. The application must have been built.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openWindow } from '../lib/window.mjs';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const count = Number(process.argv[2] ?? 30);
const folder = mkdtempSync(join(tmpdir(), 'grounding-bench-'));

/** @param {string} name @param {number[]} values */
function tell(name, values) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (/** @type {number} */ share) =>
    (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0).toFixed(0);
  console.log(`${name}: median ${at(0.5)} ms, 95th percentile ${at(0.95)} ms (${values.length})`);
}

const { app, page } = await openWindow(root, { folder });
try {
  await page
    .getByRole('listbox', { name: 'Expressions' })
    .getByRole('option')
    .first()
    .waitFor({ timeout: 60_000 });
  // Expressions of one picture follow one another: every step here is to another picture.
  const shown = await page.evaluate(async (wanted) => {
    const { workbench } = /** @type {any} */ (window);
    const listed = await workbench.browse.ids({ filter: { datasetId: 1 } });
    const rows = await workbench.browse.rows({ ids: [...listed.value.ids.slice(0, 500)], runIds: [] });
    const seen = new Set();
    return rows.value
      .filter((/** @type {any} */ { imageId }) => !seen.has(imageId) && seen.add(imageId))
      .map((/** @type {any} */ { id }) => id)
      .slice(0, wanted + 1);
  }, count);
  await page.evaluate(() => {
    /** Milliseconds from the newest key press or click until the condition holds in a painted frame. */
    /** @type {any} */ (window).until = (/** @type {string} */ event, /** @type {() => boolean} */ holds) =>
      new Promise((resolve, reject) => {
        setTimeout(() => reject(new Error(`Nothing came of a ${event} within 10 seconds.`)), 10_000);
        window.addEventListener(
          event,
          ({ timeStamp }) => {
            const look = () => {
              if (holds()) requestAnimationFrame(() => resolve(performance.now() - timeStamp));
              else requestAnimationFrame(look);
            };
            look();
          },
          { capture: true, once: true },
        );
      });
  });

  // Installed before the key is pressed: keys take another way into the page than what is evaluated there.
  const measured = () => page.evaluate(() => /** @type {any} */ (window).measured);
  /** @type {number[]} */
  const pictures = [];
  /** @type {number[]} */
  const expressions = [];
  await page.evaluate((id) => (location.hash = `#/inspect/${id}`), shown[0]);
  await page.locator('.stage .image').first().waitFor();
  await page.waitForTimeout(1_000);
  let ready = await page.evaluate(() => document.querySelector('.stage .image')?.getAttribute('src'));
  for (let step = 0; pictures.length < count && step < 40 * count; step += 1) {
    await page.evaluate((before) => {
      const { until } = /** @type {any} */ (window);
      const text = document.querySelector('.place')?.textContent;
      /** @type {any} */ (window).measured = until('keydown', () => {
        const image = /** @type {HTMLImageElement | null} */ (document.querySelector('.stage .image'));
        const isOther = image?.getAttribute('src') !== before;
        const isReady = document.querySelector('.view')?.getAttribute('aria-busy') === 'false';
        return Boolean(
          image?.complete && isReady && (isOther || document.querySelector('.place')?.textContent !== text),
        );
      });
    }, ready);
    await page.keyboard.press('j');
    const milliseconds = await measured();
    const source = await page.evaluate(() => document.querySelector('.stage .image')?.getAttribute('src'));
    (source === ready ? expressions : pictures).push(milliseconds);
    ready = source;
    await page.waitForTimeout(100);
  }
  tell('key press to next picture', pictures);
  tell('key press to next expression of the same picture', expressions);

  /** @type {number[]} */
  const clicks = [];
  for (const id of shown.slice(0, Math.min(count, 20))) {
    await page.evaluate((wanted) => (location.hash = `#/inspect/${wanted}`), id);
    await page.waitForTimeout(400);
    await page.keyboard.press('s');
    await page.getByText('Click it, or drag a box').waitFor({ timeout: 60_000 });
    const bounds = await page.locator('.stage .picture').first().boundingBox();
    if (!bounds) continue;
    for (const { x, y } of [
      { x: 0.5, y: 0.5 },
      { x: 0.3, y: 0.6 },
    ]) {
      await page.waitForTimeout(150);
      const before = await page.locator('[role=toolbar] .words').first().textContent();
      await page.evaluate((words) => {
        const { until } = /** @type {any} */ (window);
        /** @type {any} */ (window).measured = until('pointerup', () => {
          const now = document.querySelector('[role=toolbar] .words')?.textContent ?? '';
          return now !== words && /IoU|Nothing/.test(now);
        });
      }, before);
      await page.mouse.click(bounds.x + bounds.width * x, bounds.y + bounds.height * y);
      clicks.push(await measured());
      await page.keyboard.press('Backspace');
    }
    await page.keyboard.press('Escape');
  }
  tell('click to preview of SAM', clicks);
} finally {
  await app.close();
  rmSync(folder, { recursive: true, force: true });
}
