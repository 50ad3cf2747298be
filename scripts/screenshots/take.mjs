/**
 * `take.mjs <folder> <out> [words]`: opens the built application on the folder's workspace and writes one WebP for each
 * screen, size and theme. Called by scripts/screenshots.mjs, which prepares all that is needed.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { openWindow, resizeWindow } from '../lib/window.mjs';
import { largeWindow, screens, smallWindow } from './screens.mjs';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const [folder = '', out = '', words = ''] = process.argv.slice(2);
const limit = 4_000_000;

mkdirSync(out, { recursive: true });
const { app, page } = await openWindow(root, { folder });
let bytes = 0;

/** Everything is painted: fonts, pictures, and nothing on the screen says that it is busy. */
async function settle() {
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  await page.waitForFunction(
    () =>
      [...document.images].every((image) => image.complete || image.getBoundingClientRect().width === 0) &&
      document.querySelector('main [aria-busy="true"]') === null,
    null,
    { timeout: 60_000 },
  );
  await page.waitForTimeout(400);
}

/** Where this machine keeps its folders is nobody's business: every such path begins in the home folder. */
async function hidePaths() {
  await page.evaluate(() => {
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
      const shown = text.nodeValue ?? '';
      const hidden = shown.replace(/\/\S*(?=\/(resources|workspace|user-data)\b)/, '/home/you/workbench');
      if (hidden !== shown) text.nodeValue = hidden;
    }
  });
}

/** @param {string} name */
async function write(name) {
  await hidePaths();
  const png = await page.screenshot({ animations: 'disabled', caret: 'hide' });
  const webp = await sharp(png).webp({ quality: 76, effort: 6, smartSubsample: true }).toBuffer();
  writeFileSync(join(out, `${name}.webp`), webp);
  bytes += webp.length;
}

try {
  await page
    .getByRole('listbox', { name: 'Expressions' })
    .getByRole('option')
    .first()
    .waitFor({ timeout: 60_000 });
  const wanted = screens.filter(({ name }) => words.split(/[\s,]+/).some((word) => name.includes(word)));
  for (const { name, hasDark = false, sizes = [smallWindow, largeWindow], show, leave } of wanted) {
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
    await resizeWindow(app, sizes[0] ?? smallWindow);
    await page.mouse.move(1, 1);
    await show(page);
    for (const theme of hasDark
      ? /** @type {const} */ (['light', 'dark'])
      : /** @type {const} */ (['light'])) {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
      for (const size of theme === 'dark' ? [smallWindow] : sizes) {
        await resizeWindow(app, size);
        await settle();
        await write(`${name}-${size.width}${theme === 'dark' ? '-dark' : ''}`);
      }
    }
    await leave?.(page);
    console.log(`  ${name}`);
  }
} finally {
  await app.close();
}
console.log(`${(bytes / 1e6).toFixed(1)} MB in ${out}`);
if (bytes > limit) throw new Error(`The pictures take more than ${limit / 1e6} MB.`);
