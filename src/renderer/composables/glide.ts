/** From one state to another in a moment, for the eye to follow; at once for who wants less motion. */

export interface Glide {
  /** Stays where it is. */
  stop(): void;
}

/** As long as the token `--motion-normal` says, in milliseconds; 0 with reduced motion. */
function duration(): number {
  return (
    Number.parseFloat(getComputedStyle(document.documentElement).getPropertyValue('--motion-normal')) || 0
  );
}

/**
 * Calls `step` at each frame with the share of the way that is done, 0 ≤ share < 1, and `end` when it is all done. Quick
 * at first and slower towards the end, as what a hand has pushed.
 */
export function glide(step: (share: number) => void, end: () => void): Glide | null {
  const whole = duration();
  if (whole === 0) {
    end();
    return null;
  }
  const began = performance.now();
  step(0);
  let frame = requestAnimationFrame(next);
  function next() {
    const share = (performance.now() - began) / whole;
    if (share >= 1) {
      end();
      return;
    }
    step(1 - (1 - share) ** 3);
    frame = requestAnimationFrame(next);
  }
  return { stop: () => cancelAnimationFrame(frame) };
}
