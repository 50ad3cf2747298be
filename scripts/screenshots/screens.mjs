/**
 * Which screens are shown, and in what state. Each is reached as a person reaches it, by addresses, names and keys. They
 * are taken in this order, and each begins where the one before has left.
 */

/** @typedef {import('@playwright/test').Page} Page */
/**
 * @typedef {object} Screen
 * @property {string} name the file's, before the width
 * @property {boolean} [hasDark] whether it is also taken in the dark theme, in the smaller size
 * @property {{width: number, height: number}[]} [sizes] both where nothing is said
 * @property {(page: Page) => Promise<void>} show brings the screen up; the picture is taken once nothing is busy
 * @property {(page: Page) => Promise<void>} [leave] puts back what would show on later screens
 */

export const smallWindow = { width: 1280, height: 800 };
export const largeWindow = { width: 1920, height: 1080 };

/** One method is right and another wrong, so that every screen has something to tell. */
const telling = 'kind:relation risclip:right yolo-clip:wrong';

/** @param {Page} page @param {string} address */
async function go(page, address) {
  await page.evaluate((hash) => (location.hash = hash), `#${address}`);
}

/** @param {Page} page @param {string} name */
async function section(page, name) {
  await go(page, `/evaluate/${name}`);
  await page.getByRole('tabpanel').waitFor({ timeout: 60_000 });
  await page
    .locator('main section')
    .first()
    .evaluate((scroller) => scroller.scrollTo(0, 0));
}

/** @param {Page} page @param {string} query */
async function filterBy(page, query) {
  await go(page, '/browse');
  const field = page.getByRole('combobox', { name: 'Search and filter the expressions' });
  await field.fill(query);
  await field.press('Enter');
  await field.blur();
}

/** Opens the first expression of the list. @param {Page} page */
async function openFirst(page) {
  await page.getByRole('listbox', { name: 'Expressions' }).getByRole('option').first().dblclick();
  await page.locator('.stage .image').first().waitFor();
}

/** The tab that holds what a narrow window has no room for. @param {Page} page @param {string} name */
async function openTab(page, name) {
  const tab = page.getByRole('tab', { name });
  if (await tab.isVisible()) await tab.click();
}

/** Clicks the middle of the ground truth. @param {Page} page */
async function clickReferent(page) {
  const place = await page.evaluate(async () => {
    const id = Number(location.hash.split('/').pop());
    const detail = await window.workbench.expressions.get({ expressionId: id, runIds: [] });
    const box = detail.ok ? detail.value.groundTruth?.box : null;
    const picture = /** @type {HTMLElement} */ (document.querySelector('.stage .picture'));
    const bounds = picture.getBoundingClientRect();
    const scale = bounds.width / picture.offsetWidth;
    return (
      box && [bounds.left + (box.x + box.width / 2) * scale, bounds.top + (box.y + box.height / 2) * scale]
    );
  });
  if (!place) throw new Error('The expression shown has no referent.');
  await page.mouse.click(place[0] ?? 0, place[1] ?? 0);
}

/** @type {Screen[]} */
export const screens = [
  {
    name: 'browse-grid',
    hasDark: true,
    show: (page) => filterBy(page, telling),
  },
  {
    name: 'browse-table',
    show: async (page) => page.getByRole('radio', { name: 'Table' }).click(),
    leave: async (page) => page.getByRole('radio', { name: 'Grid of pictures' }).click(),
  },
  {
    name: 'browse-by-image',
    show: async (page) => {
      await filterBy(page, '');
      await page.getByRole('button', { name: /Keep the expressions of an image together/ }).click();
    },
    leave: async (page) =>
      page.getByRole('button', { name: /Keep the expressions of an image together/ }).click(),
  },
  {
    name: 'inspect',
    hasDark: true,
    show: async (page) => {
      await filterBy(page, telling);
      await openFirst(page);
      await page.keyboard.press('h');
    },
    leave: (page) => page.keyboard.press('h'),
  },
  {
    name: 'inspect-side-by-side',
    show: (page) => page.keyboard.press('Shift+S'),
    leave: (page) => page.keyboard.press('Shift+S'),
  },
  {
    name: 'ask',
    show: async (page) => {
      await page.keyboard.press('a');
      await page.keyboard.type('the largest one');
      await page.keyboard.press('Enter');
      await page.getByText('Answers to your question').waitFor({ timeout: 60_000 });
    },
    leave: async (page) => {
      await page.keyboard.press('Escape');
      await page.keyboard.press('Escape');
    },
  },
  {
    name: 'correct',
    hasDark: true,
    show: async (page) => {
      await openTab(page, 'Correct');
      await page.keyboard.press('s');
      await page.getByText('Click it, or drag a box').waitFor({ timeout: 60_000 });
      await clickReferent(page);
      await page
        .getByText(/guessed IoU/i)
        .first()
        .waitFor({ timeout: 60_000 });
    },
    leave: async (page) => {
      await page.keyboard.press('Escape');
      await openTab(page, 'Evidence');
    },
  },
  { name: 'evaluate-overview', hasDark: true, show: (page) => section(page, 'overview') },
  { name: 'evaluate-compare', show: (page) => section(page, 'compare') },
  { name: 'evaluate-slices', show: (page) => section(page, 'slices') },
  { name: 'evaluate-errors', show: (page) => section(page, 'errors') },
  { name: 'evaluate-agreement', show: (page) => section(page, 'agreement') },
  { name: 'evaluate-suspects', show: (page) => section(page, 'suspects') },
  {
    name: 'report',
    show: async (page) => {
      await go(page, '/report');
      await page.frameLocator('iframe').getByRole('heading').first().waitFor({ timeout: 120_000 });
    },
  },
  { name: 'datasets', show: (page) => go(page, '/datasets') },
  { name: 'models', show: (page) => go(page, '/models') },
  { name: 'jobs', show: (page) => go(page, '/jobs') },
  { name: 'settings', hasDark: true, show: (page) => go(page, '/settings') },
  {
    name: 'about',
    show: async (page) =>
      page
        .getByRole('heading', { name: /^About/ })
        .first()
        .scrollIntoViewIfNeeded(),
  },
  {
    name: 'command-palette',
    sizes: [smallWindow],
    show: async (page) => {
      await go(page, '/browse');
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox', { name: 'Find a command' }).fill('show');
    },
    leave: (page) => page.keyboard.press('Escape'),
  },
  {
    name: 'cheat-sheet',
    sizes: [smallWindow],
    show: (page) => page.keyboard.press('F1'),
    leave: (page) => page.keyboard.press('Escape'),
  },
];
