/** Everything that Browse filters, orders and lays out by, in the real window: each changes the list as it says. */
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import type { BrowseFilterInput } from '../../src/common/contract';
import type { Scale } from '../support/scale-data';
import { makeScaleWorkspaceWithPictures } from '../support/scale-workspace';
import { barriers } from './support/accessibility';
import { grid, tiles, valueOf } from './support/screens';
import { expect, test } from './support/workbench';

const scale: Scale = { images: 60, expressions: 600 };
type Condition = Omit<BrowseFilterInput, 'datasetId'>;

/** What the engine finds, which its own tests hold against SQL. */
async function found(page: Page, filter: Condition): Promise<number[]> {
  const ids = (wanted: Condition) =>
    window.workbench.browse
      .ids({ filter: { datasetId: 1, ...wanted } })
      .then((result) => (result.ok ? Array.from(result.value.ids) : []));
  return page.evaluate(ids, filter);
}

async function runOf(page: Page, method: string): Promise<number> {
  const runs = valueOf(await page.evaluate(() => window.workbench.runs.list({ datasetId: 1 })));
  return runs.find((run) => run.method === method)!.id;
}

const count = (page: Page) => page.locator('.terms .count strong');
async function showsAll(page: Page, ids: readonly number[]): Promise<void> {
  expect(ids.length).toBeGreaterThan(0);
  expect(ids.length).toBeLessThan(scale.expressions);
  await expect(count(page)).toHaveText(String(ids.length));
  await expect(tiles(page).first()).toHaveId(`tile-${ids[0]}`);
}

const search = (page: Page) => page.locator('#browse-search');
const filterPanel = (page: Page) => page.getByRole('complementary', { name: 'Filter' });
async function clear(page: Page): Promise<void> {
  await filterPanel(page).getByRole('button', { name: 'Clear all' }).click();
  await expect(count(page)).toHaveText(String(scale.expressions));
  await expect(search(page)).toHaveValue('');
}

/** A value of the panel under a title, with the count beside it. */
function value(page: Page, name: string): Locator {
  return filterPanel(page).locator('label', { hasText: name }).first();
}
async function choose(page: Page, name: string): Promise<number> {
  const told = Number((await value(page, name).locator('.count').textContent())?.replaceAll(',', ''));
  await value(page, name).locator('input').check();
  return told;
}

test.beforeEach(async ({ folder }) => {
  await makeScaleWorkspaceWithPictures(join(folder, 'workspace'), scale);
});

test('every facet of the filter keeps what it counts, and stands in the query, which can be edited', async ({
  open,
}) => {
  const { page, problems } = await open();
  await expect(count(page)).toHaveText(String(scale.expressions));
  const yolo = await runOf(page, 'yolo-clip');
  const risclip = await runOf(page, 'risclip');

  await test.step('values of the dataset: kind, split, category', async () => {
    for (const [name, query, filter] of [
      ['colour', 'kind:colour', { kinds: ['colour'] }],
      ['validation', 'split:validation', { splits: ['validation'] }],
      ['bicycle', 'category:bicycle', { categories: ['bicycle'] }],
    ] as const) {
      const told = await choose(page, name);
      const ids = await found(page, filter as unknown as Condition);
      expect(told).toBe(ids.length);
      await showsAll(page, ids);
      await expect(search(page)).toHaveValue(query);
      await clear(page);
    }
  });

  await test.step('the result of a method, and what is wrong with it', async () => {
    const wrong = filterPanel(page).getByRole('group', { name: 'RisCLIP: result' }).getByText('Wrong');
    await wrong.click();
    await showsAll(page, await found(page, { results: [{ runId: risclip, outcome: 'wrong' }] }));
    await expect(search(page)).toHaveValue('risclip:wrong');
    await clear(page);
    const errors = filterPanel(page).getByRole('list', { name: 'RisCLIP: what is wrong' });
    await errors.getByRole('checkbox').first().check();
    await showsAll(page, await found(page, { results: [{ runId: risclip, errors: ['no-prediction'] }] }));
    await expect(search(page)).toHaveValue('risclip:no-prediction');
    await clear(page);
  });

  await test.step('a range that is dragged over the bars of IoU', async () => {
    const bars = filterPanel(page).locator('.histogram .area').first();
    await bars.scrollIntoViewIfNeeded();
    const box = (await bars.boundingBox())!;
    await page.mouse.move(box.x + box.width * 0.22, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.48, box.y + box.height / 2, { steps: 4 });
    await page.mouse.up();
    await expect(search(page)).toHaveValue('yolo-clip:iou>=0.2 yolo-clip:iou<0.5');
    await showsAll(
      page,
      await found(page, { results: [{ runId: yolo, iouFrom: 0.2, iouTo: 0.5, openTo: true }] }),
    );
    // From both ends of the range by key.
    await filterPanel(page).getByRole('slider', { name: 'YOLO+CLIP: lowest IoU' }).press('ArrowRight');
    await expect(search(page)).toHaveValue('yolo-clip:iou>=0.25 yolo-clip:iou<0.5');
    await clear(page);
  });

  await test.step('where methods disagree', async () => {
    const told = await choose(page, 'Methods disagree');
    await expect(count(page)).toHaveText(String(told));
    await expect(search(page)).toHaveValue(/disagree/);
    await clear(page);
  });

  await test.step('the number of words', async () => {
    const bar = filterPanel(page).getByRole('button', { name: /^5 words: / });
    await bar.click();
    await showsAll(page, await found(page, { lengthFrom: 5, lengthTo: 5 }));
    await expect(search(page)).toHaveValue(/length/);
    await clear(page);
  });

  await test.step('words of the text, phrases, and a query that is wrong for a moment', async () => {
    await search(page).fill('"facing the camera" white');
    await showsAll(page, await found(page, { text: '"facing the camera" white' }));
    const before = await count(page).textContent();
    await search(page).fill('"facing the camera" white kind:nothing-of-that risclip:good');
    await expect(search(page)).toHaveAttribute('aria-invalid', 'true');
    await expect(count(page)).toHaveText(before ?? '');
    await search(page).fill('kind:colour risclip:right');
    await showsAll(
      page,
      await found(page, { kinds: ['colour'], results: [{ runId: risclip, outcome: 'right' }] }),
    );
    await expect(value(page, 'colour').locator('input')).toBeChecked();
    // A condition is taken back where it is listed.
    await page.getByRole('button', { name: 'RisCLIP right' }).click();
    await expect(search(page)).toHaveValue('kind:colour');
    await clear(page);
  });
  expect(problems).toEqual([]);
});

