/** What tests of Inspect need of the screen and of the workspace behind it. */
import type { Locator, Page } from '@playwright/test';
import type { ExpressionDetail } from '../../../src/common/contract';
import { demoIsShown, jobEnds, valueOf } from './screens';
import { expect } from './workbench';

/** The demo with its first expressions answered by all methods; ids of these expressions. */
export async function predictFirst(page: Page, count: number): Promise<number[]> {
  await demoIsShown(page);
  const ids = await page.evaluate(async (wanted) => {
    const listed = await window.workbench.browse.ids({ filter: { datasetId: 1 } });
    const first = listed.ok ? listed.value.ids.slice(0, wanted) : [];
    await window.workbench.runs.start({
      methods: ['yolo-clip', 'blip-sam', 'risclip'],
      scope: { filter: { datasetId: 1 }, expressionIds: [...first] },
    });
    return [...first];
  }, count);
  const job = await jobEnds(page, 'predict');
  expect(job).toMatchObject({ state: 'done', failed: 0 });
  return ids;
}

export async function detailOf(page: Page, expressionId: number): Promise<ExpressionDetail> {
  return valueOf(
    await page.evaluate(async (id) => {
      const runs = await window.workbench.runs.list({ datasetId: 1 });
      const runIds = runs.ok ? runs.value.map((run) => run.id) : [];
      return window.workbench.expressions.get({ expressionId: id, runIds });
    }, expressionId),
  );
}

/** Opens an expression in Inspect; resolves when its picture is painted. */
export async function openInspect(page: Page, expressionId: number): Promise<void> {
  await page.evaluate((id) => (location.hash = `#/inspect/${id}`), expressionId);
  await expect
    .poll(() =>
      page
        .locator('.stage .image')
        .first()
        .evaluate((image: HTMLImageElement) => image.complete),
    )
    .toBe(true);
  await expect(page.locator('.view')).toHaveAttribute('aria-busy', 'false');
}

/** Where a place of the image is on the screen, in the first pane or another, once the picture rests there. */
export async function screenPoint(
  page: Page,
  place: { x: number; y: number },
  pane: Locator = page.locator('.stage').first(),
) {
  return pane
    .locator('.picture')
    .first()
    .evaluate(async (picture, at) => {
      // What was done last is painted with the next frame, and a pane that changes its size is laid out once more.
      let bounds = picture.getBoundingClientRect();
      for (let still = 0; still < 3;) {
        await new Promise(requestAnimationFrame);
        const now = picture.getBoundingClientRect();
        const rests = now.x === bounds.x && now.y === bounds.y && now.width === bounds.width;
        still = rests ? still + 1 : 0;
        bounds = now;
      }
      const scale = bounds.width / (picture as HTMLElement).offsetWidth;
      return { x: bounds.left + at.x * scale, y: bounds.top + at.y * scale };
    }, place);
}

export function isSaved(page: Page) {
  return expect(page.getByRole('status', { name: 'Saved', exact: true })).toBeVisible();
}
