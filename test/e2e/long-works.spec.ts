/** Long calls in the window: each can be stopped in the middle, leaves nothing half, says so, and can be begun again. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import type { WorkName } from '../../src/common/contract';
import { barriers } from './support/accessibility';
import { demoIsShown, go, valueOf } from './support/screens';
import { expect, root, test } from './support/workbench';

/** The next work of that name is stopped as soon as it says that it does what `when` names. */
async function stopTheNext(page: Page, name: WorkName, when: string): Promise<void> {
  await page.evaluate(
    ({ name, when }) => {
      const off = window.workbench.on('work.progress', (work) => {
        if (work.name !== name || work.ended || !work.message.startsWith(when)) return;
        off();
        void window.workbench.works.stop({ work: name });
      });
    },
    { name, when },
  );
}

async function importAnswers(page: Page, folder: string): Promise<void> {
  const lines = readFileSync(join(root, 'resources', 'datasets', 'emojiref', 'expressions.jsonl'), 'utf8');
  const ids = lines
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { id: string }).id);
  const path = join(folder, 'answers.csv');
  writeFileSync(
    path,
    `expression,x,y,width,height,score\n${ids.map((id) => `${id},9,9,99,99,0.5\n`).join('')}`,
  );
  for (const name of ['first', 'second']) {
    valueOf(
      await page.evaluate(
        ({ path, name }) => window.workbench.runs.importPredictions({ datasetId: 1, path, name }),
        { path, name },
      ),
    );
  }
}

test('what takes long is stopped, says so, and is begun again', async ({ folder, open }) => {
  const { page, problems } = await open();
  await demoIsShown(page);
  await importAnswers(page, folder);

  await test.step('an evaluation', async () => {
    await stopTheNext(page, 'evaluation', 'Drawing');
    await go(page, 'Evaluate');
    await expect(page.getByText('The evaluation was stopped')).toBeVisible();
    expect.soft(await barriers(page)).toEqual([]);
    await page.getByRole('button', { name: 'Compute', exact: true }).click();
    await expect(page.getByRole('heading', { name: 'Results' })).toBeVisible();
  });

  await test.step('the computation of other choices: what is there stays, and says that it is of before', async () => {
    await stopTheNext(page, 'evaluation', 'Drawing');
    await page.getByLabel('Split').selectOption({ index: 1 });
    await expect(page.getByText(/^Stopped: below is the evaluation from before/)).toBeVisible();
    await expect(page.getByRole('heading', { name: 'Results' })).toBeVisible();
    await page.getByRole('button', { name: 'Compute', exact: true }).click();
    await expect(page.getByText(/^Stopped: below/)).toBeHidden();
  });

  await test.step('keeping an evaluation: nothing of it is kept, and its dialog stays', async () => {
    await stopTheNext(page, 'save-evaluation', 'Packing');
    await page.getByRole('button', { name: 'Save evaluation' }).click();
    const dialog = page.getByRole('dialog', { name: 'Save this evaluation' });
    await dialog.getByLabel('Name').fill('Stopped once');
    const save = dialog.getByRole('button', { name: 'Save', exact: true });
    await save.click();
    const kept = () => page.evaluate(() => window.workbench.evaluation.saved({ datasetId: 1 }));
    await expect(save).toBeEnabled();
    expect(valueOf(await kept())).toEqual([]);
    await expect(dialog.getByLabel('Name')).toHaveValue('Stopped once');
    await save.click();
    await expect(dialog).toBeHidden();
    expect(valueOf(await kept())).toMatchObject([{ name: 'Stopped once' }]);
  });

  await test.step('printing', async () => {
    const print = () =>
      page.evaluate(
        (to) =>
          window.workbench.app.printReport({
            options: { evaluation: { runIds: [1] }, examples: 0 },
            folder: to,
          }),
        folder,
      );
    for (const step of ['Drawing', 'Printing the pages']) {
      await stopTheNext(page, 'print-report', step);
      expect(await print()).toMatchObject({ ok: false, error: { kind: 'cancelled' } });
    }
    const pdfs = () => readdirSync(folder).filter((name) => name.includes('report'));
    expect(pdfs()).toEqual([]);
    valueOf(await print());
    expect(pdfs()).toEqual(['report.pdf']);
  });

  await test.step('and while one goes on, others are answered', async () => {
    const order = await page.evaluate(async () => {
      const ended: string[] = [];
      const asked = new Promise<void>((resolve) => {
        const off = window.workbench.on('work.progress', (work) => {
          if (work.name !== 'evaluation' || !work.message.startsWith('Drawing')) return;
          off();
          void window.workbench.browse
            .ids({ filter: { datasetId: 1 }, sort: {} })
            .then(() => ended.push('list'))
            .then(() => resolve());
        });
      });
      await window.workbench.evaluation.compute({ runIds: [1, 2] });
      ended.push('evaluation');
      await asked;
      return ended;
    });
    expect(order).toEqual(['list', 'evaluation']);
  });
  expect(problems).toEqual([]);
});
