/** A crash of the engine's process costs nothing: the window stays, work goes on where it stopped. */
import { demoIsShown, jobEnds, jobs, startPrediction, tiles, valueOf } from './support/screens';
import { enginePid } from './support/engine-process';
import { expect, test } from './support/workbench';

test.skip(process.platform !== 'linux', 'finds the process through /proc');

test('killed during a prediction, the engine comes back and the job is finished', async ({ open }) => {
  const { app, page } = await open();
  await demoIsShown(page);
  await startPrediction(page, 30);
  const progress = async () => (await jobs(page)).find((job) => job.kind === 'predict')?.done ?? 0;
  await expect.poll(progress, { timeout: 180_000 }).toBeGreaterThan(10);

  const killed = enginePid(app)!;
  // Looked for from before on: on a quick machine it is soon gone.
  const banner = page.getByText('The engine stopped and is being started again.');
  const bannerShown = banner.waitFor();
  // A call under way at that moment, beside the job.
  const doomed = page.evaluate(() => window.workbench.workspace.checkIntegrity({}));
  process.kill(killed, 'SIGKILL');
  await doomed;
  await bannerShown;

  await test.step('the window lives and answers', async () => {
    expect(await page.evaluate(() => 1 + 1)).toBe(2);
    await expect(tiles(page).first()).toBeVisible();
    // Asked while there is no engine: waits for the next one.
    valueOf(await page.evaluate(() => window.workbench.datasets.list({})));
    await expect(banner).toBeHidden();
    expect(enginePid(app)).not.toBe(killed);
  });

  await test.step('the job is finished, nothing twice and nothing lost', async () => {
    const job = await jobEnds(page, 'predict');
    expect(job).toMatchObject({ state: 'done', failed: 0 });
    const runs = valueOf(await page.evaluate(() => window.workbench.runs.list({ datasetId: 1 })));
    expect(runs.map((run) => run.predictions)).toEqual([30, 30, 30]);
    const check = valueOf(await page.evaluate(() => window.workbench.workspace.checkIntegrity({})));
    expect(check).toEqual({ ok: true, problems: [] });
  });
});

test('after the third crash in a minute it is given up, said, and started again by hand', async ({
  open,
}) => {
  const { app, page } = await open();
  await demoIsShown(page);
  const state = () => page.getByText('The engine does not start.');
  const killed: (number | null)[] = [null];
  for (let crash = 1; crash <= 3; crash++) {
    await expect.poll(() => killed.includes(enginePid(app)), { timeout: 60_000 }).toBe(false);
    const pid = enginePid(app)!;
    process.kill(pid, 'SIGKILL');
    killed.push(pid);
  }
  await expect(state()).toBeVisible();
  const refused = await page.evaluate(() => window.workbench.workspace.info({}));
  expect(refused).toMatchObject({ ok: false, error: { kind: 'engine-crashed' } });
  await page.getByRole('button', { name: 'Start the engine' }).click();
  await expect(state()).toBeHidden();
  expect(valueOf(await page.evaluate(() => window.workbench.datasets.list({})))).toHaveLength(1);
});

test('the engine ends with the application', async ({ open }) => {
  const { app, page, close } = await open();
  valueOf(await page.evaluate(() => window.workbench.workspace.info({})));
  const pid = enginePid(app)!;
  await close();
  await expect.poll(() => isAlive(pid)).toBe(false);
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
