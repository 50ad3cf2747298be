/** Rows of the page that are used again and again: what scrolls out of sight gives its elements to what comes in. */
import type { ListRow } from './rows-layout';

/** A row's elements on the page, and which row of the list they show. */
export interface RowSlot {
  key: number;
  row: ListRow;
  /** Not wanted just now: hidden, with what it showed last, until another row needs it. */
  isSpare: boolean;
}

/**
 * What is shown already stays where it is; other rows take what is spare, a head that of a head; only what is left over
 * is made new. The order of the slots never changes, so that no element is moved. `renew`: no row is the same any more.
 */
export function assignSlots(
  before: readonly RowSlot[],
  wanted: readonly ListRow[],
  renew: boolean,
): RowSlot[] {
  const missing = new Map(wanted.map((row) => [placeOf(row), row]));
  const slots = before.map((slot): RowSlot => {
    const place = placeOf(slot.row);
    const row = missing.get(place);
    missing.delete(place);
    if (!row) return slot.isSpare ? slot : { ...slot, isSpare: true };
    if (!renew && !slot.isSpare) return slot;
    return { key: slot.key, row: renew ? row : slot.row, isSpare: false };
  });
  for (const row of missing.values()) {
    const spare = slots.findIndex((slot) => slot.isSpare && slot.row.kind === row.kind);
    if (spare >= 0) slots[spare] = { key: slots[spare]?.key ?? 0, row, isSpare: false };
    else slots.push({ key: slots.length, row, isSpare: false });
  }
  // What was shown before another list or layout is none of this list's rows.
  return renew ? slots.filter(({ isSpare }) => !isSpare).map((slot, key) => ({ ...slot, key })) : slots;
}

function placeOf({ kind, from, to, top }: ListRow): string {
  return `${kind} ${from} ${to} ${top}`;
}
