/** The picture under the hand, and what lies over it: zoom, pan, pinch, maps, proposals, brightness, in the real window. */
import type { Locator, Page } from '@playwright/test';
import { detailOf, openInspect, predictFirst, screenPoint } from './support/inspect';
import { expect, test } from './support/workbench';

interface View {
  scale: number;
  /** Screen pixels. */
  origin: { x: number; y: number };
}

async function viewOf(page: Page): Promise<View> {
  const [origin, right] = await Promise.all([
    screenPoint(page, { x: 0, y: 0 }),
    screenPoint(page, { x: 1, y: 0 }),
  ]);
  return { scale: right.x - origin.x, origin };
}

/** The place of the picture that the screen shows there. */
function placeAt({ scale, origin }: View, { x, y }: { x: number; y: number }) {
  return { x: (x - origin.x) / scale, y: (y - origin.y) / scale };
}

/** The middle pixel's bytes of the first map over the picture: red, green, blue, opacity. */
function mapPixels(page: Page) {
  return page
    .locator('canvas.raster')
    .first()
    .evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      const shown = [...data].filter((value, index) => index % 4 === 3 && value > 0).length;
      return { text: [...data.slice(0, 4_000)].join(' '), shown };
    });
}

test('zoom, pan and pinch keep what is under the hand; a resize keeps the middle', async ({ open }) => {
  const { app, page, problems } = await open();
  const [id = 0] = await predictFirst(page, 1);
  await openInspect(page, id);
  const detail = await detailOf(page, id);
  const stage = page.locator('.stage[role="group"]').first();
  const bounds = (await stage.boundingBox())!;
  const at = { x: Math.round(bounds.x + bounds.width * 0.4), y: Math.round(bounds.y + bounds.height * 0.6) };
  const fitted = await viewOf(page);

  await test.step('the wheel zooms at the pointer', async () => {
    const before = placeAt(fitted, at);
    await page.mouse.move(at.x, at.y);
    for (let turn = 0; turn < 4; turn += 1) await page.mouse.wheel(0, -120);
    await expect.poll(async () => (await viewOf(page)).scale).toBeGreaterThan(fitted.scale * 2);
    const after = placeAt(await viewOf(page), at);
    expect(after.x).toBeCloseTo(before.x, 1);
    expect(after.y).toBeCloseTo(before.y, 1);
  });

  await test.step('the space bar and the middle button drag the picture', async () => {
    const before = placeAt(await viewOf(page), at);
    await page.keyboard.down('Space');
    await page.mouse.down();
    await page.mouse.move(at.x + 40, at.y - 25, { steps: 4 });
    await page.mouse.up();
    await page.keyboard.up('Space');
    await page.mouse.down({ button: 'middle' });
    await page.mouse.move(at.x + 60, at.y - 25, { steps: 4 });
    await page.mouse.up({ button: 'middle' });
    const after = placeAt(await viewOf(page), { x: at.x + 60, y: at.y - 25 });
    expect(after.x).toBeCloseTo(before.x, 1);
    expect(after.y).toBeCloseTo(before.y, 1);
    await expect(page.locator('.reading .place')).toContainText(
      `${Math.floor(before.x)}, ${Math.floor(before.y)}`,
    );
  });

  await test.step('another size of the window keeps scale and middle', async () => {
    const middle = (box: { x: number; y: number; width: number; height: number }) => ({
      x: box.x + box.width / 2,
      y: box.y + box.height / 2,
    });
    const before = await viewOf(page);
    const seen = placeAt(before, middle((await stage.boundingBox())!));
    await app.evaluate(({ BrowserWindow }) => {
      const window = BrowserWindow.getAllWindows()[0]!;
      const [width = 0, height = 0] = window.getContentSize();
      window.setContentSize(width - 120, height - 60);
    });
    await expect.poll(async () => (await stage.boundingBox())!.width).toBeLessThan(bounds.width);
    await expect
      .poll(async () => placeAt(await viewOf(page), middle((await stage.boundingBox())!)).x)
      .toBeCloseTo(seen.x, 1);
    expect((await viewOf(page)).scale).toBeCloseTo(before.scale, 6);
  });

  await test.step('two fingers hold the place between them', async () => {
    await page.keyboard.press('f');
    const box = (await stage.boundingBox())!;
    const centre = { x: Math.round(box.x + box.width / 2), y: Math.round(box.y + box.height / 2) };
    const start = await viewOf(page);
    const client = await page.context().newCDPSession(page);
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', spread: number) =>
      client.send('Input.dispatchTouchEvent', {
        type,
        touchPoints:
          type === 'touchEnd' ? [] : [-1, 1].map((side) => ({ x: centre.x + side * spread, y: centre.y })),
      });
    await touch('touchStart', 40);
    for (let spread = 50; spread <= 120; spread += 10) await touch('touchMove', spread);
    await touch('touchEnd', 0);
    const end = await viewOf(page);
    expect(end.scale / start.scale).toBeCloseTo(3, 2);
    expect(placeAt(end, centre).x).toBeCloseTo(placeAt(start, centre).x, 1);
  });

  await test.step('keys fit, show pixel as pixel, and go to the referent', async () => {
    const zoom = page.getByRole('status', { name: 'Zoom', exact: true });
    await page.keyboard.press('Shift+F');
    await expect(zoom).toHaveText('100%');
    const { x, y, width, height } = detail.groundTruth!.box!;
    await page.keyboard.press('z');
    const box = (await stage.boundingBox())!;
    const shown = await screenPoint(page, { x: x + width / 2, y: y + height / 2 });
    expect(shown.x).toBeCloseTo(box.x + box.width / 2, 0);
    expect(shown.y).toBeCloseTo(box.y + box.height / 2, 0);
    await page.keyboard.press('+');
    await page.keyboard.press('-');
    await page.keyboard.press('f');
    await expect(page.getByRole('button', { name: 'Fit the image into the window' })).toHaveAttribute(
      'aria-pressed',
      'true',
    );
  });
  expect(problems).toEqual([]);
});

