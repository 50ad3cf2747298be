/** The Models screen: a pack from a URL, its roles and times, and a provider that is not there. */
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { makePackZip } from './support/pack-zip';
import { demoIsShown, go, valueOf } from './support/screens';
import { expect, test } from './support/workbench';

test('a pack is installed from a URL with its SHA-256, measured and removed', async ({ folder, open }) => {
  const bytes = await makePackZip(join(folder, 'pack.zip'));
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  let asked = 0;
  const server: Server = createServer((_, response) => {
    asked += 1;
    response.writeHead(200, { 'content-length': bytes.length }).end(bytes);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/from-afar.zip`;
  try {
    const { page } = await open();
    await demoIsShown(page);
    await go(page, 'Models');
    const fill = async (hash: string) => {
      await page.getByRole('button', { name: 'Install a pack' }).click();
      await page.getByText('From a URL…').click();
      const dialog = page.getByRole('dialog', { name: 'Install a pack from a URL' });
      await dialog.getByLabel('Address of the zip').fill(url);
      const button = dialog.getByRole('button', { name: /^Download/ });
      await dialog.getByLabel('SHA-256').fill(hash.slice(1));
      await expect(button).toBeDisabled();
      await dialog.getByLabel('SHA-256').fill(hash);
      return button;
    };

    await test.step('with another SHA-256 nothing is installed', async () => {
      const button = await fill('0'.repeat(64));
      expect(asked).toBe(0);
      await button.click();
      await expect(page.getByText(/is not the file with this SHA-256/).first()).toBeVisible();
      expect(asked).toBe(1);
      await expect(page.getByRole('heading', { name: 'From afar' })).toHaveCount(0);
    });

    await test.step('with the right one it is there', async () => {
      await (await fill(sha256)).click();
      const card = page.getByRole('article', { name: 'From afar' });
      await expect(card).toBeVisible();
      await card.getByText(/Roles, files and provenance/).click();
      await expect(card.getByText('risclip-ground', { exact: true })).toBeVisible();
      await card.getByRole('button', { name: 'Measure the time of RisCLIP' }).click();
      await expect(card.getByText('an expression')).toBeVisible();
      await card.getByText('By stage').click();
      await expect(card.getByText(/in onnxruntime/).first()).toBeVisible();
      const installed = readdirSync(join(folder, 'workspace', 'models'));
      expect(installed).toEqual(['from-afar']);
    });

    await test.step('a reload still has the times, and removing takes it away', async () => {
      await page.reload();
      const card = page.getByRole('article', { name: 'From afar' });
      await expect(card.getByText('an expression')).toBeVisible();
      await card.getByRole('button', { name: 'Remove' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
      await expect(card).toHaveCount(0);
    });
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

test('a provider that is not there is named with the reason, and nothing runs until another is chosen', async ({
  open,
}) => {
  const { page } = await open();
  await demoIsShown(page);
  const absent = process.platform === 'darwin' ? 'dml' : 'coreml';
  await page.evaluate(
    (executionProvider) => window.workbench.workspace.changeSettings({ executionProvider }),
    absent as 'coreml',
  );
  await go(page, 'Models');
  const alert = page.getByRole('alert').filter({ hasText: 'Models are set to run on' });
  await expect(alert).toContainText('this copy of onnxruntime has no');
  const measured = await page.evaluate(() =>
    window.workbench.models.measure({ packId: 'emojiref-small', method: 'risclip' }),
  );
  expect(measured).toMatchObject({ ok: false, error: { kind: 'unsupported' } });
  await alert.getByRole('button', { name: 'Run on the CPU' }).click();
  await expect(alert).toHaveCount(0);
  await page.getByLabel('Run models on').selectOption(absent);
  await expect(page.getByRole('status').filter({ hasText: 'cannot be used' })).toContainText('has no');
  await expect(page.getByLabel('Run models on')).toHaveValue('cpu');
  const again = valueOf(
    await page.evaluate(() =>
      window.workbench.models.measure({ packId: 'emojiref-small', method: 'risclip' }),
    ),
  );
  expect(again.provider).toBe('cpu');
});
