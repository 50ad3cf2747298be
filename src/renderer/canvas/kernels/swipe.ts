/** The line between two answers: what lies left of it shows one, what lies right of it the other. */

/** Keeps the line where it can be taken hold of; shares of the stage's width. */
const margin = 0.02;

export function clampDivider(share: number): number {
  return Math.min(1 - margin, Math.max(margin, share));
}

/** Where the line is for a pointer at `x` screen pixels from the stage's left edge. */
export function dividerAt(x: number, width: number): number {
  return clampDivider(x / Math.max(1, width));
}

/** CSS that shows only what lies right of the line. */
export function rightOfDivider(share: number): string {
  return `inset(0 0 0 ${(share * 100).toFixed(3)}%)`;
}
