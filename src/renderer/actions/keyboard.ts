import { tinykeys } from 'tinykeys';
import type { Screen } from '../router';
import { isPossible, type Action } from './action';
import { perform, type ActionRegistry } from './registry';

const typingTypes = new Set(['text', 'search', 'number', 'email', 'url', 'password', 'tel', '']);

/** Whether keys mean characters here, so that no action may take them. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement) return true;
  if (target instanceof HTMLInputElement) return typingTypes.has(target.getAttribute('type') ?? '');
  return false;
}

/** Controls with a use of their own for arrows, letters, Enter and Space keep them. */
function belongsToControl(event: KeyboardEvent): boolean {
  const target = event.target;
  if (!(target instanceof HTMLElement)) return false;
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  if (target.closest('[role="dialog"], [role="menu"], [role="alertdialog"]')) return event.key !== 'Escape';
  const isSelect = target instanceof HTMLSelectElement;
  if (isSelect || target.closest('[role="slider"], input[type="range"]')) {
    const moves = event.key.startsWith('Arrow') || event.key === 'Home' || event.key === 'End';
    // Letters choose an option; to a slider they mean nothing.
    return moves || (isSelect && event.key.length === 1);
  }
  if (target instanceof HTMLInputElement) {
    return event.key === ' ' || (target.type === 'radio' && event.key.startsWith('Arrow'));
  }
  if (target.closest('button, a[href], summary, [role="tab"], [role="radio"]')) {
    return event.key === 'Enter' || event.key === ' ';
  }
  return false;
}

/** Modified keys ($mod+K) and Escape work everywhere; plain ones not while somebody is typing. */
export function isIgnored(event: KeyboardEvent): boolean {
  if (event.isComposing || event.defaultPrevented) return true;
  const modified = event.ctrlKey || event.metaKey;
  if (isTyping(event.target)) return !modified || /^[zyxcva]$/i.test(event.key);
  return belongsToControl(event);
}

/** The action that a key press means now: the first possible one. */
export function actionForKey(candidates: readonly Action[], repeated: boolean): Action | undefined {
  return candidates.find((action) => (!repeated || action.repeats === true) && isPossible(action));
}

/** Binds the keys that mean something on a screen: what is bound elsewhere never holds a key back here. */
export function bindKeys(actions: ActionRegistry, screen: Screen, target: Window = window): () => void {
  // Sequences first: the first binding that matches takes the press, so the last key of `g j` is not also a `j`.
  const presses = (key: string) => key.trim().split(' ').length;
  const sequencesFirst = [...actions.byKey(screen)].sort(([a], [b]) => presses(b) - presses(a));
  const bindings = Object.fromEntries(
    sequencesFirst.map(([key, candidates]) => [
      key,
      (event: KeyboardEvent) => {
        const action = actionForKey(candidates, event.repeat);
        if (!action) return;
        event.preventDefault();
        void perform(action, event.repeat);
      },
    ]),
  );
  return tinykeys(target, bindings, { ignore: isIgnored });
}
