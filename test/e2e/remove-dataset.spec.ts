/** A dataset is removed in the window, and what is kept of it goes with it; a start later it is still gone. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { makeScaleWorkspaceWithPictures } from '../support/scale-workspace';
import { go, tiles } from './support/screens';
import { expect, test } from './support/workbench';

const scale = { images: 40, expressions: 4_000 };

test('a dataset is removed, and the one that Browse had shown is not there at the next start', async ({
  open,
  folder,
}) => {
  await makeScaleWorkspaceWithPictures(join(folder, 'workspace'), scale);
  const first = await open();
  await go(first.page, 'Browse');
  await expect(tiles(first.page).first()).toBeVisible();
  await first.close();
  expect(existsSync(join(folder, 'workspace', 'cache', 'browse-columns.sqlite'))).toBe(true);

  const second = await open();
  const { page, problems } = second;
  await go(page, 'Browse');
  await expect(tiles(page).first()).toBeVisible();
  await go(page, 'Datasets');
  await page.getByRole('button', { name: 'More about Scale' }).click();
  await page.getByRole('menuitem', { name: /^Remove/ }).click();
  await page.getByRole('button', { name: 'Remove the dataset' }).click();
  await expect(page.getByText('“Scale” was removed.')).toBeVisible();
  await expect(page.getByText('No dataset yet')).toBeVisible();
  expect(problems).toEqual([]);
  await second.close();

  const third = await open();
  await go(third.page, 'Datasets');
  await expect(third.page.getByRole('button', { name: 'More about Scale' })).toHaveCount(0);
  await third.close();
});
