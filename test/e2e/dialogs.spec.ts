/** Every dialog that lies over the screens keeps nobody out, in both themes, and closes with Escape. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { barriers } from './support/accessibility';
import { makePackZip } from './support/pack-zip';
import { demoIsShown, go, jobEnds, startPrediction, valueOf } from './support/screens';
import { expect, root, test } from './support/workbench';

interface Dialog {
  name: string;
  open(page: Page): Promise<void>;
}

const press = (key: string) => (page: Page) => page.keyboard.press(key);
/** On a screen, a button. */
const button = (screen: string, name: string | RegExp) => async (page: Page) => {
  await go(page, screen);
  await page.getByRole('button', { name }).first().click();
};
/** On a screen, an entry of a button's menu. */
const menu = (screen: string, name: string, entry: string) => async (page: Page) => {
  await button(screen, name)(page);
  await page.getByRole('menuitem', { name: entry }).click();
};

const dialogs: Dialog[] = [
  { name: 'Find a command', open: press('Control+k') },
  { name: 'Keys', open: press('F1') },
  { name: 'Predict', open: press('Control+Enter') },
  { name: 'Export predictions', open: (page) => command(page, 'Export predictions') },
  { name: 'Views', open: menu('Browse', 'Views', 'Save as a view') },
  {
    name: 'Add to dataset',
    async open(page) {
      await go(page, 'Inspect');
      await page.getByPlaceholder('Ask: any expression').fill('the object on the left');
      await page.keyboard.press('Enter');
      await expect(page.getByText('Answers to your question')).toBeVisible({ timeout: 60_000 });
      await page.keyboard.press('Escape');
      await page.keyboard.press('i');
    },
  },
  { name: 'Runs', open: button('Evaluate', /runs?…$/) },
  { name: 'Save this evaluation', open: button('Evaluate', /^Save evaluation/) },
  {
    name: 'Delete the saved evaluation?',
    async open(page) {
      await go(page, 'Evaluate');
      await page.getByRole('tab', { name: 'Saved', exact: true }).click();
      await page.getByRole('tabpanel').getByRole('button', { name: 'Delete' }).click();
    },
  },
  { name: 'Import a dataset', open: button('Datasets', 'Import…') },
  { name: 'Export EmojiRef', open: menu('Datasets', 'More about EmojiRef', 'Export…') },
  { name: 'Remove EmojiRef?', open: menu('Datasets', 'More about EmojiRef', 'Remove…') },
  { name: 'Install a pack from a URL', open: menu('Models', 'Install a pack', 'From a URL…') },
  {
    name: 'Remove this pack?',
    async open(page) {
      await go(page, 'Models');
      await page.getByRole('article', { name: 'From afar' }).getByRole('button', { name: 'Remove' }).click();
    },
  },
  { name: 'Restore this backup?', open: button('Settings', 'Restore…') },
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

async function command(page: Page, name: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog', { name: 'Find a command' }).getByRole('combobox').fill(name);
  await page.keyboard.press('Enter');
}

/** What the sources call their dialogs; where a part is made of data, up to there. */
function titlesInSources(): string[] {
  const folder = join(root, 'src', 'renderer');
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.vue'),
  );
  return sources.flatMap((file) =>
    Array.from(
      readFileSync(join(folder, file), 'utf8').matchAll(/<AppDialog\b[^>]*?\s:?title="`?([^"`$]+)/g),
      ([, title = '']) => title,
    ),
  );
}

test('no dialog of the sources is left out here', () => {
  const titles = titlesInSources();
  expect(titles.length).toBeGreaterThan(10);
  const missing = titles.filter((title) => !dialogs.some(({ name }) => name.startsWith(title)));
  expect(missing).toEqual([]);
});

test('every dialog is accessible and closes with Escape', async ({ folder, open }) => {
  const pack = join(folder, 'pack.zip');
  await makePackZip(pack);
  const { page, problems } = await open();
  await demoIsShown(page);
  await startPrediction(page, 40);
  await jobEnds(page, 'predict');
  valueOf(await page.evaluate((path) => window.workbench.models.install({ path }), pack));
  valueOf(await page.evaluate(() => window.workbench.workspace.backup({})));
  await go(page, 'Evaluate');
  await page.getByRole('button', { name: /^Save evaluation/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByRole('dialog')).toBeHidden();

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
