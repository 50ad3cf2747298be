import { shallowReactive } from 'vue';
import type { Screen } from '../router';
import { useNotices } from '../stores/notices';
import { actionGroups, isOn, isPossible, shareScreen, type Action, type ActionGroup } from './action';
import { keysCollide } from './key-collision';
import { keyText } from './key-names';

/** All actions there are, by id. Fails loudly on two actions of one id: one of them would never run. */
export class ActionRegistry {
  private readonly actions = shallowReactive(new Map<string, Action>());
  /** Keys as they are shipped. */
  private readonly shippedKeys = new Map<string, readonly string[]>();

  add(...added: Action[]) {
    for (const action of added) {
      if (this.actions.has(action.id)) throw new Error(`Two actions have the id ${action.id}.`);
      this.actions.set(action.id, action);
      this.shippedKeys.set(action.id, action.keys);
    }
  }

  /** Gives actions the keys that a person chose, by their ids, and all others the shipped ones. */
  useKeys(chosen: Readonly<Record<string, readonly string[]>>) {
    for (const action of this.all()) {
      const keys = chosen[action.id] ?? this.shippedKeys.get(action.id) ?? [];
      if (keys.join() !== action.keys.join()) this.actions.set(action.id, { ...action, keys });
    }
  }

  /** Whether an action has other keys than the shipped ones. */
  hasOwnKeys(action: Action): boolean {
    return (this.shippedKeys.get(action.id) ?? []).join() !== action.keys.join();
  }

  /**
   * Other actions that get in the way of an action if it has these keys: on a screen that both are on, and with a key
   * that is the same or the beginning of the other. Shipped keys that are shared are made to take turns and do not
   * count: of such actions at most one is possible at any time.
   */
  conflicts(action: Action, keys: readonly string[] = action.keys): Action[] {
    const isShipped = (id: string, key: string) => this.shippedKeys.get(id)?.includes(key) ?? false;
    return this.all().filter(
      (other) =>
        other.id !== action.id &&
        shareScreen(action, other) &&
        keys.some((key) =>
          other.keys.some(
            (taken) => keysCollide(key, taken) && !(isShipped(action.id, key) && isShipped(other.id, taken)),
          ),
        ),
    );
  }

  get(id: string): Action | undefined {
    return this.actions.get(id);
  }

  all(): Action[] {
    return [...this.actions.values()];
  }

  /** In the order of the groups, and within a group by label. */
  byGroup(): { group: ActionGroup; actions: Action[] }[] {
    const sorted = this.all().sort((a, b) => a.label.localeCompare(b.label, 'en', { numeric: true }));
    return actionGroups
      .map((group) => ({ group, actions: sorted.filter((action) => action.group === group) }))
      .filter(({ actions }) => actions.length > 0);
  }

  /** Every key with the actions that want it on a screen; which of them runs is decided when it is pressed. */
  byKey(screen: Screen): Map<string, Action[]> {
    const found = new Map<string, Action[]>();
    for (const action of this.actions.values()) {
      if (!isOn(action, screen)) continue;
      for (const key of action.keys) found.set(key, [...(found.get(key) ?? []), action]);
    }
    return found;
  }
}

export const registry = new ActionRegistry();

/** The first key of an action as it is bound now, as it is printed; empty where it has none. For running text. */
export function keyTextOf(id: string): string {
  const key = registry.get(id)?.keys[0];
  return key === undefined ? '' : keyText(key);
}

/** Adds every file of the folders below this one whose default export is an action. */
export function registerAllActions() {
  const files = import.meta.glob<{ default: Action | Action[] }>('./*/*.ts', { eager: true });
  for (const file of Object.values(files)) registry.add(...[file.default].flat());
}

/** Runs an action if it is possible now; whatever goes wrong becomes a notice. */
export async function perform(action: Action | string, isHeld = false) {
  const found = typeof action === 'string' ? registry.get(action) : action;
  if (!found) throw new Error(`There is no action ${String(action)}.`);
  if (!isPossible(found)) return;
  await useNotices().attempt(async () => found.run(isHeld));
}
