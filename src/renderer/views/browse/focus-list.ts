/** Where the keyboard is: in the list, unless somebody is typing or walks through the controls by key. */
export const expressionListId = 'expression-list';

/** With no list to go to, whatever has the focus gives it up: keys mean commands again. */
export function focusList() {
  const list = document.getElementById(expressionListId);
  if (list) list.focus({ preventScroll: true });
  else if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
}

/**
 * For the controls around the list: a press with the mouse leaves the keyboard in the list, so that Enter opens an
 * expression and does not press the button again. A press by key keeps its place (its `detail` is 0).
 */
export function focusListAfterMouse(event: MouseEvent) {
  const target = event.target;
  if (event.detail === 0 || !(target instanceof Element)) return;
  // A menu that opens has the focus until it closes.
  if (!target.closest('select, [role="slider"], [aria-haspopup]')) focusList();
}
