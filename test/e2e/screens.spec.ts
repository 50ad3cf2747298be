/** Every screen, in both themes and two sizes: no error in the console, nothing cut off, nothing that keeps somebody out. */
import { resizeWindow } from '../../scripts/lib/window.mjs';
import { barriers } from './support/accessibility';
import { demoIsShown, go } from './support/screens';
import { expect, test } from './support/workbench';

const screens = ['Browse', 'Inspect', 'Evaluate', 'Report', 'Datasets', 'Models', 'Jobs', 'Settings'];
const sizes = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
];

test('every screen is sound and accessible', async ({ open }) => {
  const { app, page, problems } = await open();
  await demoIsShown(page);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    for (const { width, height } of sizes) {
      await resizeWindow(app, { width, height });
      for (const screen of screens) {
        await test.step(`${screen}, ${colorScheme}, ${width} × ${height}`, async () => {
          await go(page, screen);
          await expect(page.getByRole('main')).toBeVisible();
          await page.waitForTimeout(150);
          const overflow = await page.evaluate(
            () => document.documentElement.scrollWidth - window.innerWidth,
          );
          expect.soft(overflow).toBeLessThanOrEqual(0);
          if (width === sizes[0]!.width) expect.soft(await barriers(page)).toEqual([]);
        });
      }
    }
  }
  expect(problems).toEqual([]);
});
