/** What keeps people out of a screen, as axe finds it. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';

/** The part of the page that is looked at; all of it where nothing is said. */
export interface Part {
  include?: string;
  exclude?: string;
}

/**
 * Serious and critical findings, one line each with what axe measured. Nothing moves meanwhile: a text that is
 * fading in or out has, for a moment, too little contrast, and a reader who asks for reduced motion sees the same page.
 */
export async function barriers(page: Page, { include, exclude }: Part = {}): Promise<string[]> {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.evaluate(async () => {
    const finite = document
      .getAnimations()
      .filter((animation) => Number.isFinite(animation.effect?.getComputedTiming().endTime));
    await Promise.allSettled(finite.map(({ finished }) => finished));
  });
  let axe = new AxeBuilder({ page }).setLegacyMode();
  if (include) axe = axe.include(include);
  if (exclude) axe = axe.exclude(exclude);
  const { violations } = await axe.analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`),
    );
}