test('what is selected is labelled and reviewed at once, and then filtered by', async ({ open }) => {
  const { page, problems } = await open();
  await expect(count(page)).toHaveText(String(scale.expressions));
  const ids = await found(page, {});
  const selection = page.getByRole('group', { name: 'Selection' });

  // By the mouse alone, by Shift, and taken out again by key.
  await tiles(page).nth(0).hover();
  await tiles(page).nth(0).getByTitle('Select', { exact: true }).click();
  await expect(selection).toContainText('1 selected');
  await tiles(page).nth(0).click();
  await tiles(page)
    .nth(3)
    .click({ modifiers: ['Shift'] });
  await expect(selection).toContainText('4 selected');
  await page.keyboard.press('x');
  await expect(selection).toContainText('3 selected');

  await selection.getByRole('button', { name: 'Label', exact: true }).click();
  await page.getByRole('menuitem').first().click();
  await expect
    .poll(async () => (await rowsOf(page, ids.slice(0, 4))).map((row) => row.failureLabel !== null))
    .toEqual([true, true, true, false]);
  await selection.getByRole('button', { name: 'Review', exact: true }).click();
  await page.getByRole('menuitem', { name: /^Reviewed/ }).click();
  await expect.poll(() => found(page, { reviewStates: ['reviewed'] })).toEqual(ids.slice(0, 3));
  await selection.getByRole('button', { name: 'Clear' }).click();
  await expect(selection).toBeHidden();

  await search(page).fill('review:reviewed');
  await expect(count(page)).toHaveText('3');
  await expect(value(page, 'Reviewed')).toContainText('3');
  const [labelled] = await rowsOf(page, ids.slice(0, 1));
  await search(page).fill(`label:${labelled?.failureLabel}`);
  await expect(count(page)).toHaveText('3');

  // A correction makes its facet appear.
  await page.evaluate(
    (referentId) =>
      window.workbench.corrections.apply({
        change: {
          kind: 'ground-truth',
          referentId,
          expectedRevision: 0,
          box: { x: 5, y: 5, width: 40, height: 30 },
          mask: null,
          source: 'drawn',
        },
        label: 'Draw box',
      }),
    labelled?.referentId ?? 0,
  );
  await search(page).fill('');
  await expect(value(page, 'Corrected')).toBeVisible();
  await value(page, 'Corrected').locator('input').check();
  expect((await found(page, { corrected: true })).length).toBeGreaterThan(0);
  await expect(count(page)).toHaveText(String((await found(page, { corrected: true })).length));
  await expect(search(page)).toHaveValue(/corrected/);
  expect(problems).toEqual([]);
});

async function rowsOf(page: Page, ids: readonly number[]) {
  return valueOf(
    await page.evaluate((wanted) => window.workbench.browse.rows({ ids: wanted, runIds: [] }), [...ids]),
  );
}

