/** Browse on 20,000 expressions in the real window: found, ordered, grouped, scrolled to the end, walked through. */
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { boxIou } from '../../src/common/geometry/iou';
import { scaleAnswers, scaleDataset, type Scale } from '../support/scale-data';
import { makeScaleWorkspaceWithPictures } from '../support/scale-workspace';
import { grid, tiles } from './support/screens';
import { expect, test } from './support/workbench';

const scale: Scale = { images: 250, expressions: 20_000 };
/** Of the methods, in the order of their runs. */
const risclip = 2;

/** Every tile in sight has its row and its picture. */
async function isWhole(page: Page): Promise<void> {
  const missing = () =>
    grid(page).evaluate((list) => {
      const { top, bottom } = list.getBoundingClientRect();
      const inSight = [...list.querySelectorAll('.row:not(.spare) .tile')].filter((tile) => {
        const place = tile.getBoundingClientRect();
        return place.bottom > top && place.top < bottom;
      });
      const isMade = (tile: Element) => {
        const image = tile.querySelector('img');
        const isWaiting = tile.matches('.waiting') || tile.querySelector('.colours') !== null;
        return !isWaiting && image !== null && image.complete && image.naturalWidth > 0;
      };
      return inSight.length === 0 ? -1 : inSight.filter((tile) => !isMade(tile)).length;
    });
  await expect.poll(missing).toBe(0);
}

test('20,000 expressions are filtered, ordered, grouped, and walked through to the end', async ({
  folder,
  open,
}) => {
  const root = join(folder, 'workspace', 'source');
  await makeScaleWorkspaceWithPictures(join(folder, 'workspace'), scale);
  const dataset = scaleDataset(scale, root, 'Scale');
  const { expressions, referents } = dataset;
  const { page, problems } = await open();
  const mark = () => grid(page).getAttribute('aria-activedescendant');
  const firstId = Number((await tiles(page).first().getAttribute('id'))?.replace('tile-', ''));
  const idOf = (place: number) => firstId + place;
  await expect(tiles(page).first()).toHaveAttribute('aria-setsize', '20000');
  await isWhole(page);

  // To the end and back, by key.
  await grid(page).focus();
  await page.keyboard.press('End');
  await expect(page.locator(`#tile-${idOf(scale.expressions - 1)}`)).toHaveAttribute(
    'aria-posinset',
    '20000',
  );
  await isWhole(page);
  await expect(page.locator(`#tile-${idOf(scale.expressions - 1)}`)).toContainText(
    expressions.at(-1)?.text ?? '',
  );
  await page.keyboard.press('Home');
  await expect(page.locator(`#tile-${firstId}`)).toBeVisible();

  // By wheel and by the scroll bar, to places never seen before.
  const bounds = (await grid(page).boundingBox())!;
  await page.mouse.move(bounds.x + bounds.width / 2, bounds.y + bounds.height / 2);
  for (let turn = 0; turn < 10; turn += 1) await page.mouse.wheel(0, 700);
  await isWhole(page);
  await grid(page).evaluate((list) => (list.scrollTop = list.scrollHeight / 2));
  await isWhole(page);
  await expect(page.locator(`#tile-${firstId}`)).toHaveCount(0);

  // A query; the generated data says what it must find.
  const search = page.locator('#browse-search');
  await search.fill('kind:colour risclip:iou>=0.5 umbrella');
  await search.press('Enter');
  const boxes = [...scaleAnswers(dataset, risclip)].map(({ box }) => box);
  const truths = new Map(referents.map(({ key, box }) => [key, box]));
  const iouOf = (place: number) => {
    const [box, truth] = [boxes[place], truths.get(expressions[place]?.referentKey ?? '')];
    return box && truth ? boxIou(box, truth) : 0;
  };
  const wanted = expressions.flatMap(({ kind, text }, place) =>
    kind === 'colour' && / umbrella/.test(text) && iouOf(place) >= 0.5 ? [place] : [],
  );
  expect(wanted.length).toBeGreaterThan(20);
  await expect(tiles(page).first()).toHaveAttribute('aria-setsize', String(wanted.length));

  // The best of them first.
  await page.getByRole('button', { name: /^Sort: / }).click();
  const order = page.getByRole('dialog', { name: 'Order of the list' });
  await order.getByLabel('Sort by').selectOption({ label: 'IoU of RisCLIP' });
  await order.getByRole('button', { name: 'Ascending: turn it round' }).click();
  await page.keyboard.press('Escape');
  const sorted = wanted.toSorted((a, b) => iouOf(b) - iouOf(a) || a - b).map(idOf);
  const shownAt = (place: number) => grid(page).locator(`[role=option][aria-posinset="${place}"]`);
  for (const place of [1, 2, 3]) await expect(shownAt(place)).toHaveId(`tile-${sorted[place - 1]}`);
  await isWhole(page);

  // From one to the next and back, in that order.
  await grid(page).focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`#/inspect/${sorted[0]}$`));
  await page.keyboard.press('j');
  await expect(page).toHaveURL(new RegExp(`#/inspect/${sorted[1]}$`));
  await page.keyboard.press('j');
  await expect(page).toHaveURL(new RegExp(`#/inspect/${sorted[2]}$`));
  await page.keyboard.press('k');
  await expect(page).toHaveURL(new RegExp(`#/inspect/${sorted[1]}$`));
  await page.evaluate(() => (location.hash = '#/browse'));
  await expect.poll(mark).toBe(`tile-${sorted[1]}`);

  // Everything again, grouped by image.
  await page.getByRole('button', { name: 'Clear the query' }).click();
  await page.getByRole('button', { name: 'Keep the expressions of an image together' }).click();
  await expect(tiles(page).first()).toHaveAttribute('aria-setsize', '20000');
  await grid(page).focus();
  await page.keyboard.press('Home');
  await expect(grid(page).locator('.head').first()).toContainText('80 expressions');
  await page.keyboard.press('End');
  await isWhole(page);
  await expect(grid(page).locator('[role=option][aria-posinset="20000"]')).toBeVisible();
  expect(problems).toEqual([]);
});
