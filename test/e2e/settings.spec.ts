/** Trust: keys of one's own, jobs that pause, backups that come back, logs that tell nothing of the dataset. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { demoIsShown, go, jobs } from './support/screens';
import { expect, test } from './support/workbench';

test('keys are changed, jobs are paused, a backup comes back', async ({ open, folder }) => {
  test.setTimeout(180_000);
  const { page, problems } = await open();
  await demoIsShown(page);

  await test.step('an action gets another key, and its own back', async () => {
    await go(page, 'Settings');
    await page.getByLabel('Search actions').fill('go to jobs');
    await page.getByRole('button', { name: 'Change the key of Go to Jobs' }).click();
    const dialog = page.getByRole('dialog', { name: 'Key for “Go to Jobs”' });
    // On its way it meets the beginning of other sequences, and then is free.
    await page.keyboard.press('g');
    await expect(dialog.getByText('Go to Browse')).toBeVisible();
    await page.keyboard.press('F8');
    await expect(dialog.getByText('G then F8 is free wherever this can be done.')).toBeVisible();
    await dialog.getByRole('button', { name: 'Use it' }).click();
    await expect(page.getByText('G then F8', { exact: true }).first()).toBeVisible();
    await page.getByRole('heading', { name: 'Settings' }).click();
    await page.keyboard.press('g');
    await page.keyboard.press('F8');
    await expect(page.getByRole('heading', { name: 'Jobs', level: 1 })).toBeVisible();
    await go(page, 'Settings');
    await page.getByLabel('Search actions').fill('go to jobs');
    await page.getByRole('button', { name: 'Shipped keys for Go to Jobs' }).click();
    await expect(page.getByRole('button', { name: 'Shipped keys for Go to Jobs' })).toBeDisabled();
  });

  await test.step('a job is paused, keeps what it did and goes on', async () => {
    await page.evaluate(() =>
      window.workbench.runs.start({
        methods: ['risclip'],
        scope: { filter: { datasetId: 1, splits: ['test'] }, limit: 400 },
      }),
    );
    await go(page, 'Jobs');
    await expect
      .poll(async () => (await jobs(page)).find(({ kind }) => kind === 'predict')?.done ?? 0)
      .toBeGreaterThan(5);
    await page.getByRole('button', { name: 'Pause' }).click();
    await expect(page.getByText(/^Paused at \d+ of 400/)).toBeVisible();
    const paused = (await jobs(page)).find(({ kind }) => kind === 'predict')!;
    expect(paused).toMatchObject({ state: 'paused', endedAt: null, failed: 0 });
    expect(paused.done).toBeGreaterThan(5);
    await page.getByRole('button', { name: 'Resume' }).click();
    await expect
      .poll(async () => (await jobs(page)).find(({ kind }) => kind === 'predict')?.state, { timeout: 60_000 })
      .toBe('done');
    expect((await jobs(page)).find(({ kind }) => kind === 'predict')).toMatchObject({
      done: 400,
      total: 400,
    });
  });

  await test.step('a backup is made, and the workspace goes back to it', async () => {
    await go(page, 'Settings');
    await page.getByRole('button', { name: 'Back up now' }).click();
    await expect(page.getByText('The workspace is backed up.')).toBeVisible();
    await page.evaluate(() => window.workbench.runs.remove({ runId: 1 }));
    await go(page, 'Browse');
    await go(page, 'Settings');
    await page.getByRole('button', { name: 'Restore…' }).first().click();
    await page.getByRole('dialog').getByRole('button', { name: 'Restore' }).click();
    await expect(page.getByText(/^The workspace is as it was on/)).toBeVisible({ timeout: 30_000 });
    const runs = await page.evaluate(() => window.workbench.runs.list({ datasetId: 1 }));
    expect(runs).toMatchObject({ ok: true, value: [{ id: 1, predictions: 400 }] });
  });

  await test.step('the logs are exported', async () => {
    const made = await page.evaluate((to) => window.workbench.app.exportLogs({ folder: to }), folder);
    expect(made).toMatchObject({ ok: true });
    expect(readdirSync(join(folder)).some((name) => /^grounding-workbench-logs-.*\.zip$/.test(name))).toBe(
      true,
    );
  });
  expect(problems).toEqual([]);
});
