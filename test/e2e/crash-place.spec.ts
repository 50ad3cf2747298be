/** A crash of the window or of the engine, and a restart, lead back to the same place; nothing is lost. */
import type { ElectronApplication } from '@playwright/test';
import { enginePid } from './support/engine-process';
import { demoIsShown, go, jobEnds, jobs, startPrediction, tiles, valueOf } from './support/screens';
import { expect, test } from './support/workbench';

/**
 * Asks the page by way of the main process: Playwright's own connection to a page ends with the page's process, and
 * does not come back with the next one.
 */
async function ask<Value>(app: ElectronApplication, script: string): Promise<Value | null> {
  const answer = app.evaluate(
    ({ webContents }, code) =>
      webContents
        .getAllWebContents()
        .find((each) => each.getURL().startsWith('workbench:'))!
        .executeJavaScript(code) as Promise<unknown>,
    script,
  );
  // What a page is asked while it crashes is never answered.
  const late = new Promise<null>((resolve) => setTimeout(resolve, 2_000, null));
  return (await Promise.race([answer, late]).catch(() => null)) as Value | null;
}

const crash = (app: ElectronApplication) =>
  app.evaluate(({ webContents }) =>
    webContents
      .getAllWebContents()
      .find((each) => each.getURL().startsWith('workbench:'))!
      .forcefullyCrashRenderer(),
  );
const shownZoom = (app: ElectronApplication) =>
  ask<string>(app, `document.querySelector('output[aria-label="Zoom"]')?.textContent ?? ''`);

test('killed on Inspect, the window is back with the expression, the zoom and the tool', async ({ open }) => {
  const { app, page } = await open();
  await demoIsShown(page);
  await page.locator('#browse-search').fill('split:test');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await expect(page.locator('.view')).toHaveAttribute('aria-busy', 'false');
  for (let step = 0; step < 4; step += 1) await page.keyboard.press('=');
  await page.keyboard.press('y');
  await page.keyboard.press('Digit3');
  await expect(page.getByRole('status', { name: 'Saved', exact: true })).toBeVisible();
  const address = page.url();
  const zoom = await shownZoom(app);
  const header = await page.locator('.top').innerText();
  expect(zoom).toMatch(/\d+%/);
  await page.waitForTimeout(400);

  await crash(app);
  await expect
    .poll(() => ask<string>(app, `document.querySelector('.notices')?.textContent ?? ''`))
    .toContain('The window stopped unexpectedly');
  await expect.poll(() => shownZoom(app)).toBe(zoom);
  expect(await ask(app, 'location.href')).toBe(address);
  expect(await ask<string>(app, `document.querySelector('.top').innerText`)).toBe(header);
  expect(await ask(app, `document.querySelector('#browse-search') === null`)).toBe(true);
  // The polygon is still in hand, and the label that was set is there.
  await expect
    .poll(() =>
      ask(
        app,
        `[...document.querySelectorAll('[aria-pressed="true"]')].map((each) => each.innerText.trim())`,
      ),
    )
    .toEqual(expect.arrayContaining([expect.stringMatching(/^Polygon/)]));
});

test('what was typed and not saved is there after a crash and a restart, and is never saved by itself', async ({
  open,
}) => {
  const { app, page, close } = await open();
  await demoIsShown(page);
  await tiles(page).first().dblclick();
  await expect(page.locator('.view')).toHaveAttribute('aria-busy', 'false');
  const expression = await page.getByRole('heading', { level: 1 }).innerText();
  await page.getByPlaceholder('Ask: any expression').fill('the one that I');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Shift+T');
  await page.keyboard.press('Escape');
  await page.keyboard.press('F2');
  await page.getByLabel('Referring expression').fill('the other th');
  // Leaving the field would save the note.
  await page.getByPlaceholder('Note: why, or for whom').click();
  await page.keyboard.type('too dar');
  const drafts = () =>
    ask<string[]>(app, `[...document.querySelectorAll('.draft')].map((each) => each.innerText)`);
  await page.waitForTimeout(1_000);

  await crash(app);
  await expect
    .poll(drafts)
    .toEqual([expect.stringContaining('the other th'), expect.stringContaining('Not saved yet')]);
  await close();

  const again = await open();
  await expect(again.page.getByPlaceholder('Ask: any expression')).toHaveValue('the one that I');
  await expect(again.page.getByPlaceholder('Note: why, or for whom')).toHaveValue('too dar');
  await expect(again.page.getByRole('heading', { level: 1 })).toHaveText(expression);
  const draft = again.page.getByRole('status').filter({ hasText: 'Not saved yet: the other th' });
  await draft.getByRole('button', { name: 'Go on' }).click();
  await again.page.getByLabel('Referring expression').press('End');
  await again.page.keyboard.type('ing');
  await again.page.keyboard.press('Enter');
  await expect(again.page.getByRole('heading', { level: 1 })).toHaveText('the other thing');
  await again.page.getByRole('status').filter({ hasText: 'Not saved yet' }).getByText('Throw away').click();
  await expect(again.page.getByPlaceholder('Note: why, or for whom')).toHaveValue('');
  await expect(again.page.getByText('Not saved yet')).toHaveCount(0);
});

