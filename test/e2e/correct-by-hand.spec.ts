/** The ground truth under a person's hands, in the real window: eight handles, brush, eraser, polygon, overlapping objects, a save that fails. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { detailOf, isSaved, openInspect, predictFirst, screenPoint } from './support/inspect';
import { demoIsShown } from './support/screens';
import { expect, test } from './support/workbench';

test('handles, brush, eraser, polygon and numbers change what they say, each one step of undo', async ({
  open,
}) => {
  const { page, problems } = await open();
  const [id = 0] = await predictFirst(page, 1);
  await openInspect(page, id);
  const { image, groundTruth } = await detailOf(page, id);
  const box = groundTruth!.box!;
  const now = async () => (await detailOf(page, id)).groundTruth!;
  const undo = page.getByRole('button', { name: /^Undo/ });
  const tab = page.getByRole('tab', { name: 'Correct' });
  if (await tab.isVisible()) await tab.click();
  const drag = async (from: { x: number; y: number }, to: { x: number; y: number }) => {
    const [start, end] = [await screenPoint(page, from), await screenPoint(page, to)];
    await page.mouse.move(start.x, start.y);
    await page.mouse.down();
    await page.mouse.move(end.x, end.y, { steps: 6 });
    await page.mouse.up();
  };

  await test.step('each of the eight handles moves its own edges', async () => {
    const handles = {
      nw: [0, 0],
      n: [0.5, 0],
      ne: [1, 0],
      e: [1, 0.5],
      se: [1, 1],
      s: [0.5, 1],
      sw: [0, 1],
      w: [0, 0.5],
    };
    await page.keyboard.press('e');
    await expect(page.locator('.handle')).toHaveCount(8);
    for (const [handle, [x = 0, y = 0]] of Object.entries(handles)) {
      const from = { x: box.x + box.width * x, y: box.y + box.height * y };
      // Inwards, so that no edge reaches the image's border.
      const by = { x: x === 0 ? 6 : -6, y: y === 0 ? 6 : -6 };
      await drag(from, { x: from.x + by.x, y: from.y + by.y });
      await expect(undo).toHaveAccessibleName('Undo: Resize box');
      await isSaved(page);
      const changed = (await now()).box!;
      const moved = [
        Math.abs(changed.x - box.x) > 4 ? 'w' : '',
        Math.abs(changed.x + changed.width - box.x - box.width) > 4 ? 'e' : '',
        Math.abs(changed.y - box.y) > 4 ? 'n' : '',
        Math.abs(changed.y + changed.height - box.y - box.height) > 4 ? 's' : '',
      ].filter(Boolean);
      expect(moved.sort()).toEqual([...handle].sort());
      await page.keyboard.press('Control+z');
      await expect.poll(async () => (await now()).box).toEqual(box);
      await isSaved(page);
    }
    await page.keyboard.press('Escape');
  });

  await test.step('a brush adds, an eraser takes away, Escape drops the stroke in the hand', async () => {
    const before = (await now()).mask?.counts ?? '';
    const corner = { x: image.width * 0.9, y: image.height * 0.9 };
    const beside = { x: image.width * 0.9, y: image.height * 0.75 };
    await page.keyboard.press('b');
    const size = page.getByRole('slider', { name: 'Size' });
    const sizeBefore = Number(await size.inputValue());
    const turned = await screenPoint(page, corner);
    await page.mouse.move(turned.x, turned.y);
    await page.keyboard.down('Shift');
    await page.mouse.wheel(0, -100);
    await page.keyboard.up('Shift');
    await expect.poll(async () => Number(await size.inputValue())).toBeGreaterThan(sizeBefore);
    await drag(corner, beside);
    await expect(undo).toHaveAccessibleName('Undo: Brush mask');
    await isSaved(page);
    const brushed = (await now()).mask!.counts;
    expect(brushed).not.toBe(before);
    await page.keyboard.press('d');
    await drag(corner, beside);
    await expect(undo).toHaveAccessibleName('Undo: Erase mask');
    await isSaved(page);
    expect((await now()).mask?.counts ?? '').not.toBe(brushed);
    const kept = (await now()).mask?.counts ?? '';
    const start = await screenPoint(page, beside);
    await page.mouse.move(start.x, start.y);
    await page.mouse.down();
    await page.mouse.move(start.x - 30, start.y - 30, { steps: 4 });
    await page.keyboard.press('Escape');
    await page.mouse.up();
    await isSaved(page);
    expect((await now()).mask?.counts ?? '').toBe(kept);
    await page.keyboard.press('Escape');
  });

  await test.step('a polygon of forty corners is one step, and gives its extent to the box', async () => {
    await page.keyboard.press('y');
    const middle = { x: image.width / 2, y: image.height / 2 };
    const radius = Math.min(image.width, image.height) * 0.3;
    for (let corner = 0; corner < 40; corner += 1) {
      const angle = (corner / 40) * 2 * Math.PI;
      const at = await screenPoint(page, {
        x: middle.x + radius * Math.cos(angle),
        y: middle.y + radius * Math.sin(angle),
      });
      await page.mouse.click(at.x, at.y);
    }
    await expect(page.locator('.paint .corner')).toHaveCount(40);
    await page.keyboard.press('Backspace');
    await expect(page.locator('.paint .corner')).toHaveCount(39);
    const cornerOf = (angle: number, share = 1) =>
      screenPoint(page, {
        x: middle.x + share * radius * Math.cos(angle),
        y: middle.y + share * radius * Math.sin(angle),
      });
    // The tenth corner is pulled inwards; Escape puts it back, and the polygon stays.
    const tenth = await cornerOf((10 / 40) * 2 * Math.PI);
    const pulled = await cornerOf((10 / 40) * 2 * Math.PI, 0.8);
    const places = () =>
      page.locator('.paint .corner').evaluateAll((all) => all.map((corner) => corner.getAttribute('cy')));
    const before = await places();
    await page.mouse.move(tenth.x, tenth.y);
    await page.mouse.down();
    await page.mouse.move(pulled.x, pulled.y, { steps: 3 });
    expect(await places()).not.toEqual(before);
    await page.keyboard.press('Escape');
    await page.mouse.up();
    await expect.poll(places).toEqual(before);
    await page.keyboard.down('Alt');
    await page.mouse.click(tenth.x, tenth.y);
    await page.keyboard.up('Alt');
    await expect(page.locator('.paint .corner')).toHaveCount(38);
    // The edge across the gap takes a corner in its middle.
    const [left, right] = [await cornerOf((9 / 40) * 2 * Math.PI), await cornerOf((11 / 40) * 2 * Math.PI)];
    await page.keyboard.down('Shift');
    await page.mouse.click((left.x + right.x) / 2, (left.y + right.y) / 2);
    await page.keyboard.up('Shift');
    await expect(page.locator('.paint .corner')).toHaveCount(39);
    await page.keyboard.press('Enter');
    await expect(undo).toHaveAccessibleName('Undo: Add polygon to mask');
    await page.keyboard.press('m');
    await isSaved(page);
    const { box: extent, mask } = await now();
    expect(mask).not.toBeNull();
    expect(extent!.x).toBeLessThanOrEqual(middle.x - radius + 2);
    expect(extent!.x + extent!.width).toBeGreaterThanOrEqual(middle.x + radius - 2);
    await page.keyboard.press('Escape');
  });

  await test.step('a number may have a comma, nonsense is put back, stepping is one step', async () => {
    const left = page.getByRole('group', { name: 'Ground-truth box' }).getByLabel('Left');
    await left.fill('12,5');
    await left.press('Enter');
    await expect(undo).toHaveAccessibleName('Undo: Set box by numbers');
    await isSaved(page);
    expect((await now()).box!.x).toBe(12.5);
    await left.fill('nonsense');
    await left.press('Enter');
    await expect(left).toHaveValue('12.5');
    await left.focus();
    for (let press = 0; press < 3; press += 1) await page.keyboard.press('ArrowUp');
    await expect(left).toHaveValue('15.5');
    await isSaved(page);
    await left.press('Escape');
    await page.keyboard.press('Control+z');
    await expect.poll(async () => (await now()).box!.x).toBe(12.5);
  });

  await test.step('undo pressed quickly goes all the way back', async () => {
    for (let press = 0; press < 12; press += 1) await page.keyboard.press('Control+z');
    await expect.poll(now).toMatchObject({ box, mask: groundTruth!.mask, corrected: false });
    await expect(page.getByRole('button', { name: 'Undo', exact: true })).toBeDisabled();
  });
  expect(problems).toEqual([]);
});

test('what cannot be saved says why, stays, and is saved by itself once it can be', async ({
  folder,
  open,
}) => {
  const { page } = await open();
  const [id = 0] = await predictFirst(page, 1);
  await openInspect(page, id);
  const before = (await detailOf(page, id)).groundTruth!.box!;
  const other = new Database(join(folder, 'workspace', 'workspace.sqlite'));
  other.exec('BEGIN EXCLUSIVE');
  await page.keyboard.press('e');
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('status', { name: 'Not saved', exact: true })).toBeVisible({ timeout: 30_000 });
  await expect(
    page.getByRole('alert').filter({ hasText: 'Your work is kept on the screen (1 change)' }),
  ).toBeVisible();
  other.exec('ROLLBACK');
  other.close();
  await isSaved(page);
  expect((await detailOf(page, id)).groundTruth!.box!.x).toBe(before.x + 1);
});

test('of objects that lie over one another, the one that is meant is chosen by key', async ({ open }) => {
  const { page } = await open();
  await demoIsShown(page);
  const ids = await page.evaluate(async () => {
    const listed = await window.workbench.browse.ids({ filter: { datasetId: 1 } });
    return listed.ok ? [...listed.value.ids.slice(0, 200)] : [];
  });
  /** A place in two objects of an image. */
  const found = async () => {
    for (const id of ids) {
      const { groundTruth, otherObjects } = await detailOf(page, id);
      const boxes = [groundTruth?.box, ...otherObjects.map(({ box }) => box)].flatMap((box) =>
        box ? [box] : [],
      );
      for (const a of boxes)
        for (const b of boxes) {
          const left = Math.max(a.x, b.x);
          const right = Math.min(a.x + a.width, b.x + b.width);
          const top = Math.max(a.y, b.y);
          const bottom = Math.min(a.y + a.height, b.y + b.height);
          if (a !== b && right - left > 12 && bottom - top > 12)
            return { id, at: { x: (left + right) / 2, y: (top + bottom) / 2 }, count: boxes.length };
        }
    }
    throw new Error('No two objects overlap in the first scenes of the demo.');
  };
  const { id, at, count } = await found();
  await openInspect(page, id);
  const tab = page.getByRole('tab', { name: 'Correct' });
  if (await tab.isVisible()) await tab.click();
  const objects = page.getByRole('list', { name: 'Objects of the image' }).locator('.object');
  const picked = () =>
    objects.evaluateAll((all) => all.findIndex((each) => each.getAttribute('aria-pressed') === 'true'));
  const press = async () => {
    const before = await picked();
    await page.keyboard.press('u');
    await expect.poll(picked).not.toBe(before);
    return picked();
  };

  await test.step('under the pointer, one after the other and round', async () => {
    const place = await screenPoint(page, at);
    await page.mouse.move(place.x, place.y, { steps: 3 });
    const [first, second] = [await press(), await press()];
    expect(first).not.toBe(second);
    await expect(page.locator('.picked')).toHaveCount(1);
  });

  await test.step('beside the picture, among all of the image', async () => {
    await page.mouse.move(5, 5);
    const seen = new Set<number>();
    for (let round = 0; round < count; round += 1) seen.add(await press());
    expect(seen.size).toBe(count);
  });
});