test('glides to a zoom where motion is welcome, and ends where it would have jumped', async ({ open }) => {
  const { page } = await open();
  const [id = 0] = await predictFirst(page, 1);
  await openInspect(page, id);
  await page.keyboard.press('z');
  const there = await viewOf(page);
  await page.keyboard.press('f');
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  await page.keyboard.press('z');
  await expect.poll(async () => (await viewOf(page)).scale).toBeCloseTo(there.scale, 6);
});

test('maps, masks, proposals and the picture itself are shown as one wants them, by pointer and key', async ({
  open,
}) => {
  const { page, problems } = await open();
  const ids = await predictFirst(page, 12);
  // One whose heat map and proposals are there to look at.
  let id = 0;
  for (const each of ids) {
    const { predictions } = await detailOf(page, each);
    const rich = predictions.filter(
      ({ evidence }) =>
        (evidence.method === 'blip-sam' && evidence.heatMap && evidence.candidates.length > 0) ||
        (evidence.method === 'yolo-clip' && evidence.proposals.length > 1),
    );
    if (rich.length === 2) id = each;
  }
  expect(id).toBeGreaterThan(0);
  await openInspect(page, id);
  const evidence = page.getByRole('tab', { name: 'Evidence' });
  if (await evidence.isVisible()) await evidence.click();
  const map = page.locator('canvas.raster');

  await test.step('a heat map has colours, an opacity and a threshold', async () => {
    await page.keyboard.press('h');
    await expect(map).toHaveCount(1);
    const inferno = await mapPixels(page);
    await page.keyboard.press('Alt+c');
    await expect.poll(async () => (await mapPixels(page)).text).not.toBe(inferno.text);
    await page.getByLabel('Colours of maps').selectOption('inferno');
    await expect.poll(async () => (await mapPixels(page)).text).toBe(inferno.text);
    await page.keyboard.press('Alt+f');
    await expect(map).toHaveCSS('opacity', '0.65');
    await page.getByLabel('Heat map opacity').fill('0.4');
    await expect(map).toHaveCSS('opacity', '0.4');
    for (let press = 0; press < 6; press += 1) await page.keyboard.press('Alt+h');
    await expect(page.getByLabel('Hide below')).toHaveValue('0.3');
    await expect.poll(async () => (await mapPixels(page)).shown).toBeLessThan(inferno.shown);
    await page.getByLabel('Hide below').fill('0');
    await expect.poll(async () => (await mapPixels(page)).shown).toBe(inferno.shown);
    await page.keyboard.press('h');
    await expect(map).toHaveCount(0);
  });

  await test.step('RisCLIP has a coarse and a refined map, BLIP+SAM points and candidate masks', async () => {
    for (const key of ['l', 'Shift+L']) {
      await page.keyboard.press(key);
      await expect(map).toHaveCount(1);
      await page.keyboard.press(key);
    }
    const masks = page.getByRole('table', { name: 'Candidate masks' });
    await masks.getByRole('row').nth(1).hover();
    await expect(masks.locator('.row.marked')).toHaveCount(1);
  });

  await test.step('in a pane of its own, too, proposals are marked from both sides and chosen by a click', async () => {
    await page.keyboard.press('p');
    await page.keyboard.press('Shift+S');
    const { predictions } = await detailOf(page, id);
    const answer = predictions.find(({ method }) => method === 'yolo-clip')!;
    const { box } =
      answer.evidence.method === 'yolo-clip' ? answer.evidence.proposals[0]! : { box: answer.box! };
    const pane: Locator = page.getByRole('group', { name: 'YOLO+CLIP on the image' });
    const at = await screenPoint(page, { x: box.x + box.width / 2, y: box.y + box.height / 2 }, pane);
    await page.mouse.move(at.x, at.y, { steps: 3 });
    const list = page.getByRole('list', { name: 'Proposals by similarity' });
    await expect(list.locator('.row.marked')).toHaveCount(1);
    await page.mouse.click(at.x, at.y);
    await expect(list.getByRole('button', { pressed: true })).toHaveCount(1);
    await page.mouse.move(5, 5);
    await list.getByRole('button').last().hover();
    await expect(pane.locator('.proposals .marked .line')).toHaveCount(1);
    await page.keyboard.press('Shift+S');
    await page.keyboard.press('p');
  });

  await test.step('brightness and contrast change the picture alone, and go back at once', async () => {
    const image = page.locator('.stage .image').first();
    await page.keyboard.press('Alt+b');
    await page.keyboard.press('Alt+Shift+B');
    await page.keyboard.press('Alt+Shift+B');
    await expect(image).toHaveCSS('filter', 'brightness(1.1) contrast(1.2)');
    await page.getByLabel('Brightness').fill('0.5');
    await expect(image).toHaveCSS('filter', 'brightness(0.5) contrast(1.2)');
    await page.keyboard.press('Alt+0');
    await expect(image).toHaveCSS('filter', 'none');
  });

  await test.step('a long question stays inside its panel', async () => {
    await page.keyboard.press('a');
    await page.keyboard.type('the object that is beside the other object '.repeat(6).trim());
    await page.keyboard.press('Enter');
    await expect(page.getByText('Answers to your question')).toBeVisible({ timeout: 60_000 });
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow).toBe(0);
  });
  expect(problems).toEqual([]);
});
