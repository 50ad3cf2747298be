/** Numbers of an evaluation as people read them. */

/** 0.8437 → "84.4"; the unit stands in the heading. */
export function points(value: number | null): string {
  return value === null ? '–' : (value * 100).toFixed(1);
}

/** "81.9–86.7" */
export function interval({ low, high }: { low: number; high: number }): string {
  return `${points(low)}–${points(high)}`;
}

/** "p < 0.001", "p = 0.043" */
export function pValueText(value: number): string {
  return value < 0.001 ? 'p < 0.001' : `p = ${value.toFixed(3)}`;
}

/** "+3.2" with a true minus sign. */
export function signedPoints(value: number): string {
  const text = Math.abs(value * 100).toFixed(1);
  return value < 0 ? `−${text}` : `+${text}`;
}

/** "+1.2 to +4.0" */
export function signedInterval({ low, high }: { low: number; high: number }): string {
  return `${signedPoints(low)} to ${signedPoints(high)}`;
}