test('a saved view keeps filter, orders, layout, columns, size and colours', async ({ open }) => {
  const { page, problems } = await open();
  await expect(count(page)).toHaveText(String(scale.expressions));
  const layout = (name: string) => page.getByRole('radio', { name, exact: true });
  const firstRect = tiles(page).first().locator('svg.overlay rect').last();

  await test.step('tiles: their size, and boxes coloured by result or method, shown or not', async () => {
    const widthOf = async () => (await tiles(page).first().boundingBox())?.width ?? 0;
    const medium = await widthOf();
    await layout('L').click();
    await expect.poll(widthOf).toBeGreaterThan(medium);
    await expect(firstRect).toHaveAttribute('stroke', /--overlay-(right|wrong)/);
    await page.getByRole('button', { name: /colour them by method/ }).click();
    await expect(firstRect).not.toHaveAttribute('stroke', /--overlay-(right|wrong)/);
    const boxes = tiles(page).nth(1).locator('svg.overlay rect');
    const before = await boxes.count();
    await page.getByRole('button', { name: 'Boxes of ground truth', exact: false }).click();
    await expect(boxes).toHaveCount(before - 1);
    await page.getByRole('button', { name: 'Boxes of ground truth', exact: false }).click();
  });

  await search(page).fill('kind:size');
  await page.getByRole('button', { name: /^Sort: / }).click();
  const order = page.getByRole('dialog', { name: 'Order of the list' });
  await order.getByLabel('Sort by').selectOption({ label: 'Split' });
  await order.getByRole('button', { name: 'Sort further by…' }).click();
  await order.getByLabel('Then by, place 2').selectOption({ label: 'Length of text' });
  await order.getByRole('button', { name: 'Ascending: turn it round' }).last().click();
  expect(await barriers(page, { include: '[role=dialog]' })).toEqual([]);
  await page.keyboard.press('Escape');
  const sorted = valueOf(
    await page.evaluate(() =>
      window.workbench.browse.ids({
        filter: { datasetId: 1, kinds: ['size'] },
        sort: { by: 'split' },
        thenBy: [{ by: 'length', descending: true }],
      }),
    ),
  ).ids;
  const option = (place: number) => grid(page).locator(`[role=option][aria-posinset="${place}"]`);
  await expect(option(1)).toHaveId(`tile-${sorted[0]}`);
  await layout('Table').click();
  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Words' }).click();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: /^Sort by Words, now descending/ })).toBeVisible();
  for (const place of [1, 2, 3]) await expect(option(place)).toHaveId(`line-${sorted[place - 1]}`);

  await page.getByRole('button', { name: /^Views/ }).click();
  await page.getByRole('menuitem', { name: /Save as a view/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Views' });
  await dialog.getByLabel('Save what is shown as').fill('Sizes by length');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toBeHidden();

  await page.getByRole('button', { name: /^Sizes by length|^Views/ }).click();
  await page.getByRole('menuitem', { name: 'Everything' }).click();
  await expect(count(page)).toHaveText(String(scale.expressions));
  await layout('Grid of pictures').click();
  await layout('S').click();
  await page.getByRole('button', { name: /colour them by result/ }).click();

  await page.getByRole('button', { name: /^Views/ }).click();
  await page.getByRole('menuitem', { name: /Sizes by length/ }).click();
  await expect(search(page)).toHaveValue('kind:size');
  await expect(page.getByRole('button', { name: 'Sort: Split +1' })).toBeVisible();
  await expect(option(1)).toHaveId(`line-${sorted[0]}`);
  await expect(page.getByRole('button', { name: /^Sort by Words/ })).toBeVisible();
  await layout('Grid of pictures').click();
  await expect(layout('L')).toBeChecked();
  await expect(page.getByRole('button', { name: /colour them by result/ })).toBeVisible();
  expect(problems).toEqual([]);
});

test('how the list looks is changed by key as well', async ({ open }) => {
  const { page, problems } = await open();
  await expect(count(page)).toHaveText(String(scale.expressions));
  await grid(page).focus();
  const radio = (name: string) => page.getByRole('radio', { name, exact: true });
  await page.keyboard.press(']');
  await expect(radio('L')).toBeChecked();
  await page.keyboard.press('[');
  await page.keyboard.press('[');
  await expect(radio('S')).toBeChecked();
  const boxes = tiles(page).nth(1).locator('svg.overlay rect');
  const before = await boxes.count();
  await page.keyboard.press('Alt+g');
  await expect(boxes).toHaveCount(before - 1);
  await page.keyboard.press('Alt+g');
  await page.keyboard.press('c');
  await expect(page.getByRole('button', { name: /colour them by result/ })).toBeVisible();
  await page.keyboard.press('i');
  await expect(grid(page).locator('.head').first()).toContainText('10 expressions');
  await page.keyboard.press('t');
  await expect(radio('Table')).toBeChecked();
  await expect(grid(page).getByRole('option').first()).toHaveId(/^line-/);
  // What was changed by key is there at the next start.
  await page.reload();
  await expect(radio('Table')).toBeChecked();
  expect(problems).toEqual([]);
});
