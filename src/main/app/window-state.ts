/** Remembers where the window was, in a small file of the user's data folder. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

const stateSchema = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().min(400),
  height: z.number().int().min(300),
  maximized: z.boolean(),
});
export type WindowState = z.output<typeof stateSchema>;

interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** What was remembered, where it is still on a screen; null: let the system place the window. */
export function readWindowState(file: string, screens: Rectangle[]): WindowState | null {
  if (!existsSync(file)) return null;
  try {
    const state = stateSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    return screens.some((screen) => overlapsEnough(state, screen)) ? state : null;
  } catch {
    // A damaged file costs the window's place, nothing more.
    return null;
  }
}

export function writeWindowState(file: string, state: WindowState): void {
  writeFileSync(file, JSON.stringify(state));
}

/** Whether so much of the window is on the screen that it can be grasped. */
function overlapsEnough(window: Rectangle, screen: Rectangle): boolean {
  const across = Math.min(window.x + window.width, screen.x + screen.width) - Math.max(window.x, screen.x);
  const down = Math.min(window.y + window.height, screen.y + screen.height) - Math.max(window.y, screen.y);
  return across >= 100 && down >= 100;
}
