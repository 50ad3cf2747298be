/** Inspect as a person uses it: one picture tells the story, answers are compared, anything can be asked. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FileChooser } from '@playwright/test';
import sharp from 'sharp';
import { go } from './support/screens';
import { detailOf, isSaved, openInspect, predictFirst, screenPoint } from './support/inspect';
import { expect, root, test } from './support/workbench';

const demo = join(root, 'resources', 'datasets', 'emojiref');

test('compare answers, read the picture, ask, drop an image, add it', async ({ open }) => {
  const { page, problems } = await open();
  // Listened for from the beginning: the page must know, long before the key, that no dialog of the system is to open.
  const choosers: FileChooser[] = [];
  page.on('filechooser', (chooser) => choosers.push(chooser));
  const ids = await predictFirst(page, 12);
  const [id = 0] = ids;
  await openInspect(page, id);
  const detail = await detailOf(page, id);
  const stage = page.locator('.stage[role="group"]');

  await test.step('one to four panes show the same place at the same size', async () => {
    await page.keyboard.press('Shift+S');
    await expect(stage).toHaveCount(4);
    const place = await screenPoint(page, { x: 50, y: 50 });
    await page.mouse.move(place.x, place.y);
    await page.mouse.wheel(0, -300);
    await expect(page.getByRole('status', { name: 'Zoom', exact: true })).not.toHaveText('100%');
    const scales = await page
      .locator('.stage .picture')
      .evaluateAll((all) => all.map((picture) => new DOMMatrix(getComputedStyle(picture).transform).a));
    expect(new Set(scales.map((scale) => scale.toFixed(6))).size).toBe(1);
    await page.keyboard.press('Alt+g');
    await expect(stage).toHaveCount(3);
    await page.getByRole('button', { name: 'Pane of YOLO+CLIP' }).click();
    await page.getByRole('button', { name: 'Pane of BLIP+SAM' }).click();
    await expect(stage).toHaveCount(1);
    await page.keyboard.press('Shift+S');
  });

  await test.step('two answers are swiped by pointer and by key', async () => {
    await page.keyboard.press('Shift+W');
    const line = page.getByRole('slider', { name: 'Line between the two answers' });
    await expect(line).toHaveAttribute('aria-valuenow', '50');
    const bounds = (await line.boundingBox())!;
    await page.mouse.move(bounds.x + bounds.width / 2, bounds.y + 40);
    await page.mouse.down();
    await page.mouse.move(bounds.x - 150, bounds.y + 40, { steps: 4 });
    await page.mouse.up();
    const dragged = Number(await line.getAttribute('aria-valuenow'));
    expect(dragged).toBeLessThan(45);
    await line.focus();
    await page.keyboard.press('ArrowRight');
    await expect(line).toHaveAttribute('aria-valuenow', String(dragged + 2));
    await page.keyboard.press('Shift+W');
    await expect(line).toBeHidden();
  });

  await test.step('the pointer reads the exact colour, and how many methods claim the place', async () => {
    await page.keyboard.press('f');
    await page.keyboard.press('Shift+D');
    const box = detail.groundTruth!.box!;
    const place = { x: Math.floor(box.x + box.width / 2), y: Math.floor(box.y + box.height / 2) };
    const at = await screenPoint(page, { x: place.x + 0.5, y: place.y + 0.5 });
    await page.mouse.move(at.x, at.y, { steps: 3 });
    const { data } = await sharp(join(demo, detail.image.fileName))
      .removeAlpha()
      .extract({ left: place.x, top: place.y, width: 1, height: 1 })
      .raw()
      .toBuffer({ resolveWithObject: true });
    const reading = page.locator('.bar .reading');
    await expect(reading).toContainText(`${place.x}, ${place.y}`);
    await expect(reading).toContainText([...data].join(' '));
    await expect(reading).toContainText(/Claimed by \d of 3/);
    await page.keyboard.press('Shift+D');
  });

  await test.step('a proposal is marked in the list and on the picture together', async () => {
    await page.mouse.move(5, 5);
    const first = page.getByRole('list', { name: 'Proposals by similarity' }).getByRole('button').first();
    await first.hover();
    await expect(page.locator('.proposals .marked .line')).toHaveCount(1);
    await expect(page.locator('.proposals .text')).toContainText(/similarity/);
    await page.keyboard.press('p');
    const answer = detail.predictions.find(({ method }) => method === 'yolo-clip')!;
    const best = answer.evidence.method === 'yolo-clip' ? answer.evidence.proposals[0]!.box : answer.box!;
    const at = await screenPoint(page, { x: best.x + best.width / 2, y: best.y + best.height / 2 });
    await page.mouse.move(at.x, at.y, { steps: 3 });
    await expect(
      page.getByRole('list', { name: 'Proposals by similarity' }).locator('.row.marked'),
    ).toHaveCount(1);
    await page.keyboard.press('p');
  });

  await test.step('anything can be asked, again at once, and made an expression that undo takes out', async () => {
    await page.keyboard.press('a');
    await page.keyboard.type('the object on the left');
    await page.keyboard.press('Enter');
    await expect(page.getByText('Answers to your question')).toBeVisible({ timeout: 60_000 });
    const history = page.getByRole('list', { name: 'Asked about this image' });
    await expect(history).toContainText('the object on the left');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await expect(page.getByText('Answers to your question')).toBeHidden();
    await history.getByRole('button').first().click();
    await expect(page.getByText('Answers to your question')).toBeVisible({ timeout: 1_000 });
    await page.keyboard.press('i');
    const dialog = page.getByRole('dialog', { name: 'Add to dataset' });
    await dialog.getByRole('radio', { name: 'The answer of YOLO+CLIP' }).check();
    await dialog.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByRole('button', { name: 'Open it' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('the object on the left');
    const added = await detailOf(page, Number(/(\d+)$/.exec(page.url())?.[1]));
    expect(added).toMatchObject({ added: true, kind: 'added' });
    expect(added.groundTruth?.box).not.toBeNull();
    await page.keyboard.press('Control+z');
    await expect(page.getByRole('heading', { level: 1 })).not.toHaveText('the object on the left');
    await isSaved(page);
  });

  await test.step('an image dropped onto the window is asked about and added to a dataset of its own', async () => {
    const bytes = [...readFileSync(join(demo, detail.image.fileName))];
    const transfer = await page.evaluateHandle((content) => {
      const data = new DataTransfer();
      data.items.add(new File([Uint8Array.from(content)], 'holiday.webp', { type: 'image/webp' }));
      return data;
    }, bytes);
    await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('holiday.webp');
    await expect(page.getByText('stays on this machine')).toBeVisible();
    await page.keyboard.press('a');
    await page.keyboard.type(detail.text);
    await page.keyboard.press('Enter');
    await expect(page.getByText('Answers to your question')).toBeVisible({ timeout: 60_000 });
    await page.keyboard.press('Escape');
    await page.keyboard.press('i');
    const dialog = page.getByRole('dialog', { name: 'Add to dataset' });
    await dialog.getByRole('button', { name: 'Add', exact: true }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(detail.text);
    await go(page, 'Datasets');
    await expect(page.getByText('Added images', { exact: true }).first()).toBeVisible();
  });

  await test.step('what is no picture is refused with a reason', async () => {
    const transfer = await page.evaluateHandle(() => {
      const data = new DataTransfer();
      data.items.add(new File(['not a picture'], 'notes.png', { type: 'image/png' }));
      return data;
    });
    await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
    await expect(page.getByText(/is not a picture/).first()).toBeVisible();
  });

  await test.step('an image file is chosen by key, and let go again', async () => {
    await page.keyboard.press('Control+o');
    await expect.poll(() => choosers.length).toBe(1);
    await choosers[0]!.setFiles(join(demo, detail.image.fileName));
    await expect(page.getByText('stays on this machine')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page.getByText('stays on this machine')).toBeHidden();
  });
  expect(problems).toEqual([]);
});
