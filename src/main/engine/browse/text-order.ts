/** Texts in order, in pieces: a million would else hold up the engine for seconds. */

/** Rows that are put in order, or joined, before other calls are let in between. */
const atOnce = 20_000;

/**
 * Place of each text in the order of SQLite's NOCASE: by the bytes of UTF-8, with A–Z as a–z. Equal texts have the same
 * place. `read` gives the texts of so many rows from one on.
 */
export function* textRanks(
  count: number,
  read: (from: number, length: number) => readonly string[],
): Generator<void, Int32Array> {
  const texts: string[] = [];
  let order = new Int32Array(count);
  const isBefore = (a: number, b: number) => (texts[a] ?? '') < (texts[b] ?? '');
  for (let from = 0; from < count; from += atOnce) {
    for (const text of read(from, atOnce)) texts.push(comparable(text));
    const part = order.subarray(from, Math.min(count, from + atOnce));
    for (let index = 0; index < part.length; index += 1) part[index] = from + index;
    part.sort((a, b) => (isBefore(a, b) ? -1 : isBefore(b, a) ? 1 : 0));
    yield;
  }
  let other = new Int32Array(count);
  for (let width = atOnce; width < count; width *= 2) {
    for (let from = 0; from < count; from += 2 * width) {
      yield* joined(
        order,
        other,
        [from, Math.min(count, from + width), Math.min(count, from + 2 * width)],
        isBefore,
      );
    }
    [order, other] = [other, order];
  }
  let rank = 0;
  for (let index = 0; index < count; index += 1) {
    const [before, row] = [order[index - 1] ?? 0, order[index] ?? 0];
    if (index === 0 || isBefore(before, row)) rank += 1;
    other[index] = rank;
  }
  const ranks = new Int32Array(count);
  for (let index = 0; index < count; index += 1) ranks[order[index] ?? 0] = other[index] ?? 0;
  return ranks;
}

/** Joins the ordered parts from `start` to `middle` and from there to `end`. */
function* joined(
  from: Int32Array,
  to: Int32Array,
  [start, middle, end]: readonly [number, number, number],
  isBefore: (a: number, b: number) => boolean,
): Generator<void, void> {
  let [left, right] = [start, middle];
  for (let index = start; index < end; index += 1) {
    const [a, b] = [from[left] ?? 0, from[right] ?? 0];
    const takesRight = left >= middle || (right < end && isBefore(b, a));
    to[index] = takesRight ? b : a;
    if (takesRight) right += 1;
    else left += 1;
    if (index % atOnce === atOnce - 1) yield;
  }
}

/** A string that compares as SQLite compares the text: one character a byte. */
function comparable(text: string): string {
  if (/^[\0-\x7f]*$/.test(text)) return text.toLowerCase();
  return Buffer.from(text)
    .toString('latin1')
    .replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
