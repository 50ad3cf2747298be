import { currentScreen, type Screen } from '../router';

/**
 * A user action is one object in one file: keys, palette, cheat sheet and buttons are all made from it.
 * Files below this folder that export an action as their default are found by themselves (see registry.ts).
 */
export const actionGroups = ['General', 'Go to', 'Browse', 'Inspect', 'Correct', 'Label', 'Run'] as const;
export type ActionGroup = (typeof actionGroups)[number];

export interface Action {
  /** `group.verb`, e.g. `browse.focus-search`; stays the same when the label changes. */
  readonly id: string;
  /** What it does, as a command: "Focus the search field". */
  readonly label: string;
  /**
   * At least one, so that everything can be done by key. In tinykeys' grammar: `$mod+k`, `Shift+ArrowLeft`, `g b`.
   * The first is the one shown on buttons.
   */
  readonly keys: readonly string[];
  readonly group: ActionGroup;
  /** Also while the key is held down, and then again and again (moving, nudging). */
  readonly repeats?: boolean;
  /** Left out of the palette: meaningless without its key (e.g. one step left). */
  readonly keyOnly?: boolean;
  /** The screens on which it can be done; absent: on all. Elsewhere its keys are free. */
  readonly on?: readonly Screen[];
  /** Whether it can be done right now, on such a screen; absent: always. */
  when?(): boolean;
  /** `isHeld`: the key has not been let go since the last time. */
  run(isHeld?: boolean): void | Promise<void>;
}

export function defineAction(action: Action): Action {
  return action;
}

export function isOn({ on }: Pick<Action, 'on'>, screen: Screen): boolean {
  return on?.includes(screen) ?? true;
}

/** Whether there is a screen on which both can be done. */
export function shareScreen(a: Pick<Action, 'on'>, b: Pick<Action, 'on'>): boolean {
  return a.on?.some((screen) => isOn(b, screen)) ?? true;
}

export function isPossible(action: Action): boolean {
  return whyNotNow(action) === null;
}

/** Why an action cannot be done at this moment, in a word or two: "in Inspect", "not now"; null: it can. */
export function whyNotNow(action: Action): string | null {
  if (action.on && !isOn(action, currentScreen())) {
    return `in ${action.on.map((screen) => screen.charAt(0).toUpperCase() + screen.slice(1)).join(', ')}`;
  }
  return (action.when?.() ?? true) ? null : 'not now';
}
