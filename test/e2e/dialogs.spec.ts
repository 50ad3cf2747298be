/** Every dialog that lies over the screens keeps nobody out, in both themes, and closes with Escape. */
import type { Page } from '@playwright/test';
import { barriers } from './support/accessibility';
import { demoIsShown, go } from './support/screens';
import { expect, test } from './support/workbench';

const dialogs: { name: string; open(page: Page): Promise<void> }[] = [
  { name: 'Find a command', open: (page) => page.keyboard.press('Control+k') },
  { name: 'Keys', open: (page) => page.keyboard.press('F1') },
  { name: 'Predict', open: (page) => page.keyboard.press('Control+Enter') },
  {
    name: 'Key for “Go to Jobs”',
    async open(page) {
      await go(page, 'Settings');
      await page.getByLabel('Search actions').fill('go to jobs');
      await page.getByRole('button', { name: 'Change the key of Go to Jobs' }).click();
      // With words about what it gets in the way of.
      await page.keyboard.press('g');
    },
  },
];

test('every dialog is accessible and closes with Escape', async ({ open }) => {
  const { page, problems } = await open();
  await demoIsShown(page);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    for (const { name, open: show } of dialogs) {
      await test.step(`${name}, ${colorScheme}`, async () => {
        await show(page);
        const dialog = page.getByRole('dialog', { name });
        await expect(dialog).toBeVisible();
        expect.soft(await barriers(page, { include: '[role="dialog"]' })).toEqual([]);
        await page.keyboard.press('Escape');
        await expect(dialog).toBeHidden();
      });
    }
  }
  expect(problems).toEqual([]);
});
