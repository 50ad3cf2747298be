/** How people order names: numbers by their value, case and accents aside. Pure. */
const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** For `sort`: “View 2” comes before “View 10”. */
export function inNaturalOrder(one: string, other: string): number {
  return collator.compare(one, other);
}
