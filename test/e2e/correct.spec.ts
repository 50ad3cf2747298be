/** Correct as a person uses it: geometry, text, labels, states and structure, undone and redone over a restart. */
import { tmpdir } from 'node:os';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { detailOf, isSaved, openInspect, predictFirst, screenPoint } from './support/inspect';
import { expect, openWorkbench, test } from './support/workbench';

test('correct by key, pointer and SAM; every step is undone after a restart', async ({ open }) => {
  const first = await open();
  const { page } = first;
  const ids = await predictFirst(page, 12);
  // One whose object another expression means too, so that it can be split.
  let id = 0;
  for (const each of ids) {
    const { siblings, groundTruth, predictions } = await detailOf(page, each);
    if (!predictions.some(({ method, box: answer }) => method === 'risclip' && answer)) continue;
    const shared = siblings.filter(({ referentId }) => referentId === groundTruth?.referentId);
    if (groundTruth && shared.length > 1 && siblings.length > shared.length) id = each;
  }
  expect(id).toBeGreaterThan(0);
  await openInspect(page, id);
  const original = await detailOf(page, id);
  const truth = original.groundTruth!;
  const box = truth.box!;
  const now = async () => (await detailOf(page, id)).groundTruth!;
  const undo = page.getByRole('button', { name: /^Undo/ });

  await test.step('edges are nudged by 1 and 10 pixels, each burst one labelled step', async () => {
    await page.keyboard.press('e');
    await page.keyboard.press('Alt+ArrowRight');
    await page.keyboard.press('Shift+ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    await expect(undo).toHaveAccessibleName('Undo: Nudge box');
    await isSaved(page);
    expect((await now()).box!.width).toBeCloseTo(box.width - 11, 6);
  });

  await test.step('numbers are typed, and Escape takes back a drag that has not ended', async () => {
    const tab = page.getByRole('tab', { name: 'Correct' });
    if (await tab.isVisible()) await tab.click();
    const left = page.getByRole('group', { name: 'Ground-truth box' }).getByLabel('Left');
    await left.fill('40');
    await left.press('Enter');
    await expect(undo).toHaveAccessibleName('Undo: Set box by numbers');
    await isSaved(page);
    const before = await now();
    expect(before.box!.x).toBe(40);
    const inside = await screenPoint(page, { x: 40 + before.box!.width / 2, y: box.y + box.height / 2 });
    await page.locator('.stage[role="group"]').first().focus();
    await page.mouse.move(inside.x, inside.y);
    await page.mouse.down();
    await page.mouse.move(inside.x + 60, inside.y + 30, { steps: 5 });
    await page.keyboard.press('Escape');
    await page.mouse.up();
    await isSaved(page);
    expect((await now()).box).toEqual(before.box);
  });

  await test.step('a box drawn to the edge of the image lies on it', async () => {
    await page.keyboard.press('n');
    const from = await screenPoint(page, { x: 100, y: 100 });
    const to = await screenPoint(page, { x: original.image.width - 2, y: original.image.height - 2 });
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move(to.x, to.y, { steps: 5 });
    await page.mouse.up();
    await isSaved(page);
    const drawn = (await now()).box!;
    expect(drawn.x + drawn.width).toBe(original.image.width);
    expect(drawn.y + drawn.height).toBe(original.image.height);
    await page.keyboard.press('Escape');
  });

  await test.step('SAM cuts out what is clicked, and the box is made of the mask', async () => {
    await page.keyboard.press('s');
    await expect(page.getByText('Click it, or drag a box')).toBeVisible({ timeout: 30_000 });
    const middle = await screenPoint(page, { x: box.x + box.width / 2, y: box.y + box.height / 2 });
    await page.mouse.click(middle.x, middle.y);
    await expect(page.getByText(/uessed IoU|guessed IoU/).first()).toBeVisible();
    await page.keyboard.press('Enter');
    await expect(undo).toHaveAccessibleName('Undo: Cut out by clicks');
    await isSaved(page);
    expect((await now()).mask).not.toBeNull();
    await page.keyboard.press('Escape');
  });

  await test.step('a method’s answer is accepted by one key', async () => {
    await page.keyboard.press('Shift+Digit3');
    await expect(undo).toHaveAccessibleName('Undo: Accept RisCLIP');
    await isSaved(page);
    expect((await now()).box).toEqual(original.predictions.find(({ method }) => method === 'risclip')!.box);
  });

  await test.step('text, note, states and what the expression means are steps too', async () => {
    await page.keyboard.press('F2');
    await page.getByLabel('Referring expression').fill('another text');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Shift+T');
    await expect(page.getByLabel('Note about the expression')).toBeFocused();
    await page.keyboard.type('two of them fit');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Shift+A');
    await expect(undo).toHaveAccessibleName('Undo: Mark as ambiguous');
    await page.keyboard.press('Alt+p');
    await expect(undo).toHaveAccessibleName('Undo: Split referent');
    await isSaved(page);
    const split = await detailOf(page, id);
    expect(split).toMatchObject({
      text: 'another text',
      note: 'two of them fit',
      reviewState: 'ambiguous',
    });
    expect(split.groundTruth!.referentId).not.toBe(truth.referentId);
    const history = page.getByRole('list', { name: 'Ground-truth history' });
    await expect(history.getByText('Split referent', { exact: true })).toBeAttached();
    await expect(history.getByText('Edit expression', { exact: true })).toBeAttached();
    // The next object that is not the expression's own.
    const objects = page.getByRole('list', { name: 'Objects of the image' });
    const merge = page.getByRole('button', { name: /^Same object: merge/ });
    await page.mouse.move(5, 5);
    for (let press = 0; press < 8 && !(await merge.isEnabled()); press += 1) await page.keyboard.press('u');
    await expect(merge).toBeEnabled();
    const count = await objects.locator('.object').count();
    await page.keyboard.press('Alt+m');
    await expect(objects.locator('.object')).toHaveCount(count - 1);
    await page.keyboard.press('Shift+V');
    await expect.poll(async () => (await detailOf(page, id)).groundTruth).toBeNull();
    await isSaved(page);
  });
  const last = await detailOf(page, id);
  expect(first.problems).toEqual([]);
  await first.close();

  const second = await open();
  await test.step('after a restart all of it is undone, and redone', async () => {
    // The window comes back with the same expression.
    await expect(second.page).toHaveURL(new RegExp(`#/inspect/${id}$`));
    await expect(second.page.locator('.view')).toHaveAttribute('aria-busy', 'false');
    await openInspect(second.page, id);
    expect(await detailOf(second.page, id)).toEqual(last);
    const steps = 11;
    for (let step = 0; step < steps; step += 1) {
      await second.page.keyboard.press('Control+z');
      await expect(second.page.getByRole('status', { name: 'Saved', exact: true })).toBeVisible();
    }
    await expect
      .poll(async () => {
        const { text, note, reviewState, groundTruth } = await detailOf(second.page, id);
        return { text, note, reviewState, box: groundTruth?.box, mask: groundTruth?.mask };
      })
      .toEqual({
        text: original.text,
        note: '',
        reviewState: 'unreviewed',
        box: truth.box,
        mask: truth.mask,
      });
    expect((await detailOf(second.page, id)).groundTruth).toMatchObject({
      referentId: truth.referentId,
      corrected: false,
    });
    await expect(second.page.getByRole('button', { name: 'Undo', exact: true })).toBeDisabled();
    await second.page.keyboard.press('Control+y');
    await expect
      .poll(async () => (await detailOf(second.page, id)).groundTruth!.box!.width)
      .not.toBe(box.width);
  });

  await test.step('every revision has a picture, and the original is one press away', async () => {
    const tab = second.page.getByRole('tab', { name: 'Correct' });
    if (await tab.isVisible()) await tab.click();
    const history = second.page.getByRole('list', { name: 'Ground-truth history' });
    await expect(history.locator('svg.thumbnail')).toHaveCount(await history.getByRole('listitem').count());
    // In the words of undo, also for what was undone and done again.
    for (const words of [
      'Imported original',
      'Nudge box',
      'Accept RisCLIP',
      'Undo: Accept RisCLIP',
      'Redo: Nudge box',
    ]) {
      await expect(history.getByText(words, { exact: true }).first()).toBeAttached();
    }
    await second.page.getByRole('button', { name: 'Back to the original' }).click();
    await expect.poll(async () => (await detailOf(second.page, id)).groundTruth!.box).toEqual(truth.box);
  });
  expect(second.problems).toEqual([]);
});

test('two windows cannot fight over one workspace', async ({ folder, open }) => {
  const first = await open();
  await expect(first.page.getByRole('navigation', { name: 'Screens' })).toBeVisible();
  await predictFirst(first.page, 1);
  const elsewhere = mkdtempSync(join(tmpdir(), 'grounding-second-'));
  const other = await openWorkbench({ folder: elsewhere, workspace: join(folder, 'workspace') });
  await expect(other.page.getByText('Another workbench has this workspace open.').first()).toBeVisible();
  await other.close();
  rmSync(elsewhere, { recursive: true, force: true });
});
