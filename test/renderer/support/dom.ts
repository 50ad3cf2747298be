/** What a person looks for on the screen: by its words, wherever in the document it is. */

/** The first element whose words, or else whose accessible name, are or begin with `words`. */
export function find(selector: string, words = '', root: ParentNode = document): HTMLElement {
  const found = [...root.querySelectorAll<HTMLElement>(selector)].find((element) =>
    [element.textContent?.trim(), element.getAttribute('aria-label')].some((text) => text?.startsWith(words)),
  );
  if (!found) throw new Error(`There is no ${selector} with “${words}”.`);
  return found;
}

/** Words on buttons, in their order. */
export function buttonNames(root: ParentNode = document): string[] {
  return [...root.querySelectorAll('button')]
    .map((button) => button.textContent?.trim() ?? '')
    .filter(Boolean);
}

/** Opens a menu by its button and returns the words of its items. */
export async function openMenu(name: string): Promise<HTMLElement[]> {
  find('button', name).dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
  // The menu is placed after it was made.
  await new Promise((resolve) => setTimeout(resolve));
  return [...document.querySelectorAll<HTMLElement>('[role="menuitem"]')];
}