test('after the third crash in a minute it asks, and can begin anew at its first screen', async ({
  open,
}) => {
  const { app, page } = await open();
  await demoIsShown(page);
  await go(page, 'Settings');
  await expect(page).toHaveURL(/#\/settings$/);
  await page.waitForTimeout(400);
  await app.evaluate(({ dialog }) => {
    const asked: string[] = [];
    Object.assign(globalThis, { asked });
    dialog.showMessageBox = (...given: unknown[]) => {
      asked.push((given.at(-1) as { message: string }).message);
      return Promise.resolve({ response: 0, checkboxChecked: false });
    };
  });
  const asked = () => app.evaluate(() => (globalThis as unknown as { asked: string[] }).asked);
  const address = () => ask<string>(app, 'location.href');
  for (let time = 0; time < 2; time += 1) {
    await crash(app);
    await expect
      .poll(() => ask<string>(app, `document.querySelector('.notices')?.textContent ?? ''`))
      .toContain('The window stopped unexpectedly');
    expect(await address()).toMatch(/#\/settings$/);
    expect(await asked()).toEqual([]);
  }
  await crash(app);
  await expect.poll(asked).toEqual(['The window stopped 3 times within a minute.']);
  await expect.poll(address).toMatch(/#\/browse/);
});

test('closed and opened again, the window shows the same screen, filter, mark and selection', async ({
  open,
}) => {
  const first = await open();
  await demoIsShown(first.page);
  const search = first.page.locator('#browse-search');
  await search.fill('split:validation');
  await first.page.keyboard.press('Enter');
  await first.page.keyboard.press('Escape');
  await expect(tiles(first.page).first()).toBeVisible();
  for (const key of ['ArrowRight', 'x', 'ArrowRight', 'x', 'ArrowRight'])
    await first.page.keyboard.press(key);
  await expect(first.page.getByRole('option', { selected: true })).toHaveCount(2);
  const marked = await first.page.locator('[role="option"][aria-current]').getAttribute('id');
  const selected = await first.page
    .getByRole('option', { selected: true })
    .evaluateAll((all) => all.map(({ id }) => id));
  await first.close();

  const second = await open();
  await expect(second.page.getByRole('option', { selected: true })).toHaveCount(2);
  expect(
    await second.page.getByRole('option', { selected: true }).evaluateAll((all) => all.map(({ id }) => id)),
  ).toEqual(selected);
  await expect(second.page.locator('[role="option"][aria-current]')).toHaveAttribute('id', marked!);
  await expect(second.page.locator('#browse-search')).toHaveValue(/split:validation/);
  await go(second.page, 'Jobs');
  await expect(second.page.getByRole('heading', { name: 'Jobs', level: 1 })).toBeVisible();
  await second.close();

  const third = await open();
  await expect(third.page.getByRole('heading', { name: 'Jobs', level: 1 })).toBeVisible();
});

test('the engine is killed under a filtered list: the window stays, says so, and the job goes on', async ({
  open,
}) => {
  test.skip(process.platform !== 'linux', 'finds the process through /proc');
  const { app, page } = await open();
  await demoIsShown(page);
  await page.locator('#browse-search').fill('split:test');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await startPrediction(page, 40);
  await expect
    .poll(async () => (await jobs(page)).find(({ kind }) => kind === 'predict')?.done ?? 0)
    .toBeGreaterThan(5);
  process.kill(enginePid(app)!, 'SIGKILL');
  const notice = page.getByText(/^The engine stopped unexpectedly .* It is back\.$/);
  await expect(notice).toBeVisible();
  await expect(page.getByRole('region', { name: 'Notices' }).getByText(/^Log id \w+/)).toBeVisible();
  await expect(page.locator('#browse-search')).toHaveValue(/split:test/);
  await expect(tiles(page).first()).toBeVisible();
  expect(await jobEnds(page, 'predict')).toMatchObject({ state: 'done', failed: 0 });
  valueOf(await page.evaluate(() => window.workbench.workspace.info({})));
});
