/** Ways through the screens that several tests go. */
import type { Page } from '@playwright/test';
import type { Job, OwnMethodId } from '../../../src/common/contract';
import type { Result } from '../../../src/common/errors';
import { expect } from './workbench';

/** Unwraps a call's result; the test fails with its message where there is none. */
export function valueOf<Value>(result: Result<Value>): Value {
  if (result.ok) return result.value;
  throw new Error(`${result.error.kind}: ${result.error.message}`);
}

export async function jobs(page: Page): Promise<Job[]> {
  return valueOf(await page.evaluate(() => window.workbench.jobs.list({})));
}

/** Resolves when no job of a kind waits or runs, and there is one; gives the newest. */
export async function jobEnds(page: Page, kind: Job['kind'], timeout = 120_000): Promise<Job> {
  const newest = async () =>
    (await jobs(page)).filter((job) => job.kind === kind).sort((a, b) => b.id - a.id)[0];
  await expect.poll(async () => (await newest())?.endedAt ?? null, { timeout }).not.toBeNull();
  return (await newest())!;
}

export function grid(page: Page) {
  return page.getByRole('listbox', { name: 'Expressions' });
}

export function tiles(page: Page) {
  return grid(page).getByRole('option');
}

/** The demo is imported and its first pictures are painted. */
export async function demoIsShown(page: Page): Promise<void> {
  await jobEnds(page, 'import');
  await expect(tiles(page).first()).toBeVisible();
  await expect
    .poll(() =>
      page.evaluate(
        () => [...document.images].filter((image) => image.complete && image.naturalWidth > 0).length,
      ),
    )
    .toBeGreaterThan(5);
}

export async function go(page: Page, screen: string): Promise<void> {
  const screens = page.getByRole('navigation', { name: 'Screens' });
  await screens.getByRole('link', { name: new RegExp(`^${screen}`) }).click();
}

/** Starts a prediction of the dataset's first expressions with all methods, through the dialog. */
export async function startPrediction(page: Page, count: number): Promise<void> {
  await page.getByRole('button', { name: 'Predict', exact: true }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Predict' });
  await dialog.getByLabel('At most', { exact: true }).check();
  const limit = dialog.getByLabel('At most so many expressions');
  await limit.fill(String(count));
  await limit.press('Tab');
  await dialog.getByRole('button', { name: `Predict ${count} expressions` }).click();
  await expect(dialog).toBeHidden();
}

/** IoU of each method's answer as the evidence table of Inspect shows it; null where there is none. */
export async function shownIous(page: Page): Promise<Record<OwnMethodId, number | null>> {
  const table = page.getByRole('region', { name: 'Answers' });
  const iou = async (name: string) => {
    const text = await table
      .getByRole('row', { name: new RegExp(name.replace('+', '\\+')) })
      .getByRole('cell')
      .nth(1)
      .innerText();
    return /^\d/.test(text) ? Number(text) : null;
  };
  return {
    'yolo-clip': await iou('YOLO+CLIP'),
    'blip-sam': await iou('BLIP+SAM'),
    risclip: await iou('RisCLIP'),
  };
}
